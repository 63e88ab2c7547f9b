"""Three figures of how a household spends: volatility, impulse score, budget adherence."""

import numpy as np

from engine.behavior.purchases import Purchases, numbered
from engine.behavior.series import LEAST_MONTHS, Series
from engine.facts import Facts, Floats
from engine.transactions import CATEGORY_NAMES, DISCRETIONARY
from engine.units import MONTHS_A_YEAR

VOLATILITY_MONTHS = 24
WANTED = np.array([name in DISCRETIONARY and name != "subscriptions" for name in CATEGORY_NAMES])
CALM, WILD = 0.25, 0.95
"""Spread of log amounts of a household that buys wanted things evenly, and of one that does not."""
LARGE = 2.5
"""Times the usual purchase of its category."""
MOST_LARGE = 0.5
"""Share of wanted money in large purchases that counts in full."""
LEAST_WANTED = 6
PRIOR_PURCHASES = 6.0
PRIOR_SPREAD = 0.5


def volatility(known: Series) -> Floats:
    """std(monthly spending) / mean(monthly spending), of the last 24 months seen; 0 where nothing was spent."""
    spent = known.spending[:, -VOLATILITY_MONTHS:]
    seen = ~np.isnan(spent)
    count = np.maximum(seen.sum(axis=1), 1)
    mean = np.where(seen, spent, 0.0).sum(axis=1) / count
    apart = np.where(seen, spent - mean[:, None], 0.0)
    return np.where(mean > 0, np.sqrt((apart**2).sum(axis=1) / count) / np.where(mean > 0, mean, 1.0), 0.0)


def impulse(bought: Purchases, users: int) -> Floats:
    """0 to 1, over purchases of wanted things (`DISCRETIONARY` without subscriptions) of the last thirteen months:

        half  x  (spread of log amounts within a category - 0.25) / 0.70, within 0 and 1
      + half  x  share of the money in purchases above 2.5 times the category's median / 0.5, within 0 and 1

    The spread leans on 0.5 as on six purchases. Below six purchases the score is 0: nothing is claimed.
    """
    wanted = WANTED[bought.category]
    user, amount = bought.user[wanted], bought.amount[wanted]
    if not len(user):
        return np.zeros(users)
    group = numbered(user, bought.category[wanted])
    count = np.bincount(user, minlength=users)
    log = np.log(amount)
    apart = log - (np.bincount(group, weights=log) / np.bincount(group))[group]
    freedom = np.maximum(count - np.bincount(user, minlength=users, weights=1.0 / np.bincount(group)[group]), 0.0)
    squares = np.bincount(user, weights=apart**2, minlength=users)
    spread = np.sqrt((squares + PRIOR_PURCHASES * PRIOR_SPREAD**2) / (freedom + PRIOR_PURCHASES))
    large = np.where(amount > LARGE * _medians(group, amount)[group], amount, 0.0)
    share = np.bincount(user, large, users) / np.maximum(np.bincount(user, amount, users), 0.01)
    uneven = np.clip((spread - CALM) / (WILD - CALM), 0.0, 1.0)
    return np.where(count >= LEAST_WANTED, 0.5 * uneven + 0.5 * np.clip(share / MOST_LARGE, 0.0, 1.0), 0.0)


def budget_adherence(facts: Facts) -> Floats:
    """Mean over budgets and the months seen of the last twelve of min(1, limit / spent); NaN without either.

    1 is within every limit, 0.5 is twice the limit.
    """
    flows, budgets = facts.cash_flows, facts.budgets
    column = np.array([flows.categories.index(name) for name in budgets.category], dtype=np.int64)
    spent = -flows.amount[budgets.user, -MONTHS_A_YEAR:, column]
    months = np.clip(flows.observed[budgets.user], 0, MONTHS_A_YEAR)
    seen = np.arange(spent.shape[1])[None, :] >= spent.shape[1] - months[:, None]
    kept = np.minimum(1.0, budgets.monthly_limit[:, None] / np.maximum(spent, 0.01)) * seen
    total, count = facts.total(budgets.user, kept.sum(axis=1)), facts.total(budgets.user, months.astype(np.float64))
    known = (count > 0) & (flows.observed >= LEAST_MONTHS)
    return np.where(known, total / np.maximum(count, 1.0), np.nan)


def _medians(group: np.ndarray, values: Floats) -> Floats:
    """Of each group."""
    order = np.lexsort((values, group))
    starts = np.searchsorted(group[order], np.arange(int(group.max()) + 1))
    count = np.bincount(group)
    low, high = order[starts + (count - 1) // 2], order[starts + count // 2]
    return np.asarray((values[low] + values[high]) / 2.0)
