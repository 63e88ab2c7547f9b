"""The one documented list of transaction categories, in groups.

Income and transfers are not spending: money moved to one's own savings, investments or lenders is still one's own.
Elsewhere a category is one of advice: `engine.catalog`.
"""

from dataclasses import dataclass
from enum import StrEnum


class CategoryGroup(StrEnum):
    """What a transaction does to a household's money."""

    INCOME = "INCOME"
    TRANSFER = "TRANSFER"
    SPENDING = "SPENDING"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionCategory:
    """One category; spending may be essential (hard to cut within a month), discretionary, or neither (fees)."""

    name: str
    group: CategoryGroup
    essential: bool = False
    discretionary: bool = False


def _group(group: CategoryGroup, *names: str) -> tuple[TransactionCategory, ...]:
    return tuple(TransactionCategory(name=name, group=group) for name in names)


def _spending(*names: str, essential: bool = False, discretionary: bool = False) -> tuple[TransactionCategory, ...]:
    return tuple(
        TransactionCategory(name=name, group=CategoryGroup.SPENDING, essential=essential, discretionary=discretionary)
        for name in names
    )


TRANSACTION_CATEGORIES = (
    *_group(CategoryGroup.INCOME, "salary", "bonus", "benefits", "interest_income", "other_income"),
    *_group(CategoryGroup.TRANSFER, "transfer", "savings_transfer", "investment", "debt_payment"),
    *_spending("rent", "mortgage", "utilities", "groceries", essential=True),
    *_spending("dining", discretionary=True),
    *_spending("transport", "insurance", "health", "childcare", "education", essential=True),
    *_spending("subscriptions", "shopping", "entertainment", "travel", discretionary=True),
    *_spending("fees"),
    *_spending("gifts", discretionary=True),
    *_spending("taxes", essential=True),
    *_spending("other", discretionary=True),
)


def _names(group: CategoryGroup) -> tuple[str, ...]:
    return tuple(category.name for category in TRANSACTION_CATEGORIES if category.group == group)


WORDS = {"dining": "eating out", "other": "other things"}
"""Where the name is not what people say."""
PLURAL = frozenset({"utilities", "groceries", "subscriptions", "fees", "gifts", "taxes", "other"})


def words(category: str) -> str:
    """A category in a sentence."""
    return WORDS.get(category, category.replace("_", " "))


CATEGORY_NAMES = tuple(category.name for category in TRANSACTION_CATEGORIES)
INCOME = _names(CategoryGroup.INCOME)
TRANSFER = _names(CategoryGroup.TRANSFER)
SPENDING = _names(CategoryGroup.SPENDING)
HOUSING = ("rent", "mortgage")
ESSENTIAL = tuple(category.name for category in TRANSACTION_CATEGORIES if category.essential)
DISCRETIONARY = tuple(category.name for category in TRANSACTION_CATEGORIES if category.discretionary)
