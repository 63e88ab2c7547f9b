"""When a household is paid: the days of the month on which money can be moved without overtaking the pay."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.facts import Dates, Facts, Floats, Positions

DAYS = 31
LAST_SAFE_DAY = 28
"""Every month has it."""
MAIN_PAY_SHARE = 0.25
"""Deposits below this share of the user's largest (interest, refunds) are no pay."""
STEADY_SHARE = 0.5
"""Of the pay that falls on its most usual day (or two days) where the day can be relied on."""
OFTEN = 1.7
"""Deposits a month from which pay comes more than once a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayDays:
    """Up to two days of the month, 1 to 28; `second` is 0 where there is one."""

    first: Positions
    second: Positions


def pay_days(facts: Facts) -> PayDays:
    """The most usual day; two days where pay comes twice; 14 and 28 where it comes every one or two weeks.

    Every 14 days hold a weekly or biweekly pay, so their last day never comes before it. Pay on scattered days is in by
    the 28th; without any pay known it is the 1st.
    """
    counts = _by_day(facts)
    total = counts.sum(axis=1)
    order = np.argsort(-counts, axis=1, kind="stable")[:, :2]
    top = np.take_along_axis(counts, order, axis=1)
    often = total / np.maximum(_months(facts), 1) >= OFTEN
    steady = np.where(often, top.sum(axis=1), top[:, 0]) >= STEADY_SHARE * np.maximum(total, 1)
    first, second = _safe(order[:, 0] + 1), _safe(order[:, 1] + 1)
    pair = often & steady & (top[:, 1] > 0) & (first != second)
    cases = [total == 0, steady & (pair | ~often), often]
    first_days: list[ArrayLike] = [1, np.where(pair, np.minimum(first, second), first), LAST_SAFE_DAY // 2]
    second_days: list[ArrayLike] = [0, np.where(pair, np.maximum(first, second), 0), LAST_SAFE_DAY]
    return PayDays(
        first=np.select(cases, first_days, default=LAST_SAFE_DAY).astype(np.int64),
        second=np.select(cases, second_days, default=0).astype(np.int64),
    )


def next_date(today: np.datetime64, day: Positions) -> Dates:
    """The first date after today with the given day of the month (1 to 28)."""
    month = today.astype("datetime64[M]")
    this = month.astype("datetime64[D]") + (day - 1)
    following = (month + 1).astype("datetime64[D]") + (day - 1)
    return np.asarray(np.where(this > today, this, following), dtype="datetime64[D]")


def _by_day(facts: Facts) -> Floats:
    """How much pay came on each day of the month: users x 31."""
    income = facts.income
    largest = np.zeros(len(facts))
    np.maximum.at(largest, income.user, income.amount)
    pay = (income.amount > 0) & (income.amount >= MAIN_PAY_SHARE * largest[income.user])
    day = (income.date[pay] - income.date[pay].astype("datetime64[M]")).astype(np.int64)
    counts = np.bincount(income.user[pay] * DAYS + day, minlength=len(facts) * DAYS)
    return counts.reshape(len(facts), DAYS).astype(np.float64)


def _months(facts: Facts) -> Floats:
    """Months between a user's first and last deposit, both counted."""
    month = facts.income.date.astype("datetime64[M]").astype(np.int64)
    first = np.full(len(facts), np.iinfo(np.int64).max)
    last = np.full(len(facts), np.iinfo(np.int64).min)
    np.minimum.at(first, facts.income.user, month)
    np.maximum.at(last, facts.income.user, month)
    return np.where(last >= first, last - first + 1, 0).astype(np.float64)


def _safe(day: Positions) -> Positions:
    """Pay on the last days of the month is moved on the first of the next."""
    return np.where(day > LAST_SAFE_DAY, 1, day)
