"""What the models of life events read of a household: its stage of life, its means, and what has happened to it.

Sex is left out, and so is all that would guess at health, a pregnancy or the end of a marriage. Means are known of
today alone: a model that learns from past years reads no more than `LOOKING_BACK`.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from engine.enums import EmploymentStatus, LifeEvent, MaritalStatus, code
from engine.facts import Facts, Floats
from engine.features.balance_sheet import cash, invested, total_debt
from engine.features.income import gross_income
from engine.features.known import or_zero
from engine.units import DAYS_A_YEAR

LEAST_INCOME = 10_000.0
NEVER_YEARS = 99.0


def life_features(facts: Facts, names: Iterable[str] | None = None) -> Floats:
    """Users x features, in the order of `LIFE_FEATURES` or of the names; NaN where not known."""
    return np.column_stack([LIFE_COLUMNS[name](facts) for name in names or LIFE_COLUMNS])


def years_since(facts: Facts, event: LifeEvent) -> Floats:
    """Since the last event of the kind; `NEVER_YEARS` where none is known."""
    rows = facts.life_events.event == code(event)
    ago = (np.datetime64(facts.today) - facts.life_events.date[rows]).astype(np.int64) / DAYS_A_YEAR
    since = np.full(len(facts), NEVER_YEARS)
    np.minimum.at(since, facts.life_events.user[rows], ago)
    return since


def _to_income(amount: Callable[[Facts], Floats]) -> Callable[[Facts], Floats]:
    return lambda facts: or_zero(amount(facts)) / np.maximum(gross_income(facts), LEAST_INCOME)


def _is_employed(status: EmploymentStatus) -> Callable[[Facts], Floats]:
    return lambda facts: (facts.profile.employment == code(status)).astype(np.float64)


def _since(event: LifeEvent) -> Callable[[Facts], Floats]:
    return lambda facts: years_since(facts, event)


LIFE_COLUMNS: Mapping[str, Callable[[Facts], Floats]] = {
    "age": lambda facts: facts.profile.age,
    "married": lambda facts: (facts.profile.marital_status == code(MaritalStatus.MARRIED)).astype(np.float64),
    "never_married": lambda facts: (facts.profile.marital_status == code(MaritalStatus.SINGLE)).astype(np.float64),
    "dependents": lambda facts: facts.profile.dependents,
    "homeowner": lambda facts: facts.profile.homeowner.astype(np.float64),
    "self_employed": _is_employed(EmploymentStatus.SELF_EMPLOYED),
    "income": gross_income,
    "education": lambda facts: np.where(facts.profile.education < 0, np.nan, facts.profile.education),
    "cash_to_income": _to_income(cash),
    "invested_to_income": _to_income(invested),
    "debt_to_income": _to_income(total_debt),
    **{f"years_since_{event.lower()}": _since(event) for event in LifeEvent},
}
LIFE_FEATURES = tuple(LIFE_COLUMNS)

SINCE = tuple(name for name in LIFE_FEATURES if name.startswith("years_since_"))
LOOKING_BACK = ("age", "married", "dependents", "homeowner", "education", *SINCE)
"""What dates of past events tell of a household years ago; schooling is taken to have been finished by then."""
