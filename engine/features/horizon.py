"""When money that is invested is needed."""

import numpy as np

from engine.enums import GoalKind, code
from engine.facts import Facts, Flags, Floats
from engine.units import DAYS_A_YEAR

RETIREMENT_AGE, LAST_AGE = 65.0, 90.0
NOT_INVESTED = (GoalKind.EMERGENCY_FUND, GoalKind.DEBT_PAYOFF, GoalKind.RETIREMENT)
"""Kinds of goals that no investment waits for: cash, debts, and all that is not invested for another goal."""


def is_invested_for(facts: Facts) -> Flags:
    """Goals (rows) at whose date invested money is spent."""
    return np.asarray(~np.isin(facts.goals.kind, [code(kind) for kind in NOT_INVESTED]), dtype=np.bool_)


def years_left(facts: Facts) -> Floats:
    """To the date of each goal (rows), negative once it is past."""
    days = (facts.goals.target_date - np.datetime64(facts.today)).astype(np.int64)
    return np.asarray(days / DAYS_A_YEAR, dtype=np.float64)
