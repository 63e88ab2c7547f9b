"""Holdings with tax lots: what a household of some tolerance owns, bought at the synthetic prices over the years."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from engine.facts import Floats, Positions
from engine.population import trading
from engine.population.balance_sheet import INVESTED, BalanceSheet, Slot
from engine.population.biases import Biases
from engine.population.people import People
from engine.population.prices import Prices
from engine.population.streams import stream

EQUITY = ("US_EQUITY", "INTL_EQUITY", "EM_EQUITY", "REAL_ESTATE")
# How often and how much of a class is held: broad funds are common, narrow ones are not (an assumption).
TASTE = {
    "US_EQUITY": 6.0, "INTL_EQUITY": 1.6, "EM_EQUITY": 0.5, "REAL_ESTATE": 0.5, "COMMODITIES": 0.2, "US_BONDS": 3.0,
    "TREASURIES": 0.7, "TIPS": 0.4, "CORPORATE_BONDS": 0.7, "HIGH_YIELD": 0.4, "INTL_BONDS": 0.4, "CASH": 1.2,
}  # fmt: skip
ACCOUNT_SPREAD, ALL_EQUITY = (
    0.4,
    0.97,
)  # of the share in equity between accounts, as log odds; above it there is nothing else
SMALL_ACCOUNT = 5_000.0  # holds one or two funds
POSITIONS_A_LEVEL = 1.3  # more funds with every factor e of value
MOST_LOTS = 12
LOTS_IN_TAXABLE = 3.0
QUANTITY_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """One row a lot, by household and slot; `fund` and `week` are positions in the prices."""

    user: Positions
    slot: Positions
    fund: Positions
    quantity: Floats
    week: Positions
    cost_basis: Floats


def draw_holdings(
    people: People, sheet: BalanceSheet, prices: Prices, biases: Biases, seed: int
) -> tuple[Holdings, BalanceSheet]:
    """Lots, and the balance sheet with invested balances equal to what the lots are worth to the cent."""
    random = stream(seed, "holdings")
    account = _accounts(sheet)
    weight = _weights(random, people, sheet, account, prices.classes)
    position_account, fund = np.nonzero(weight)
    value = sheet.balance[account[position_account, 0], account[position_account, 1]] * weight[position_account, fund]
    lots = _lot_counts(random, account[position_account], value, biases)
    row = np.repeat(np.arange(len(lots)), lots)
    user, slot = account[position_account[row]].T
    part = random.exponential(1.0, len(row)) + 0.2
    lot_value = value[row] * part / np.bincount(row, part)[row]
    week = _weeks(random, prices, fund[row], user, biases, seed)
    now = prices.close[-1, fund[row]]
    quantity = np.maximum((lot_value / now).round(QUANTITY_DIGITS), 10.0**-QUANTITY_DIGITS)
    holdings = Holdings(
        user=user,
        slot=slot,
        fund=fund[row],
        quantity=quantity,
        week=week,
        cost_basis=(quantity * prices.close[week, fund[row]]).round(2),
    )
    return holdings, _revalued(sheet, holdings, (quantity * now).round(2))


def _accounts(sheet: BalanceSheet) -> Positions:
    """(household, slot) of every invested account, in that order."""
    pairs = np.argwhere(sheet.exists[:, list(INVESTED)])
    return np.column_stack([pairs[:, 0], np.array(INVESTED)[pairs[:, 1]]])


def _weights(
    random: np.random.Generator, people: People, sheet: BalanceSheet, account: Positions, classes: tuple[str, ...]
) -> Floats:
    """Accounts x classes, rows summing to one."""
    user, slot = account.T
    taste = np.array([TASTE[name] for name in classes])
    equity = np.array([name in EQUITY for name in classes])
    held = _held(random, sheet.balance[user, slot], taste)
    liking = held * taste * random.exponential(1.0, (len(account), len(classes)))
    share = _equity_share(random, people, user)
    parts = np.zeros_like(liking)
    for group, target in ((equity, share), (~equity, 1.0 - share)):
        inside = liking * group
        common = np.where(taste == np.max(taste * group), 1.0, 0.0) * group
        inside = np.where(inside.sum(axis=1, keepdims=True) > 0, inside, common)
        parts += inside / inside.sum(axis=1, keepdims=True) * target[:, None]
    return np.asarray(parts, dtype=np.float64)


def _held(random: np.random.Generator, balance: Floats, taste: Floats) -> Floats:
    """Which classes an account looks at: broad ones first, more as it grows."""
    count = 1.0 + POSITIONS_A_LEVEL * np.log1p(balance / SMALL_ACCOUNT)
    chance = 1.0 - np.exp(-np.outer(count, taste / taste.sum()))
    return (random.random(chance.shape) < chance).astype(np.float64)


def _equity_share(random: np.random.Generator, people: People, user: Positions) -> Floats:
    """The household's, a little different from account to account; none where the household has none."""
    share = people.equity_share[user].clip(0.001, 0.999)
    moved = expit(logit(share) + ACCOUNT_SPREAD * random.standard_normal(len(user)))
    whole = np.where(people.equity_share[user] > ALL_EQUITY, 1.0, moved)
    return np.where(people.equity_share[user] > 0, whole, 0.0)


def _lot_counts(random: np.random.Generator, account: Positions, value: Floats, biases: Biases) -> Positions:
    """Several in taxable accounts, one or two in sheltered ones, more where trading is a habit."""
    user, slot = account.T
    mean = np.where(slot == Slot.BROKERAGE, LOTS_IN_TAXABLE, 0.5) * np.log1p(value / 2_000.0).clip(0.2, 2.0)
    mean *= 1.0 + 2.5 * biases.overtrading[user]
    return np.asarray(np.minimum(1 + random.poisson(mean), MOST_LOTS), dtype=np.int64)


def _weeks(
    random: np.random.Generator, prices: Prices, fund: Positions, user: Positions, biases: Biases, seed: int
) -> Positions:
    """When a lot was bought that is held today."""
    own = trading.habits(biases, user)
    week = trading.held_since(random, prices, fund, own)
    shunning = np.flatnonzero(own.apart > 0)
    left = trading.habits(biases, user[shunning])
    week[shunning] = trading.left_by_sales(stream(seed, "left_by_sales"), prices, fund[shunning], left)
    return week


def _revalued(sheet: BalanceSheet, holdings: Holdings, value: Floats) -> BalanceSheet:
    balance = sheet.balance.copy()
    balance[:, list(INVESTED)] = 0.0
    np.add.at(balance, (holdings.user, holdings.slot), value)
    return replace(sheet, balance=balance.round(2), exists=sheet.exists)
