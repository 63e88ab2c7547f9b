"""The household at a glance: templates over answers, so that every number in it stands in an answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.answers import Answer
from engine.enums import HealthBand
from engine.health import COPING_FROM, HEALTHY_FROM, FinancialHealth, HealthComponent
from engine.health.components import SPENDING
from engine.health.sentences import NO_DEBT, NO_PAYMENTS
from engine.household.aims import ENOUGH
from engine.overview.actions import Told
from engine.recommenders.goal_optimization import GoalOptimization
from engine.recommenders.goal_optimization.course import CLOSE_ENOUGH
from engine.recommenders.savings_strategy import SavingsStrategy
from engine.wording import percent

MOST_SENTENCES = 3
MOST_STEPS = 3
WORTH_NAMING = 0.04
"""Of income: to save less is no strength; about what US households save (BEA, personal saving rate of 2023-24)."""
BANDS = {HealthBand.VULNERABLE: "vulnerable", HealthBand.COPING: "coping", HealthBand.HEALTHY: "healthy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutiveSummary:
    """The household at a glance."""

    headline: str
    strengths: tuple[str, ...]
    concerns: tuple[str, ...]
    next_steps: tuple[str, ...]


def summary(health: FinancialHealth, answers: Mapping[str, Answer], actions: Sequence[Told]) -> ExecutiveSummary:
    """From the health score, the answers of the chosen categories, and their actions in order."""
    told = [part for part in _told_once(health) if not (part.name == SPENDING and _nothing_left(answers))]
    strong = sorted((part for part in told if part.score >= HEALTHY_FROM), key=_gained, reverse=True)
    weak = sorted((part for part in health.components if part.score < COPING_FROM), key=_lost, reverse=True)
    first = f" First step: {actions[0].title}." if actions else ""
    return ExecutiveSummary(
        headline=f"Your financial health is {health.overall_score:g} of 100: {BANDS[health.band]}.{first}",
        strengths=(*_on_track(answers), *_able_to_save(answers), *(part.sentence for part in strong[:MOST_SENTENCES])),
        concerns=(*_off_track(answers), *(part.sentence for part in weak[:MOST_SENTENCES])),
        next_steps=tuple(action.title for action in actions[:MOST_STEPS]),
    )


def _told_once(health: FinancialHealth) -> list[HealthComponent]:
    """Without debt there is nothing to pay on it either."""
    clear = any(part.sentence == NO_DEBT for part in health.components)
    return [part for part in health.components if not (clear and part.sentence == NO_PAYMENTS)]


def _gained(part: HealthComponent) -> float:
    return part.weight * part.score


def _lost(part: HealthComponent) -> float:
    return part.weight * (100.0 - part.score)


def _able_to_save(answers: Mapping[str, Answer]) -> Iterator[str]:
    found = answers.get("savings_strategy")
    if isinstance(found, SavingsStrategy) and found.optimal_savings_rate >= WORTH_NAMING:
        yield f"{percent(found.optimal_savings_rate)} of income can be put aside every month."


def _nothing_left(answers: Mapping[str, Answer]) -> bool:
    """Spending below income is no strength where lenders take the rest."""
    found = answers.get("savings_strategy")
    return isinstance(found, SavingsStrategy) and found.monthly_amount <= 0


def _on_track(answers: Mapping[str, Answer]) -> Iterator[str]:
    likely, number = _goals(answers)
    if likely:
        yield f"{_of(likely, number)} likely to be reached by {_dates(number)}."


def _off_track(answers: Mapping[str, Answer]) -> Iterator[str]:
    likely, number = _goals(answers)
    if number > 1 and not likely:
        yield f"None of your {number} goals is likely to be reached by {_dates(number)}."
    elif likely < number:
        yield f"{_of(number - likely, number)} not likely to be reached by {_dates(number)}."


def _of(some: int, number: int) -> str:
    if number == 1:
        return "Your goal is"
    if some == number:
        return f"All of your {number} goals are"
    return f"{some} of your {number} goals {'is' if some == 1 else 'are'}"


def _dates(number: int) -> str:
    return "the date that you chose" if number == 1 else "the dates that you chose"


def _goals(answers: Mapping[str, Answer]) -> tuple[int, int]:
    """How many goals the plan makes likely enough by their own dates, and how many there are."""
    found = answers.get("goal_optimization")
    if not isinstance(found, GoalOptimization):
        return 0, 0
    likely = sum(
        goal.timeline_adjustment is None and goal.success_probability_if_followed >= ENOUGH - CLOSE_ENOUGH
        for goal in found.goals
    )
    return likely, len(found.goals)
