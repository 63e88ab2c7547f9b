"""What one pool would bring: the money of several dated purchases kept together, and used for what matters most.

The dynamic program decides each year anew, by how the markets went, what to hold and which goal is paid. It has no
contribution to each goal, so it is told beside the plan and changes none of its amounts.
"""

import numpy as np

from engine.facts import Facts, Flags, Floats, Positions
from engine.goals.columns import Goals
from engine.goals.pool import Pools, joint_plans
from engine.goals.priorities import WEIGHTS
from engine.goals.returns import GLIDES, MAX_MONTHS, stock_percent
from engine.household.aims import ENOUGH
from engine.household.spare import not_in_cash

LEAST_GAIN = 0.05
"""Of the weighted probability up to enough, by the goals' own dates; less is what models of returns differ by."""
STEP = 0.2
"""Between the most stocks that pools may hold: as many as the glides of their goals do, rounded down."""
STOCKS = np.stack([stock_percent(glide) for glide in GLIDES]) / 100.0


def pooled(facts: Facts, goals: Goals, by_date: Floats, ahead: Flags) -> Floats:
    """Probability by goal (row), by its own date, from one pool; NaN where there is none, or it would bring little.

    `goals` have today's savings and the plan's contributions, `by_date` is what these reach apart, `ahead` are those
    that are still to be reached.
    """
    out = np.full(len(goals), np.nan)
    rows = np.flatnonzero(_shared(facts, ahead))
    if not len(rows):
        return out
    member = np.unique(facts.goals.user[rows], return_inverse=True)[1]
    weight, own = WEIGHTS[facts.goals.priority[rows]].astype(np.float64), goals.rows(rows)
    found = _together(own, member, weight, _most_stocks(own, member))
    more = np.minimum(found, ENOUGH) - np.minimum(by_date[rows], ENOUGH)
    gained = _sum(member, weight * more) / _sum(member, weight)
    worthwhile = gained[member] >= LEAST_GAIN
    out[rows[worthwhile]] = found[worthwhile]
    return out


def _shared(facts: Facts, ahead: Flags) -> Flags:
    """Purchases of households that have several; money for retirement, emergencies and debts is not free for others."""
    free = ahead & ~not_in_cash(facts)
    return np.asarray(free & (facts.total(facts.goals.user, free.astype(np.float64))[facts.goals.user] > 1))


def _most_stocks(own: Goals, member: Positions) -> Floats:
    """By pool, what the most daring of its glides holds today."""
    most = np.zeros(int(member.max()) + 1)
    np.maximum.at(most, member, STOCKS[own.glide, np.clip(own.months, 1, MAX_MONTHS) - 1])
    return np.asarray(np.floor(most / STEP + 1e-9) * STEP)


def _together(own: Goals, member: Positions, weight: Floats, most: Floats) -> Floats:
    """Probabilities of the goals (rows), each pool solved among those that may hold as many stocks."""
    out = np.empty(len(own))
    for share in np.unique(most):
        rows = np.flatnonzero(most[member] == share)
        pools, household = np.unique(member[rows], return_inverse=True)
        part, none = own.rows(rows), np.zeros(len(pools))
        first = np.searchsorted(household, np.arange(len(pools)))
        found = joint_plans(
            Pools(
                wealth=_sum(household, part.saved),
                contribution=evenly(household, part.contribution, part.months),
                growth=none,
                return_shift=part.return_shift[first],
            ),
            household=household,
            months=part.months,
            target=part.target,
            weight=weight[rows],
            most_stocks=float(share),
        )
        out[rows] = found.probability
    return out


def evenly(pool: Positions, contribution: Floats, months: Positions) -> Floats:
    """By pool, a month until its last date: as much in all as its goals (rows) are paid, each until its own date.

    On average it is paid later than apart, which counts against the pool.
    """
    last = np.zeros(int(pool.max()) + 1)
    np.maximum.at(last, pool, months)
    return _sum(pool, contribution * months) / np.maximum(last, 1.0)


def _sum(member: Positions, values: Floats) -> Floats:
    return np.bincount(member, weights=values).astype(np.float64)
