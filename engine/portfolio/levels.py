"""How much risk a portfolio takes: as the risk assessment recommends, but no more than its horizon can bear."""

from dataclasses import dataclass

import numpy as np

from engine.enums import UNKNOWN, RiskLevel, code
from engine.facts import Facts, Floats, Positions
from engine.features.balance_sheet import invested
from engine.features.horizon import LAST_AGE, RETIREMENT_AGE, is_invested_for, years_left
from engine.features.known import or_zero

DEFAULT_LEVEL = code(RiskLevel.MODERATE)
YEARS_FOR_LEVEL = (3.0, 6.0, 10.0, 15.0)
"""Horizons from which each next level can be borne: with shorter ones a fall may not be made up for in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """One row a user; levels are positions in `RiskLevel`."""

    wanted: Positions
    """As recommended."""
    bearable: Positions
    """By the horizon alone."""
    level: Positions
    horizon: Floats
    """Years until the money is needed, on average."""


def risk_levels(facts: Facts, recommended: Positions) -> Levels:
    """The lower of the recommended level (moderate where `UNKNOWN`) and what the horizon bears."""
    years = horizon(facts)
    bearable = np.searchsorted(YEARS_FOR_LEVEL, years, side="right")
    wanted = np.where(recommended == UNKNOWN, DEFAULT_LEVEL, recommended)
    return Levels(wanted=wanted, bearable=bearable, level=np.minimum(wanted, bearable), horizon=years)


def horizon(facts: Facts) -> Floats:
    """Mean years until invested money is spent: goals at their dates, the rest through retirement."""
    age = np.nan_to_num(facts.profile.age, nan=45.0)
    spent = np.maximum((np.maximum(age, RETIREMENT_AGE) + LAST_AGE) / 2.0 - age, 2.0)
    goals, rows = facts.goals, is_invested_for(facts)
    missing = or_zero(np.maximum(goals.target_amount, 0.0))
    asked = facts.total(goals.user[rows], missing[rows])
    timed = facts.total(goals.user[rows], (missing * np.clip(years_left(facts), 0.0, 60.0))[rows])
    held = np.maximum(or_zero(invested(facts)), 1.0)
    share = np.minimum(asked / held, 1.0)
    soon = timed / np.where(asked > 0, asked, 1.0)
    return np.asarray(share * soon + (1.0 - share) * spent, dtype=np.float64)
