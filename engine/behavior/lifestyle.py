"""Lifestyle inflation: since pay rose to stay, what could wait takes more of it than before.

It can fail: who spends no more than in proportion to pay is not told, nor whose rent or bills grew, nor whose wants had
been growing before and went on as they had. All amounts are in the money of today.
"""

import numpy as np

from engine.behavior.biases import Bias, bias
from engine.behavior.rises import Rise, lasting_rise, mean
from engine.facts import Facts, Flags, Floats
from engine.transactions import DISCRETIONARY
from engine.units import MONTHS_A_YEAR

WANTS = tuple(name for name in DISCRETIONARY if name != "subscriptions")
"""Subscriptions have a habit of their own."""
PRICES = 0.02
"""Ordinary, a year."""
TREND = 0.05
"""A year, of wants: how far trends of their own are spread; what months show of a household's leans on none by it."""
SURE = 2.0
"""Standard errors: of what is told, and of what the habit would probably show as where it is judged."""
WOULD_TAKE, WOULD_ADD = 0.6, 0.5
"""As what it would probably show: of the rise, beyond the share before, or of wants where that is less."""
LEAST_TAKEN = 0.1
"""Of the rise, beyond the share before: less is no habit, however sure."""
MOST_MONTH = 2.5
"""Times the usual month: for how much a month counts at most."""
LEAST_VARIATION = 0.05
"""Variance over squared mean, so that no category counts for all."""


def lifestyle_inflation(facts: Facts) -> Bias:
    """Wants grew by more than pay did, by two standard errors of the household's own ups and downs."""
    flows = facts.cash_flows
    back = len(flows.months) - np.arange(len(flows.months))
    seen, prices = back <= flows.observed[:, None], (1.0 + PRICES) ** (back / MONTHS_A_YEAR)
    salary = flows.amount[:, :, flows.categories.index("salary")] * prices
    parts = -flows.amount[:, :, [flows.categories.index(name) for name in WANTS]] * prices[:, None]
    rise, wants = lasting_rise(salary, seen), _capped(parts.sum(axis=2), seen)
    usual, pay = mean(wants, seen), rise.pay_since - rise.pay_before
    beyond, error = (usual * each for each in _beyond(_growth(parts, seen), rise))
    before, since = mean(wants, rise.before), mean(wants, rise.since)
    cost = since - rise.times * before
    return bias(
        rise.lasting & (SURE * error < np.minimum(WOULD_TAKE * pay, WOULD_ADD * usual)),
        (beyond >= np.maximum(SURE * error, LEAST_TAKEN * pay)) & (cost > 0),
        beyond / np.maximum(pay, 0.01),
        MONTHS_A_YEAR * cost,
        lasting=rise.lasting.astype(np.float64),
        rise=rise.times - 1.0,
        pay=MONTHS_A_YEAR * pay,
        wants=MONTHS_A_YEAR * (since - before),
        share=before / np.maximum(rise.pay_before, 0.01),
        months_ago=(len(flows.months) - rise.month).astype(np.float64),
    )


def _growth(parts: Floats, seen: Flags) -> Floats:
    """Users x months around one: how wants grew, the steadier categories counting for more."""
    count = np.maximum(seen.sum(axis=1), 1)[:, None]
    known = parts * seen[:, :, None]
    usual = known.sum(axis=1) / count
    variance = np.maximum((known**2).sum(axis=1) / count - usual**2, 0.0)
    bought = usual > 0
    weight = np.where(bought, 1.0 / np.maximum(variance / np.maximum(usual, 0.01) ** 2, LEAST_VARIATION), 0.0)
    found = _capped(np.einsum("utc,uc->ut", parts, weight / np.maximum(usual, 0.01)), seen)
    return found / np.maximum(mean(found, seen), 1e-9)[:, None]


def _capped(values: Floats, seen: Flags) -> Floats:
    """No month above so many times the middle one."""
    ordered = np.sort(np.where(seen, values, np.inf), axis=1)
    middle = np.maximum((seen.sum(axis=1) - 1) // 2, 0)
    usual = np.take_along_axis(ordered, middle[:, None], axis=1)
    return np.minimum(values, MOST_MONTH * np.where(np.isfinite(usual), usual, 0.0))


def _beyond(growth: Floats, rise: Rise) -> tuple[Floats, Floats]:
    """By how much wants grew beyond proportion to pay and beyond their own trend, and its standard error.

    The trend is that within the months before and those since. It leans on none (a normal prior around it), and what is
    not known of it is a part of the error.
    """
    years = np.broadcast_to(np.arange(growth.shape[1]) / MONTHS_A_YEAR, growth.shape)
    before, since = rise.before.sum(axis=1), rise.since.sum(axis=1)
    left, time = (_within(values, rise) for values in (growth, years))
    spread = np.maximum((time**2).sum(axis=1), 1e-9)
    slope = (left * time).sum(axis=1) / spread
    noise = ((left - slope[:, None] * time) ** 2).sum(axis=1) / np.maximum(before + since - 3, 1)
    known = TREND**2 / (TREND**2 + noise / spread)
    apart = mean(years, rise.since) - mean(years, rise.before)
    beyond = mean(growth, rise.since) - rise.times * mean(growth, rise.before) - known * slope * apart
    of_means = noise * (1.0 / np.maximum(since, 1) + rise.times**2 / np.maximum(before, 1))
    return beyond, np.sqrt(of_means + known * noise / spread * apart**2)


def _within(values: Floats, rise: Rise) -> Floats:
    """Apart from the mean of their side, 0 in months that are on neither."""
    sides = (np.where(side, values - mean(values, side)[:, None], 0.0) for side in (rise.before, rise.since))
    return np.asarray(sum(sides))
