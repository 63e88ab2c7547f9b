"""The bounds that values have to keep, by the name of their column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.transactions import CATEGORY_NAMES, SPENDING

YEAR_DAYS = 365.2425


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that is taken, None where there is no bound; and how to write what is often mistaken."""

    least: Decimal | int | None = None
    most: Decimal | int | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day that is taken, counted from today."""

    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a text is written."""

    expression: str
    meaning: str


def one_of(words: Sequence[str]) -> Pattern:
    """One of the words, which the error lists."""
    return Pattern("|".join(words), f"one of: {', '.join(words)}")


NOT_NEGATIVE = Range(0)
SHARE = ": it is a share, so write 5 % as 0.05"

RANGES: Mapping[str, Range] = {
    "annual_income": NOT_NEGATIVE,
    "total_debt": NOT_NEGATIVE,
    "monthly_expenses": NOT_NEGATIVE,
    "capital_loss_carryforward": NOT_NEGATIVE,
    "dependents": Range(0, 30),
    "interest_rate": Range(-1, 10, SHARE),
    "minimum_payment": NOT_NEGATIVE,
    "employer_match_rate": Range(0, 10, SHARE),
    "employer_match_limit": Range(0, 1, SHARE),
    "hour": Range(0, 23),
    "quantity": Range(Decimal("0.00000001"), 10**15),
    "cost_basis": NOT_NEGATIVE,
    "proceeds": NOT_NEGATIVE,
    "target_amount": Range(Decimal("0.01")),
    "saved_amount": NOT_NEGATIVE,
    "monthly_contribution": NOT_NEGATIVE,
    "monthly_limit": NOT_NEGATIVE,
    "monthly_budget": NOT_NEGATIVE,
}

DAYS: Mapping[str, Days] = {
    "birth_date": Days(-120 * YEAR_DAYS, -1),
    "acquired": Days(-150 * YEAR_DAYS, 1),  # where the user is, it may be tomorrow already
    "sold": Days(-150 * YEAR_DAYS, 1),
    "date": Days(-150 * YEAR_DAYS, 1),
    "target_date": Days(1, 100 * YEAR_DAYS),
}

PATTERNS: Mapping[str, Pattern] = {
    "currency": Pattern("[A-Z]{3}", "a currency code of ISO 4217 such as USD"),
    "region": Pattern("[A-Z]{2}-[A-Z0-9]{1,3}", "a region code of ISO 3166-2 such as US-CA"),
    "category": one_of(CATEGORY_NAMES),
    "budget_category": one_of(SPENDING),
}

IDS = frozenset({"account_id"})
PLACES: Mapping[str, int] = {"quantity": 8}
RATE_PLACES = 6
