"""What is told over all categories of drawn households: answers, and the actions in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engine.advise import advise
from engine.answers import Answer, Recommendation
from engine.enums import Priority
from engine.facts import Facts
from engine.overview.actions import prioritized

CATEGORIES = ("goal_optimization", "savings_strategy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """A recommendation as the store gives it."""

    category: str
    key: str
    priority: Priority = Priority.MEDIUM
    annual_impact: Decimal | None = None
    title: str = "Do this"
    data: Mapping[str, str] = field(default_factory=dict)


def told(category: str, given: Recommendation) -> Advised:
    return Advised(
        category=category,
        key=given.key,
        priority=given.priority,
        annual_impact=given.annual_impact,
        title=given.title,
        data=given.data,
    )


def overview(batch: Facts, categories: Sequence[str] = CATEGORIES) -> list[tuple[dict[str, Answer], list[Advised]]]:
    """By user the answers and the actions."""
    found = advise(batch, categories)
    made = []
    for user in range(len(batch)):
        given = {name: answer for name in categories if isinstance(answer := found[name][user], Answer)}
        actions = [told(name, one) for name, answer in given.items() for one in answer.recommendations]
        made.append((given, prioritized(actions)))
    return made
