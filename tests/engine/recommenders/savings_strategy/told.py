"""What the savings strategy tells a household."""

from engine.advise import advise
from engine.recommenders.savings_strategy import SavingsStrategy
from tests.engine.facts_factory import Row, facts

ENOUGH = (80.0, 1.0)
"""Per cent of probability that goals are planned for; within one year."""


def strategies(*batch: Row) -> list[SavingsStrategy]:
    found = advise(facts(*batch), ["savings_strategy"])["savings_strategy"]
    return [answer for answer in found if isinstance(answer, SavingsStrategy)]


def strategy(one: Row) -> SavingsStrategy:
    return strategies(one)[0]


def keys(answer: SavingsStrategy) -> set[str]:
    return {recommendation.key.partition(":")[0] for recommendation in answer.recommendations}
