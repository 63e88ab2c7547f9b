"""Goal optimization on random households: time, what the split of one budget brings, and what becomes of goals.

    OMP_NUM_THREADS=1 python -m benchmarks.goals.optimization [HOUSEHOLDS]

20,000 where none is given, drawn at random (`benchmarks.random_households`).
"""

import json
import sys

import numpy as np

from benchmarks.random_households import draw
from benchmarks.timing import seconds
from engine.advise import advise
from engine.facts import Facts, Floats
from engine.features.cash_flow import cash_flow
from engine.features.sustainable import sustainable_amount
from engine.goals.priorities import WEIGHTS
from engine.goals.probability import success_probability
from engine.household import Plan, plan, poured
from engine.household.aims import ENOUGH, reached
from engine.household.split import growing
from engine.recommenders.goal_optimization import GoalOptimization, GoalScenario
from engine.recommenders.goal_optimization.study import study

CATEGORY = "goal_optimization"


def main(households: int) -> None:
    """Prints the figures as JSON."""
    facts, one = draw(households), draw(1, seed=8)
    flow = cash_flow(facts)
    made = plan(facts, flow, sustainable_amount(facts, flow))
    report = {
        "households": households,
        "goals": len(facts.goals.user),
        "seconds": seconds(lambda: advise(facts, [CATEGORY])),
        "milliseconds_for_one": 1e3 * seconds(lambda: advise(one, [CATEGORY]), 100),
        "short_of_money": split_against_waterfall(facts, made),
        "goals_by_outcome": outcomes(facts),
        "one_pool": one_pool(facts),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def one_pool(facts: Facts) -> dict[str, float]:
    """Households that are told of it, and what their dated goals reach by their own dates, apart and together."""
    columns = study(facts, GoalScenario(), {})
    told = ~np.isnan(columns.pooled)
    return {
        "households": len(np.unique(facts.goals.user[told])),
        "goals": int(told.sum()),
        "apart": round(float(columns.course.by_date[told].mean()), 4),
        "together": round(float(columns.pooled[told].mean()), 4),
    }


def split_against_waterfall(facts: Facts, made: Plan) -> dict[str, float]:
    """Share of the possible weighted probability, where money is divided anew: the plan, and by worth alone."""
    by_worth = poured(made.places, made.budget)
    changed = np.unique(made.places.user[made.amount != by_worth])
    own = np.isin(facts.goals.user, changed)
    best = (WEIGHTS[facts.goals.priority] * ENOUGH)[own].sum()
    return {
        "households": len(changed),
        "knapsack": round(float(_value(facts, made, made.amount)[own].sum() / best), 4),
        "worthiest_first": round(float(_value(facts, made, by_worth)[own].sum() / best), 4),
    }


def _value(facts: Facts, made: Plan, amount: Floats) -> Floats:
    goals = made.aims.goals.paying(growing(facts, made.places, made.goal, amount))
    likely = np.where(reached(goals), 1.0, success_probability(goals))
    return np.asarray(WEIGHTS[facts.goals.priority] * np.minimum(likely, ENOUGH), dtype=np.float64)


def outcomes(facts: Facts) -> dict[str, float]:
    """Shares of all goals."""
    plans = [
        plan
        for found in advise(facts, [CATEGORY])[CATEGORY]
        if isinstance(found, GoalOptimization)
        for plan in found.goals
    ]
    moved = [plan.timeline_adjustment for plan in plans]
    return {
        "on_time": round(sum(one is None for one in moved) / len(plans), 3),
        "later": round(sum(one is not None and one.months_later > 0 for one in moved) / len(plans), 3),
        "on_no_date": round(sum(one is not None and one.months_later == 0 for one in moved) / len(plans), 3),
        "mean_probability_today": round(sum(plan.success_probability for plan in plans) / len(plans), 3),
        "mean_probability_followed": round(sum(plan.success_probability_if_followed for plan in plans) / len(plans), 3),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
