"""Goal optimization: how likely each goal is, what makes it likely enough, and what gives where money is short."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from typing_extensions import override

from engine.answers import GoalRef, money
from engine.enums import AnswerBasis
from engine.facts import Facts, Source
from engine.goals.priorities import WEIGHTS
from engine.household.means import CONTRIBUTION
from engine.learning.model import Models
from engine.learning.trainer import Trainer
from engine.ledger.promises import Promise
from engine.recommender import Answers, Options, Recommender
from engine.recommenders.goal_optimization.advice import advice
from engine.recommenders.goal_optimization.answer import (
    GoalOptimization,
    GoalOptions,
    GoalPlan,
    GoalScenario,
    ProjectionPoint,
    TimelineAdjustment,
)
from engine.recommenders.goal_optimization.explanation import explanation
from engine.recommenders.goal_optimization.projection import projections
from engine.recommenders.goal_optimization.promises import promises
from engine.recommenders.goal_optimization.study import Study, study
from engine.recommenders.goal_optimization.timeline import adjustment
from engine.recommenders.goal_optimization.trainer import ContributionTrainer
from engine.wording import chance

__all__ = [
    "GoalOptimization",
    "GoalOptimizer",
    "GoalOptions",
    "GoalPlan",
    "GoalScenario",
    "ProjectionPoint",
    "TimelineAdjustment",
]


class GoalOptimizer(Recommender[GoalOptimization]):
    """Solvers over tables of a century of real returns in blocks; the money and its split come from the one plan.

    A goal asks for the least contribution that reaches its target, in today's money, with a probability of 0.80.
    Contributions rise with prices. Where the plan's money for goals does not suffice for all, an exact knapsack divides
    it. A trained model holds the money to what four of five households keep up. Beside the plan a dynamic program tells
    what one pool for dated goals would bring. Limits: US returns for every currency; no tax on the way.
    """

    name: ClassVar[str] = "goal_optimization"
    answer = GoalOptimization
    options = GoalOptions
    sources: ClassVar[frozenset[Source]] = frozenset({"profile", "accounts", "goals", "cash_flows"})
    models: ClassVar[frozenset[str]] = frozenset({CONTRIBUTION})
    trainer: ClassVar[Trainer[Any] | None] = ContributionTrainer()
    valid_days: ClassVar[int] = 30
    rules_version: ClassVar[int] = 9

    @override
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[GoalOptimization]:
        scenario = options.scenario if isinstance(options, GoalOptions) else None
        columns = study(facts, scenario or GoalScenario(), models)
        points = projections(columns)
        return [_optimized(columns, user, points) for user in range(len(facts))]

    @override
    def promises(self, answer: GoalOptimization, today: date) -> Sequence[Promise]:
        return promises(answer, today)


def _optimized(columns: Study, user: int, points: Sequence[tuple[ProjectionPoint, ...]]) -> GoalOptimization:
    order = _ranked(columns, user)
    return GoalOptimization(
        basis=AnswerBasis.MODEL if columns.means.held[user] else AnswerBasis.SOLVER,
        confidence=columns.keeping.told(user),
        recommendations=advice(columns, order),
        explanation=explanation(columns, user, order),
        monthly_budget=money(columns.plan.for_goals[user]),
        total_optimal_contribution=money(columns.total[user]),
        goals=tuple(_plan(columns, goal, rank, points[goal]) for rank, goal in enumerate(order, start=1)),
    )


def _ranked(columns: Study, user: int) -> list[int]:
    """By the household's own priority, then by what the next 100 a month would bring, in whole points of probability;
    goals that are reached come last."""
    goals = columns.facts.goals
    return sorted(
        range(columns.rows[user], columns.rows[user + 1]),
        key=lambda goal: (
            bool(columns.reached[goal]),
            -WEIGHTS[goals.priority[goal]],
            -round(float(columns.next_hundred[goal]), 2),
            goals.target_date[goal],
            goal,
        ),
    )


def _plan(columns: Study, goal: int, rank: int, points: tuple[ProjectionPoint, ...]) -> GoalPlan:
    return GoalPlan(
        goal=GoalRef(id=columns.facts.goals.id[goal]),
        priority_rank=rank,
        optimal_monthly_contribution=money(columns.course.contribution[goal]),
        success_probability=chance(columns.today[goal]),
        success_probability_if_followed=chance(columns.followed[goal]),
        timeline_adjustment=adjustment(columns, goal),
        projection=points,
    )
