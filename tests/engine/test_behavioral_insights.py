"""What a household is told of its spending: in money, in plain sentences, with and without a model."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from benchmarks.behavior.demo import demo
from engine.advise import advise
from engine.enums import AnswerBasis, BiasKind, Priority
from engine.errors import InsufficientData
from engine.facts import Facts
from engine.learning.trainer import Sample
from engine.learning.training import evaluated, trained
from engine.recommenders.behavioral_insights import BehavioralInsights
from engine.recommenders.behavioral_insights.model import BehaviorModel
from engine.recommenders.behavioral_insights.sample import OBSERVED
from engine.recommenders.behavioral_insights.trainer import BehaviorTrainer
from tests.engine.facts_factory import NASTY, TODAY, facts, household, steady
from tests.engine.test_conformance import assert_sane, shown
from tests.engine.traces import untraceable

SUMMER = {6: 1.5, 7: 1.6}


def insights(batch: Facts, model: BehaviorModel | None = None) -> list[Any]:
    models = {"behavioral_insights": model} if model else {}
    return list(advise(batch, ["behavioral_insights"], models=models)["behavioral_insights"])


def told(**more: Any) -> BehavioralInsights:
    answer = insights(facts(household(**more)))[0]
    assert isinstance(answer, BehavioralInsights)
    return answer


def summers(months: int) -> list[dict[str, float]]:
    """Months up to August, the dearest of them in summer."""
    last = 8
    return [
        {"salary": 4_000.0, "rent": -1_000.0, "travel": -500.0 * SUMMER.get((last - 1 - back) % 12 + 1, 1.0)}
        for back in reversed(range(months))
    ]


@pytest.mark.parametrize("months", [0, 1, 2])
def test_below_three_months_nothing_is_claimed(months: int) -> None:
    answer = insights(facts(household(months=steady(4_000.0, 3_000.0, months))))[0]
    assert isinstance(answer, InsufficientData)
    assert (answer.required, answer.available) == (3, months)


def test_from_three_months_on_the_household_is_told_what_is_known() -> None:
    answer = told(months=steady(4_000.0, 3_000.0, 3))
    assert (answer.months_observed, len(answer.forecast)) == (3, 3)
    assert answer.seasonality.strength == 0
    assert answer.biases == ()


def test_months_behind_have_trend_and_season_from_two_years_on() -> None:
    long, short = told(months=summers(30)), told(months=summers(20))
    assert (long.months_observed, short.months_observed) == (30, 20)
    assert long.history[-1].month == date(2026, 8, 1)
    for month in long.history:
        assert abs(month.trend + month.seasonal + month.residual - month.total) <= Decimal("0.02")  # type: ignore[operator]
    assert all(month.trend is None for month in short.history)
    assert long.seasonality.peak_month in {6, 7}
    assert long.seasonality.strength > 0.9
    assert short.seasonality.strength == 0


def test_categories_are_told_with_shares_budgets_and_change() -> None:
    months = [{"dining": -100.0, "rent": -900.0}] * 12 + [{"dining": -150.0, "rent": -900.0}] * 12
    rent, dining = told(months=months, budgets={"dining": 120.0}).by_category
    assert (rent.category, rent.monthly_mean, rent.budget) == ("rent", Decimal("900.00"), None)
    assert (dining.monthly_mean, dining.budget) == (Decimal("150.00"), Decimal("120.00"))
    assert dining.share == pytest.approx(150 / 1050)
    assert dining.change_per_year == pytest.approx(0.5)


def test_the_next_three_months_are_told_with_a_range() -> None:
    """From the first that begins after today: September is half over."""
    answer = told(months=steady(4_000.0, 3_000.0))
    assert [each.month for each in answer.forecast] == [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]
    for each in answer.forecast:
        assert each.low < each.expected == Decimal("3000.00") < each.high
    assert answer.basis is AnswerBasis.RULE


def test_a_double_charge_of_the_last_month_is_told_first_and_an_old_one_is_not_told() -> None:
    food = [(TODAY - timedelta(7 * week + 1), -55.0 - week % 5, "groceries", "Market") for week in range(50)]
    twice = [(TODAY - timedelta(back), -48.2, "dining", "Cafe") for back in (4, 5, 204, 205)]
    answer = told(months=steady(4_000.0, 3_000.0), transactions=[*food, *twice], budgets={"groceries": 900.0})
    assert [(each.merchant, each.amount) for each in answer.anomalies] == [("Cafe", Decimal("48.20"))]
    first = answer.recommendations[0]
    assert first.priority is Priority.HIGH
    assert "Cafe" in first.title
    assert "Cafe" not in first.key
    assert first.annual_impact == Decimal("48.20")


def test_a_habit_is_told_with_its_money_and_one_step() -> None:
    saturday = TODAY - timedelta((TODAY.weekday() - 5) % 7)
    trips = [(saturday - timedelta(7 * week), -80.0, "dining", "Grill") for week in range(50)]
    answer = told(months=steady(4_000.0, 3_000.0), transactions=trips)
    assert [bias.kind for bias in answer.biases] == [BiasKind.WEEKEND_SPLURGE]
    assert "a year" in answer.biases[0].evidence
    unjudged = {each.kind: each.reason for each in answer.biases_not_judged}
    assert BiasKind.WEEKEND_SPLURGE not in unjudged
    assert {BiasKind.LOSS_AVERSION, BiasKind.LIFESTYLE_INFLATION, BiasKind.PAYDAY_EFFECT} <= unjudged.keys()
    assert "send what was sold" in unjudged[BiasKind.LOSS_AVERSION]
    habit = next(each for each in answer.recommendations if each.key == "habit:weekend_splurge")
    assert habit.description == answer.biases[0].evidence
    assert len(habit.actionable_items) == 1


def test_a_budget_that_does_not_fit_is_put_as_a_choice() -> None:
    months = [{"salary": 4_000.0, "dining": -300.0}] * 12
    over = told(months=months, budgets={"dining": 200.0}).recommendations[0]
    assert over.key == "meet_budget:dining"
    assert over.annual_impact is None
    assert len(over.actionable_items) == 2
    assert told(months=months, budgets={"dining": 290.0}).recommendations == ()


def test_numbers_in_sentences_stand_in_the_answer_or_the_facts(population: Facts) -> None:
    """Of a few households; evidence tells counts of its own."""
    for user, answer in enumerate(insights(population)[:40]):
        bare = [each for each in answer.recommendations if not each.key.startswith("habit")]
        assert untraceable(population, [*bare, *answer.explanation, *answer.anomalies], 30.0, 12.0) == [], user


# --- what is learned


@pytest.fixture(scope="module")
def population() -> Facts:
    """Synthetic households."""
    return demo(users=500, seed=11, today=TODAY).facts


@pytest.fixture(scope="module")
def rows(population: Facts) -> Sample:
    return BehaviorTrainer().sample(population)


@pytest.fixture(scope="module")
def model(rows: Sample) -> BehaviorModel:
    return BehaviorTrainer().fit(rows, 42)


def test_the_same_rows_give_the_same_bytes_and_the_files_give_the_same_model(
    rows: Sample, model: BehaviorModel, population: Facts
) -> None:
    files = model.files()
    assert BehaviorTrainer().fit(rows, 42).files() == files
    again = BehaviorModel.from_files(files)
    assert again.files() == files
    assert insights(population, again)[:50] == insights(population, model)[:50]


def test_a_model_is_proven_on_people_held_out_and_later_months(rows: Sample) -> None:
    found = trained(BehaviorTrainer(), rows, None, lambda share, doing: None)
    assert found.proven, found.reason
    figures = {metric.name: metric for metric in found.metrics}
    assert figures["direction_accuracy"].meets_bar
    assert figures["wape"].value < figures["wape"].baseline  # type: ignore[operator]
    assert {metric.name for metric in evaluated(BehaviorTrainer(), found.model, rows)} <= figures.keys()


def test_an_answer_of_the_model_says_so_and_names_a_kind_that_was_found(
    population: Facts, model: BehaviorModel
) -> None:
    answers = insights(population, model)
    assert {answer.basis for answer in answers} == {AnswerBasis.MODEL}
    assert {answer.segment.name for answer in answers} <= {each.name for each in model.segmentation.segments}
    assert sum(model.importance().values()) == pytest.approx(1.0)


def test_nasty_households_get_sane_answers_of_the_model_alone_as_in_a_batch(model: BehaviorModel) -> None:
    together = insights(facts(*NASTY.values()), model)
    alone = [insights(facts(each), model)[0] for each in NASTY.values()]
    assert [shown(answer) for answer in together] == [shown(answer) for answer in alone]
    for answer in together:
        if isinstance(answer, BehavioralInsights):
            assert_sane(answer)


def test_fifty_households_are_needed(rows: Sample) -> None:
    with pytest.raises(InsufficientData):
        BehaviorTrainer().fit(rows.take(np.arange(49)), 42)


def test_households_with_short_histories_can_be_learned_from(rows: Sample) -> None:
    """Nobody has two years: the ranges of the longest known length stand in."""
    y = rows.y.copy()
    y[:, :24] = np.nan
    y[:, 36:60] = np.nan
    y[:, OBSERVED] = 12
    short = Sample(users=rows.users, X=rows.X, y=y, groups=rows.groups)
    model = BehaviorTrainer().fit(short, 42)
    assert np.isfinite(model.forecaster.ends).all()
