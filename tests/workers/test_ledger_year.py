"""A simulated year of the demo population: the ledger finds the truth that the generator knows."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Engine, text

from benchmarks.year import START, Year, begun, noon, reach_goals
from engine.enums import RiskLevel
from engine.features.sustainable import ENOUGH
from engine.ledger.outcomes import OUTCOME_SOURCES
from engine.ledger.promises import Promise, PromiseKind, first_after
from engine.ledger.score import SAME
from engine.recommenders.behavioral_insights import BehavioralInsights
from engine.recommenders.goal_optimization import GoalOptimization
from engine.recommenders.life_planning import LifePlanning
from engine.recommenders.risk_assessment import RiskAssessment
from engine.recommenders.savings_strategy import SavingsStrategy
from engine.sustain.target import share_kept
from store.artifacts import Archive
from store.crypto import Vault
from store.facts import load_facts
from store.session import transaction
from tests.oracle import Shown, shown

Pairs = list[tuple[float, bool]]
CATEGORIES = ("savings_strategy", "goal_optimization", "risk_assessment", "behavioral_insights")
SPREAD = 0.2
NINE_TENTHS = 1.6449  # standard deviations

pytestmark = pytest.mark.usefixtures("oracle")


def brier(pairs: Pairs) -> float:
    return float(np.mean([(said - came) ** 2 for said, came in pairs]))


# --- what the generator knows -----------------------------------------------------------------------------------------


def kept(year: Year, amounts: dict[UUID, tuple[float, float]], due: date) -> Pairs:
    """By the trainer's own target, from all transactions: chance and whether nine tenths of the amount were kept."""
    with transaction(year.engine, everyone=True) as session:
        facts = load_facts(session, list(amounts), OUTCOME_SOURCES, due)
    income = np.full(len(facts), 1e6)  # any income does: both sides are shares of it
    share = share_kept(facts.cash_flows, income)
    return [
        (chance, bool(share[row] * 1e6 >= ENOUGH * amount)) for row, (chance, amount) in enumerate(amounts.values())
    ]


def guesses(year: Year, users: Sequence[UUID], month: date, random: np.random.Generator) -> list[Shown]:
    """Intervals around what will be spent that miss it by a known spread: they hold it nine times in ten."""
    said = []
    for user in users:
        truth, before = year.spent[user, month], year.spent[user, _month_before(month)]
        middle = truth * float(np.exp(SPREAD * random.standard_normal()))
        wide = float(np.exp(NINE_TENTHS * SPREAD))
        promise = Promise(
            kind=PromiseKind.MONTH_SPENT,
            subject=month.isoformat(),
            due=first_after(month),
            expected=middle,
            low=middle / wide,
            high=middle * wide,
            before=before,
        )
        said.append(shown(user, promise, at=noon(year.told[-1])))
    return said


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def holds(year: Year, said: Sequence[Shown]) -> tuple[list[bool], list[bool]]:
    """Whether the truth was inside, and of those that moved, whether it was as expected."""
    inside, right = [], []
    for one in said:
        (promise,) = one.answer.said
        truth = year.spent[one.user_id, date.fromisoformat(promise.subject)]
        assert promise.low is not None
        assert promise.high is not None
        assert promise.expected is not None
        assert promise.before is not None
        inside.append(promise.low <= truth <= promise.high)
        if abs(truth - promise.before) > SAME * promise.before:
            right.append((promise.expected > promise.before) == (truth > promise.before))
    return inside, right


# --- the year ---------------------------------------------------------------------------------------------------------


def live(year: Year, *, end: date, step: int) -> list[Shown]:
    """To the end, judged every `step` days; on the way the oracle guesses each coming month."""
    random, said = np.random.default_rng(9), []
    guessed = START.replace(day=1)
    for day in year.days(end, step):
        if day.replace(day=1) > guessed:
            guessed = day.replace(day=1)
            if first_after(guessed, 1) <= end - timedelta(days=6):
                made = guesses(year, year.staying, first_after(day), random)
                year.record(made)
                said += made
        year.judge()
    return said


