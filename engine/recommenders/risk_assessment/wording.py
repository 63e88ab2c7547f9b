"""Levels and drivers of risk in words."""

import math
from collections.abc import Callable

from engine.enums import RiskLevel
from engine.recommenders.risk_assessment.capacity import RESERVES, Capacity
from engine.recommenders.risk_assessment.inputs import MOST_MONTHS
from engine.wording import months, percent

NEXT_TO_NONE = 0.05
"""Months; told with one place, less would read as none."""
STEADY = 0.25
"""Of its mean: an income that varies by less and still takes points away is that of somebody without a job."""
LEVEL_WORDS = {
    RiskLevel.CONSERVATIVE: "conservative",
    RiskLevel.MODERATELY_CONSERVATIVE: "moderately conservative",
    RiskLevel.MODERATE: "moderate",
    RiskLevel.MODERATELY_AGGRESSIVE: "moderately aggressive",
    RiskLevel.AGGRESSIVE: "aggressive",
}
UNKNOWN_WORDS = {
    "income_stability": "Only your employment tells how steady your income is",
    "emergency_months": "What you spend is not known, so neither is how long your cash would last",
    "debt_service": "What lenders ask for is not known",
    "horizon": "When you will need the money is not known",
    "dependents": "Whom you provide for is not known",
    "human_capital": "How long you will earn is not known",
}


def value_of(found: Capacity, driver: str, user: int) -> float | None:
    """The input behind a driver, where it is a known number."""
    value = float(found.told[driver][user])
    return None if math.isnan(value) else round(value, 4)


def sentence(found: Capacity, driver: str, user: int) -> str:
    """What one driver says about this household."""
    value = value_of(found, driver, user)
    if value is None:
        return f"{UNKNOWN_WORDS[driver]}."
    is_unsure = driver == "income_stability" and value < STEADY and found.effects[driver][user] < 0
    return f"{KNOWN_WORDS[driver](value)}{', but it may not last' if is_unsure else ''}."


def _reserve(covered: float) -> str:
    """Columns hold no more than `MOST_MONTHS`."""
    if covered < NEXT_TO_NONE:
        return "There is next to no cash to cover spending"
    return f"Your cash covers {months(covered)}{' or more' if covered >= MOST_MONTHS else ''} of spending"


def _dependents(count: float) -> str:
    if count == 0:
        return "You provide for nobody else"
    return "You provide for 1 dependent" if count == 1 else f"You provide for {count:.0f} dependents"


KNOWN_WORDS: dict[str, Callable[[float], str]] = {
    "income_stability": lambda value: f"Your monthly income varies by {percent(value)} of its mean",
    "emergency_months": _reserve,
    "debt_service": lambda value: (
        f"Lenders ask for {percent(value)} of your income before tax" if value else "No lender asks for payments"
    ),
    "horizon": lambda value: (
        f"Much of the money may be needed {f'in {months(12.0 * value)}' if 12.0 * value >= NEXT_TO_NONE else 'at once'}"
    ),
    "dependents": _dependents,
    "human_capital": lambda value: (
        f"{months(12.0 * value)} of pay can still lie ahead of you"
        if value
        else "No further years of pay are counted on"
    ),
    "wealth_at_risk": lambda value: (
        f"{percent(value) if value else 'Nothing'} of what you own besides your home moves with markets or your own "
        "business"
    ),
    RESERVES: lambda _: (
        "With little cash, or much of your pay owed to lenders, you may have to sell when prices are low: that limits "
        "what you can bear, whatever else you have"
    ),
}
