"""Random portfolios by seed: accounts, lots with gains and losses, and a target that is some way off."""

import numpy as np

from engine.enums import FilingStatus, code
from engine.facts import Floats
from engine.market import ASSET_CLASSES, CASH_CLASS, assumptions
from engine.portfolio.aim import aims
from engine.portfolio.book import Book
from engine.portfolio.estimate import Symbol
from engine.portfolio.law import Rates, rates_of
from engine.portfolio.program import Program, program
from engine.portfolio.target import target

SMALL = {"assets": 20, "accounts": 3, "lots": 100}
LARGE = {"assets": 30, "accounts": 4, "lots": 300}
FRESH = 5_000_000
"""The first of the seeds that figures are told of: never used for choosing a setting (those are below 1,000,000)."""
MEAN_VALUE = 400_000.0
FUNDS = CASH_CLASS  # classes before cash
CASH = Symbol(asset_class=CASH_CLASS, beta=1.0, specific=0.005, price=1.0, known=True, note="")


def draw_book(seed: int, *, assets: int = 20, accounts: int = 3, lots: int = 100) -> Book:
    """A household of the size asked for; the first account is taxable, half of the lots of it are at a loss."""
    random = np.random.default_rng(seed)
    traits = [*(_trait(random, row) for row in range(assets - 1)), CASH]
    price = np.append(random.uniform(10.0, 400.0, assets - 1).round(2), 1.0)
    account = np.append(np.zeros(lots // 2, dtype=np.int64), random.integers(0, accounts, lots - lots // 2))
    asset = random.integers(0, assets - 1, lots)
    value = random.exponential(1.0, lots) + 0.1
    quantity = np.maximum(np.round(MEAN_VALUE * random.uniform(0.3, 3.0) * value / value.sum() / price[asset], 1), 0.1)
    worth = (quantity * price[asset]).round(2)
    return Book(
        accounts=np.arange(accounts),
        unseen=np.zeros(0, dtype=np.int64),
        taxable=np.arange(accounts) == 0,
        fractional=np.arange(accounts) == 3,
        cash=(random.uniform(0.0, 0.03, accounts) * worth.sum()).round(2),
        symbols=tuple([f"S{row}" for row in range(assets - 1)] + ["CASH"]),
        classes=tuple(str(ASSET_CLASSES[trait.asset_class]) for trait in traits),
        traits=tuple(traits),
        price=price,
        lot_account=account,
        lot_asset=asset,
        lot_quantity=quantity,
        lot_value=worth,
        lot_basis=(worth * np.exp(random.normal(-0.15, 0.35, lots))).round(2),
        lot_age=random.integers(1, 2_500, lots),
        lot_row=np.arange(lots),
    )


def draw_wanted(book: Book, seed: int) -> Floats:
    """The target of some level of risk, by asset."""
    assumed = assumptions()
    level = seed % 5
    return aims(book, target(assumed.covariance, assumed.equilibrium(assumed.covariance), level).weight)


def draw_rates(seed: int) -> Rates:
    """Of incomes from nothing taxable to the highest bracket."""
    random = np.random.default_rng(seed)
    return rates_of(code(tuple(FilingStatus)[seed % 4]), float(random.choice([0.0, 30e3, 80e3, 150e3, 300e3, 700e3])))


def stated(seed: int, size: dict[str, int]) -> Program:
    """The program of one household."""
    book = draw_book(seed, **size)
    return program(book, assumptions().covariance, draw_rates(seed), draw_wanted(book, seed))


def quantiles(values: list[float]) -> dict[str, float]:
    """Median, 95 %, most."""
    return {name: round(float(np.quantile(values, at)), 4) for name, at in (("p50", 0.5), ("p95", 0.95), ("most", 1.0))}


def _trait(random: np.random.Generator, row: int) -> Symbol:
    """Two of three assets are funds, the rest single shares of the first class."""
    share = row >= FUNDS and row % 3 == 2
    return Symbol(
        asset_class=0 if share else row % FUNDS,
        beta=float(random.uniform(0.8, 1.2)) if share else 1.0,
        specific=float(random.uniform(0.2, 0.4)) if share else 0.005,
        price=float("nan"),
        known=True,
        note="",
    )