def test_a_year_is_judged_as_the_generator_knows_it(engine: Engine, vault: Vault, archive: Archive) -> None:
    end = date(2026, 9, 8)
    year = begun(engine, vault, archive, households=40, end=end)
    answers = year.score(CATEGORIES, year.users)
    reached = reach_goals(year)
    said = live(year, end=end, step=12)

    def of(category: str, users: Sequence[UUID]) -> dict[UUID, object]:
        return {user: answers[user, category] for user in users}

    assert_chances(year, "savings_strategy", strategies(year, of("savings_strategy", year.staying)), least=5)
    goals = judged_goals(year, of("goal_optimization", year.users), reached, end)
    assert_chances(year, "goal_optimization", goals, least=5)
    assert_chances(year, "risk_assessment", tolerances(year, of("risk_assessment", year.staying)), least=5)
    covered = spending(year, of("behavioral_insights", year.users))
    assert len(covered) == 3 * len(year.users)
    assert_covers(year, "behavioral_insights", covered)
    inside, right = holds(year, said)
    assert 0.85 < assert_covers(year, "oracle", inside) < 0.95
    number, loss, _ = year.scored("oracle", "DIRECTION")
    assert number == len(right)
    assert 1 - loss == pytest.approx(np.mean(right))


def assert_chances(year: Year, category: str, direct: Pairs, *, least: int) -> None:
    """The job found the same as is known without it."""
    number, loss, came = year.scored(category, "CHANCE")
    assert number == len(direct) > least
    assert loss == pytest.approx(brier(direct))
    assert came == pytest.approx(np.mean([one for _, one in direct]))


def assert_covers(year: Year, category: str, inside: Sequence[bool]) -> float:
    """Likewise of intervals; which share of them held."""
    number, _, coverage = year.scored(category, "INTERVAL")
    assert number == len(inside)
    assert coverage == pytest.approx(np.mean(inside))
    return float(coverage)


def strategies(year: Year, answers: dict[UUID, object]) -> Pairs:
    amounts = {
        user: (answer.success_probability, float(answer.monthly_amount))
        for user, answer in answers.items()
        if isinstance(answer, SavingsStrategy) and answer.monthly_amount > 0
    }
    return kept(year, amounts, date(2026, 8, 1))


def spending(year: Year, answers: dict[UUID, object]) -> list[bool]:
    """Whether each month that was looked ahead to came within its range."""
    return [
        float(month.low) <= year.spent[user, month.month] <= float(month.high)
        for user, answer in answers.items()
        if isinstance(answer, BehavioralInsights)
        for month in answer.forecast
    ]


def judged_goals(year: Year, answers: dict[UUID, object], reached: dict[str, bool], end: date) -> Pairs:
    """The goals whose month is over while their household was seen."""
    with year.engine.connect() as connection:
        dates = {str(goal): day for goal, day in connection.execute(text("SELECT id, target_date FROM goals"))}
        rows = connection.execute(text("SELECT user_id, max(date) FROM transactions GROUP BY user_id"))
        seen = {row[0]: row[1] for row in rows}
    return [
        (plan.success_probability, reached[str(plan.goal.id)])
        for user, answer in answers.items()
        if isinstance(answer, GoalOptimization)
        for plan in answer.goals
        if START < (due := first_after(dates[str(plan.goal.id)])) <= end and seen[user] >= due
    ]


def tolerances(year: Year, answers: dict[UUID, object]) -> Pairs:
    with year.engine.connect() as connection:
        rows = connection.execute(text("SELECT user_id, stated_risk_tolerance FROM hidden_profiles"))
        truth = {user: RiskLevel(level) for user, level in rows if level}
    found = []
    for user, answer in answers.items():
        if isinstance(answer, RiskAssessment) and answer.stated_tolerance is None and user in truth:
            chances = {each.level: each.probability for each in answer.probabilities}
            found.append((chances[answer.predicted_tolerance], truth[user] is answer.predicted_tolerance))
    return found


@pytest.mark.soak
def test_two_years_day_by_day_judge_life_events_too(engine: Engine, vault: Vault, archive: Archive) -> None:
    end = date(2027, 8, 20)
    year = begun(engine, vault, archive, households=300, end=end)
    answers = year.score(["life_planning", "savings_strategy"], year.users)
    said = live(year, end=end, step=1)

    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT user_id, event, date FROM hidden_events WHERE date > :start"), {"start": START}
        )
        events = {(user, event): day for user, event, day in rows}
    direct = [
        (within.probability, events.get((user, forecast.event.value), date.max) <= date(2027, 7, 15))
        for (user, _), answer in answers.items()
        if isinstance(answer, LifePlanning) and user in year.staying
        for forecast in answer.events
        for within in forecast.probabilities
        if within.years == 2
    ]
    assert_chances(year, "life_planning", direct, least=300)
    inside, _ = holds(year, said)
    assert 0.88 < assert_covers(year, "oracle", inside) < 0.92
    with engine.connect() as connection:
        names = connection.execute(text("SELECT DISTINCT model_name || ' ' || metric_name FROM ml_model_performance"))
        assert {"life_planning/rule ledger_brier", "oracle/rule ledger_coverage"} <= set(names.scalars())
