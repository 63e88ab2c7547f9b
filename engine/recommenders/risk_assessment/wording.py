"""Levels and drivers of risk in words."""

import math
from collections.abc import Callable

from engine.enums import RiskLevel
from engine.recommenders.risk_assessment.capacity import RESERVES, Capacity
from engine.wording import months, percent

LEVEL_WORDS = {
    RiskLevel.CONSERVATIVE: "conservative",
    RiskLevel.MODERATELY_CONSERVATIVE: "moderately conservative",
    RiskLevel.MODERATE: "moderate",
    RiskLevel.MODERATELY_AGGRESSIVE: "moderately aggressive",
    RiskLevel.AGGRESSIVE: "aggressive",
}
UNKNOWN_WORDS = {
    "income_stability": "How steady your income is can be told from your employment alone",
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
    return f"{KNOWN_WORDS[driver](value)}."


def _years(count: float) -> str:
    shown = f"{count:.1f}".removesuffix(".0")
    return f"{shown} year" if shown == "1" else f"{shown} years"


def _dependents(count: float) -> str:
    if count == 0:
        return "You provide for nobody else"
    return "You provide for 1 dependent" if count == 1 else f"You provide for {count:.0f} dependents"


KNOWN_WORDS: dict[str, Callable[[float], str]] = {
    "income_stability": lambda value: f"Your monthly income varies by {percent(value)} of its mean",
    "emergency_months": lambda value: f"Your cash covers {months(value)} of spending",
    "debt_service": lambda value: (
        f"Lenders ask for {percent(value)} of your income before tax" if value else "No lender asks for payments"
    ),
    "horizon": lambda value: f"Much of the money may be needed in {_years(value)}",
    "dependents": _dependents,
    "human_capital": lambda value: (
        f"{_years(value)} of pay can still lie ahead of you" if value else "You no longer count on pay from work"
    ),
    "wealth_at_risk": lambda value: (
        f"{percent(value)} of what you own besides your home moves with markets or your own business"
    ),
    RESERVES: lambda _: "Thin reserves or high payments to lenders limit what you can bear, whatever else you have",
}
