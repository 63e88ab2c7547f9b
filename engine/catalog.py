"""All categories. A new one is a module in `engine/recommenders/` and a line here."""

from collections.abc import Collection, Mapping
from typing import Any

from engine.enums import LifeEvent
from engine.recommender import Recommender
from engine.recommenders.behavioral_insights import BehaviorAnalyst
from engine.recommenders.goal_optimization import GoalOptimizer
from engine.recommenders.life_planning import LifePlanner
from engine.recommenders.peer_insights import PeerRecommender
from engine.recommenders.portfolio_rebalancing import PortfolioRebalancer
from engine.recommenders.risk_assessment import RiskAssessor
from engine.recommenders.savings_strategy import SavingsStrategist

RECOMMENDERS: tuple[Recommender[Any], ...] = (
    PortfolioRebalancer(),
    RiskAssessor(),
    GoalOptimizer(),
    SavingsStrategist(),
    LifePlanner(),
    BehaviorAnalyst(),
    PeerRecommender(),
)

BY_NAME = {recommender.name: recommender for recommender in RECOMMENDERS}

TRAINERS = {each.name: each.trainer for each in RECOMMENDERS if each.trainer}
"""Of the categories that learn from people; portfolio rebalancing fits the market."""


def without(events: Collection[LifeEvent]) -> Mapping[str, Recommender[Any]]:
    """The recommenders by name, silent on these life events."""
    return {**BY_NAME, LifePlanner.name: LifePlanner(left_out=events)} if events else BY_NAME
