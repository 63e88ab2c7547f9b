"""How much risk a household can bear: seven scales of 0 to 100, weighed, and never above what thin reserves allow.

Better in any one input never lowers the score: every scale is monotone, the weights are fixed, and so are the limits.
What is not known counts as a little below the middle.
"""

from dataclasses import dataclass

import numpy as np

from engine.enums import EmploymentStatus, RiskLevel
from engine.facts import Facts, Floats, Positions
from engine.recommenders.risk_assessment.inputs import Inputs, inputs

UNKNOWN_POINTS = 40.0
MIDDLE = 50.0
POINTS_A_LEVEL = 15.0
LEVEL_STARTS = (30.0, 45.0, 60.0, 75.0)

STEADINESS = {
    EmploymentStatus.EMPLOYED: 80.0,
    EmploymentStatus.SELF_EMPLOYED: 55.0,
    EmploymentStatus.UNEMPLOYED: 0.0,
    EmploymentStatus.RETIRED: 70.0,
    EmploymentStatus.STUDENT: 30.0,
}
"""A pension is as sure as pay, but cannot be worked up again."""
STEADY_MONTHS, UNSTEADY_MONTHS = 1.25, 0.5
"""What the points of employment are multiplied by where monthly income does not vary, and where it varies by as much
as its mean; 0.36 is the median in bank data (JPMorgan Chase Institute 2019)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Points for marks, linear between them."""

    weight: float
    marks: tuple[float, ...]
    points: tuple[float, ...]

    def score(self, value: Floats) -> Floats:
        """Points at the value, `UNKNOWN_POINTS` where it is not known."""
        found = np.interp(value, self.marks, self.points)
        return np.where(np.isnan(value), UNKNOWN_POINTS, found)


SCALES = {
    "income_stability": Scale(weight=0.15, marks=(0.0, 100.0), points=(0.0, 100.0)),
    "emergency_months": Scale(weight=0.20, marks=(0.0, 1.0, 3.0, 6.0, 12.0), points=(0.0, 25.0, 55.0, 85.0, 100.0)),
    # Lenders' limits are 36 % as a rule and 43 to 50 % at most.
    "debt_service": Scale(weight=0.15, marks=(0.0, 0.10, 0.20, 0.36, 0.50), points=(100.0, 85.0, 65.0, 25.0, 0.0)),
    # US stocks lost in real terms over 25 % of 2-year spans since 1871, 19 % of 5, 11 % of 10, none of 20 (Shiller).
    "horizon": Scale(weight=0.20, marks=(0.0, 2.0, 5.0, 10.0, 20.0), points=(0.0, 10.0, 40.0, 70.0, 100.0)),
    "dependents": Scale(weight=0.05, marks=(0.0, 1.0, 2.0, 4.0), points=(100.0, 75.0, 55.0, 20.0)),
    # Pay to come is a safe asset beside the portfolio (Bodie, Merton and Samuelson 1992).
    "human_capital": Scale(weight=0.15, marks=(0.0, 10.0, 30.0), points=(15.0, 50.0, 100.0)),
    "wealth_at_risk": Scale(weight=0.10, marks=(0.0, 0.5, 0.8, 1.0), points=(100.0, 70.0, 40.0, 10.0)),
}
"""Of what each input is worth; the weights are a judgement and sum to one."""

LIMITS = {
    "emergency_months": Scale(weight=1.0, marks=(0.0, 1.0, 3.0), points=(40.0, 60.0, 100.0)),
    "debt_service": Scale(weight=1.0, marks=(0.36, 0.60), points=(100.0, 35.0)),
}
"""Who has no reserves, or owes most of its income, may have to sell when prices are low, whatever else it has."""
RESERVES = "thin_reserves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """One row a user."""

    score: Floats
    level: Positions
    effects: dict[str, Floats]
    """Points above or below the middle, by driver: they sum to the score less `MIDDLE`."""
    told: dict[str, Floats]
    """The figure behind each driver, as its sentence tells it."""


def capacity(facts: Facts) -> Capacity:
    """The score of a batch, and what it is made of."""
    found = inputs(facts)
    values = measured(found)
    effects = weighed(values)
    score = np.round(MIDDLE + np.sum(list(effects.values()), axis=0), 6)  # so that no rounding error lowers a level
    told = values | {"income_stability": found.variation, RESERVES: effects[RESERVES]}
    return Capacity(score=score, level=level_of(score), effects=effects, told=told)


def measured(found: Inputs) -> dict[str, Floats]:
    """The seven inputs by name."""
    return {
        "income_stability": steadiness(found),
        "emergency_months": found.emergency_months,
        "debt_service": found.debt_service,
        "horizon": found.horizon,
        "dependents": found.dependents,
        "human_capital": found.working_years,
        "wealth_at_risk": found.wealth_at_risk,
    }


def weighed(values: dict[str, Floats]) -> dict[str, Floats]:
    """What each input adds to the middle, and what the limits take away."""
    effects = {name: scale.weight * (scale.score(values[name]) - MIDDLE) for name, scale in SCALES.items()}
    whole = MIDDLE + np.sum(list(effects.values()), axis=0)
    allowed = np.minimum.reduce([_allowed(scale, values[name]) for name, scale in LIMITS.items()])
    return effects | {RESERVES: np.minimum(allowed - whole, 0.0)}


def level_of(score: Floats) -> Positions:
    """The level that a score stands for: the middle one around `MIDDLE`."""
    return np.minimum(np.searchsorted(LEVEL_STARTS, score, side="right"), len(RiskLevel) - 1)


def steadiness(found: Inputs) -> Floats:
    """Points of the employment, more where monthly income is steady, fewer where it varies."""
    table = np.array([*(STEADINESS[status] for status in EmploymentStatus), UNKNOWN_POINTS])
    factor = np.interp(found.variation, (0.0, 0.36, 1.0), (STEADY_MONTHS, 1.0, UNSTEADY_MONTHS))
    points = table[found.employment] * np.where(np.isnan(found.variation), 1.0, factor)
    return np.asarray(np.minimum(points, 100.0), dtype=np.float64)


def _allowed(scale: Scale, value: Floats) -> Floats:
    return np.where(np.isnan(value), 100.0, scale.score(value))
