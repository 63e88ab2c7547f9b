"""Everything the plans for goals rest on, as columns: one row a goal, in the order of the facts."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import GoalKind
from engine.facts import Facts, Flags, Floats, Positions
from engine.features.cash_flow import cash_flow, shortfall
from engine.goals.probability import marginal_probability, success_probability, success_range
from engine.goals.timeline import affordable_target
from engine.household import Plan, goals_alone, plan
from engine.household.aims import Scenario, is_kind, months_left, reached
from engine.household.means import CONTRIBUTION, Keeping, Means, chances_of, keeping, means
from engine.household.split import repaid
from engine.learning.model import Models
from engine.recommenders.goal_optimization.answer import GoalScenario
from engine.recommenders.goal_optimization.course import Course, course
from engine.recommenders.goal_optimization.pooled import pooled

HUNDRED = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Columns; those of goals are probabilities unless named otherwise."""

    facts: Facts
    scenario: GoalScenario
    means: Means
    keeping: Keeping
    """Of all that the plan puts aside."""
    plan: Plan
    spending: Floats
    """A month, by user."""
    income: Floats
    """A month, by user."""
    shortfall: Floats
    """What a month lacks, by user."""
    course: Course
    repaid: Floats
    """By goal, what least payments take off its debts a month; none of the household's own choice."""
    total: Floats
    """Of the contributions, a month, by user."""
    rows: Positions
    """Where each user's goals begin; one more entry ends the last."""
    months: Positions
    """To the date that the goal has; 0 where it has passed."""
    reached: Flags
    affordable: Floats
    """The target that is likely enough by the date that is planned for."""
    today: Floats
    """With today's contribution and date; what spare cash could complete is not done yet."""
    followed: Floats
    """With what is recommended, by the recommended date."""
    lower: Floats
    upper: Floats
    """Of `followed`, by the models of returns."""
    pooled: Floats
    """By the goal's own date, were its money and that of others one pool; NaN where that brings nothing to speak of."""
    next_hundred: Floats
    """What the next 100 a month would add by the date that is planned for."""


def study(facts: Facts, scenario: GoalScenario, models: Models) -> Study:
    """All columns of a batch, from the one plan of each household."""
    future = Scenario(return_shift=scenario.return_shift, delay_months=scenario.delay_months)
    flow = cash_flow(facts)
    found_means = means(facts, flow, models)
    made = plan(facts, flow, found_means.budget, future)
    if scenario.monthly_budget is not None:
        made = goals_alone(facts, made, np.full(len(facts), float(scenario.monthly_budget)))
    found = course(facts, made, fixed=scenario.monthly_budget is not None)
    goals, done, now = made.aims.goals, reached(made.aims.goals), months_left(facts, future)
    by_date = replace(found.last, months=np.maximum(goals.months - found.start, 1))
    lower, upper = success_range(found.last)
    undone = np.where(is_kind(facts, GoalKind.DEBT_PAYOFF), 0.0, made.aims.at_once)
    paid = repaid(facts, made.places)
    before = replace(goals, saved=goals.saved - undone, contribution=np.maximum(goals.contribution, paid))
    return Study(
        facts=facts,
        scenario=scenario,
        means=found_means,
        keeping=keeping(facts, flow, made.budget, chances_of(models, CONTRIBUTION), found_means.shown),
        plan=made,
        spending=flow.spending,
        income=flow.income,
        shortfall=shortfall(flow),
        course=found,
        repaid=paid,
        total=facts.total(facts.goals.user, found.contribution),
        rows=np.searchsorted(facts.goals.user, np.arange(len(facts) + 1)),
        months=now,
        reached=done,
        affordable=affordable_target(by_date),
        today=_known(success_probability(replace(before, months=now)), reached(before)),
        followed=_known(success_probability(found.last), done),
        lower=_known(lower, done),
        upper=_known(upper, done),
        pooled=pooled(facts, found.first, found.by_date, ~done & (now > 0)),
        next_hundred=np.where(done, 0.0, marginal_probability(by_date, HUNDRED)),
    )


def _known(probability: Floats, done: Flags) -> Floats:
    """A goal that is reached today can be closed today: it is certain."""
    return np.where(done, 1.0, np.clip(probability, 0.0, 1.0))
