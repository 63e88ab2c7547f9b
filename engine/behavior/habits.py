"""Biases that single transactions show: on which days money is spent, and what is taken back from savings."""

import numpy as np

from engine.behavior.biases import SURE, Bias, beyond_chance, bias
from engine.behavior.days import day_number, day_numbers
from engine.facts import Facts, Flags, Floats, Positions, Transactions
from engine.features.pay import MAIN_PAY_SHARE
from engine.transactions import CATEGORY_NAMES, DISCRETIONARY, INCOME
from engine.units import DAYS_A_YEAR

LEAST_PURCHASES = 20
LEAST_EXCESS = 0.12
"""Of wanted purchases, beyond chance."""
PAY_DAYS_AFTER = 3
MOST_CHANCE = 0.6
"""Of days that come soon after pay: whoever is paid more often has no payday."""
BACK_WITHIN_DAYS, BACK_PART = 21, 0.25
"""What counts as taken back: a quarter of a transfer or more, not more than it, within three weeks."""
LEAST_TRANSFERS, LEAST_TAKEN_BACK, LEAST_SHARE_BACK = 6, 3, 0.15
WEEKEND_FROM, WEEKS_A_YEAR = 5, DAYS_A_YEAR / 7.0
FREE = np.array([name in DISCRETIONARY and name != "subscriptions" for name in CATEGORY_NAMES])
IS_INCOME = np.array([name in INCOME for name in CATEGORY_NAMES])
SAVINGS = CATEGORY_NAMES.index("savings_transfer")


def payday_effect(facts: Facts) -> Bias:
    """More wanted purchases in the three days after pay than days alone would bring."""
    moved, day = facts.transactions, day_numbers(facts.transactions.date)
    largest = np.zeros(len(facts))
    incoming = IS_INCOME[moved.category] & (moved.amount > 0)
    np.maximum.at(largest, moved.user[incoming], moved.amount[incoming])
    pay = incoming & (moved.amount >= MAIN_PAY_SHARE * largest[moved.user])
    soon = _soon_after(moved.user, day, pay)
    paid, last = _spans(facts, day, pay)
    chance = np.minimum(_windows(moved.user[pay], day[pay], len(facts)) / np.maximum(last - paid, 1.0), 1.0)
    wanted = _wanted(moved) & (day >= paid[moved.user])
    tries, hits = facts.count(moved.user[wanted]), facts.count(moved.user[wanted & soon])
    excess, sure = beyond_chance(hits, tries, chance)
    spent = facts.total(moved.user[wanted & soon], -moved.amount[wanted & soon])
    cost = (
        spent
        * np.maximum(1.0 - chance * tries / np.maximum(hits, 1.0), 0.0)
        * DAYS_A_YEAR
        / np.maximum(last - paid, DAYS_A_YEAR)
    )
    judged = (tries >= LEAST_PURCHASES) & (chance < MOST_CHANCE)
    found = (sure >= SURE) & (excess >= LEAST_EXCESS)
    return bias(judged, found, excess, cost, soon=hits, chance=chance, purchases=tries)


def weekend_splurge(facts: Facts) -> Bias:
    """More money for wanted things on Saturdays and Sundays than two days in seven."""
    moved, day = facts.transactions, day_numbers(facts.transactions.date)
    wanted = _wanted(moved)
    weekend = wanted & ((day + 3) % 7 >= WEEKEND_FROM)  # 1970-01-01 was a Thursday
    tries, hits = facts.count(moved.user[wanted]), facts.count(moved.user[weekend])
    chance = np.full(len(facts), 2.0 / 7.0)
    excess, sure = beyond_chance(hits, tries, chance)
    money = facts.total(moved.user[wanted], -moved.amount[wanted])
    there = facts.total(moved.user[weekend], -moved.amount[weekend])
    found = (sure >= SURE) & (excess >= LEAST_EXCESS) & (there > chance * money)
    years = _years(facts, day)
    share, weekly = there / np.maximum(money, 0.01), there / (WEEKS_A_YEAR * years)
    cost = (there - chance * money) / years
    return bias(tries >= LEAST_PURCHASES, found, excess, cost, share=share, weekend=weekly)


def present_bias(facts: Facts) -> Bias:
    """What is put aside comes back within three weeks."""
    moved, day = facts.transactions, day_numbers(facts.transactions.date)
    own = moved.category == SAVINGS
    user, when, amount = moved.user[own], day[own], moved.amount[own]
    back = np.flatnonzero(amount > 0)
    put = np.flatnonzero(amount < 0)
    order = np.searchsorted(user[put] * _LARGE + when[put], user[back] * _LARGE + when[back], side="right") - 1
    source = put[np.maximum(order, 0)] if len(put) else np.zeros(len(back), dtype=np.int64)
    same = (order >= 0) & (user[source] == user[back]) & (when[back] - when[source] <= BACK_WITHIN_DAYS)
    part = amount[back] / np.maximum(-amount[source], 0.01) if len(put) else np.zeros(len(back))
    counted = same & (part >= BACK_PART) & (part <= 1.0)
    tries, hits = facts.count(user[put]), np.minimum(facts.count(user[back][counted]), facts.count(user[put]))
    share = hits / np.maximum(tries, 1.0)
    taken = facts.total(user[back][counted], amount[back][counted]) / _years(facts, day)
    found = (hits >= LEAST_TAKEN_BACK) & (share >= LEAST_SHARE_BACK)
    return bias(tries >= LEAST_TRANSFERS, found, share, taken, taken_back=hits, transfers=tries)


_LARGE = 1 << 20


def _wanted(moved: Transactions) -> Flags:
    return np.asarray(FREE[moved.category] & (moved.amount < 0))


def _years(facts: Facts, day: Positions) -> Floats:
    """From the first transaction that is loaded (of the last thirteen months) to today; a quarter at the least."""
    first = np.full(len(facts), np.iinfo(np.int64).max)
    np.minimum.at(first, facts.transactions.user, day)
    today = day_number(facts.today)
    return np.maximum(np.where(first < today, (today - first) / DAYS_A_YEAR, 1.0), 0.25)


def _soon_after(user: Positions, day: Positions, pay: Flags) -> Flags:
    """Whether a transaction is within the days after the last pay; rows are by user and day."""
    key, paid = user * _LARGE + day, np.unique(user[pay] * _LARGE + day[pay])
    if not len(paid):
        return np.zeros(len(user), dtype=np.bool_)
    last = paid[np.maximum(np.searchsorted(paid, key, side="right") - 1, 0)]
    return np.asarray((key - last >= 0) & (key - last <= PAY_DAYS_AFTER))


def _windows(user: Positions, day: Positions, users: int) -> Floats:
    """Days that lie within the days after a pay, each counted once."""
    paid = np.unique(user * _LARGE + day)
    gap = np.diff(paid, append=_LARGE * _LARGE)
    found = np.bincount(paid // _LARGE, weights=np.minimum(gap, PAY_DAYS_AFTER + 1), minlength=users)
    return found.astype(np.float64)


def _spans(facts: Facts, day: Positions, pay: Flags) -> tuple[Floats, Floats]:
    """From the first pay to today."""
    first = np.full(len(facts), np.inf)
    np.minimum.at(first, facts.transactions.user[pay], day[pay])
    today = float(day_number(facts.today))
    return np.where(np.isfinite(first), first, today), np.full(len(facts), today)
