"""What a household is told of its spending: in money, in plain sentences, with and without a model."""

import re
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
from tests.engine.sane import assert_sane, shown
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


def ordinary() -> list[tuple[Any, ...]]:
    """A year of groceries every week and of one service every month."""
    food = [(TODAY - timedelta(7 * week + 1), -55.0 - week % 5, "groceries", "Market") for week in range(50)]
    return [*food, *((TODAY - timedelta(30 * month + 40), -10.0, "subscriptions", "Streamio") for month in range(11))]


@pytest.mark.parametrize(
    ("payment", "title", "sentence", "step"),
    [
        (
            (TODAY - timedelta(9), -17.5, "subscriptions", "Streamio"),
            "Check the new price of Streamio",
            "Streamio now takes $17.50, up from $10.00: $90.00 more a year.",
            "take a cheaper plan",
        ),
        (
            (TODAY - timedelta(3), -600.0, "groceries", "Market"),
            "Check a payment of $600 at Market",
            "$600 at Market is far above what is usual for you there: about $55 at a time.",
            "tell your bank",
        ),
        (
            (TODAY - timedelta(3), -600.0, "groceries", None),
            "Check a payment of $600 for groceries",
            "$600 for groceries is far above what is usual for you: about $54 at a time.",
            "tell your bank",
        ),
        (
            (TODAY - timedelta(3), -700.0, "groceries", "Nightfall", 3),
            "Check a payment of $700 at Nightfall",
            (
                "$700 went at night to Nightfall, where no payment of yours was seen before; for groceries you usually "
                "pay about $54 at a time."
            ),
            "tell your bank",
        ),
    ],
)
def test_a_payment_is_told_in_a_sentence_with_a_step(
    payment: tuple[Any, ...], title: str, sentence: str, step: str
) -> None:
    first = told(months=steady(4_000.0, 3_000.0), transactions=[*ordinary(), payment]).recommendations[0]
    assert first.title == title
    assert first.description == sentence
    assert step in first.actionable_items[0].title


def test_a_habit_is_told_with_its_money_and_one_step() -> None:
    saturday = TODAY - timedelta((TODAY.weekday() - 5) % 7)
    trips = [(saturday - timedelta(7 * week), -80.0, "dining", "Grill") for week in range(50)]
    answer = told(months=steady(4_000.0, 3_000.0), transactions=trips)
    assert [bias.kind for bias in answer.biases] == [BiasKind.WEEKEND_SPLURGE]
    assert answer.biases[0].evidence == (
        "100% of what you spent on eating out, shopping, travel and the like went out on Saturdays and Sundays, two "
        "days in seven: about $81 a weekend, $3,016 a year more than evenly spread."
    )
    unjudged = {each.kind: each.reason for each in answer.biases_not_judged}
    assert BiasKind.WEEKEND_SPLURGE not in unjudged
    assert {BiasKind.LOSS_AVERSION, BiasKind.LIFESTYLE_INFLATION, BiasKind.PAYDAY_EFFECT} <= unjudged.keys()
    assert "send what was sold" in unjudged[BiasKind.LOSS_AVERSION]
    habit = next(each for each in answer.recommendations if each.key == "habit:weekend_splurge")
    assert habit.description == answer.biases[0].evidence
    assert len(habit.actionable_items) == 1


def test_who_sells_gains_and_keeps_losses_is_told_both_shares(population: Facts) -> None:
    """Of synthetic households; one that sold nothing is told what to send."""
    answers = insights(population)
    found = [bias for answer in answers for bias in answer.biases if bias.kind is BiasKind.LOSS_AVERSION]
    assert found
    for bias in found:
        taken, kept = re.findall(r"([\d.]+)%", bias.evidence)
        assert float(taken) > float(kept)
        assert "chance would take" in bias.evidence
    seller = set(population.sales.user.tolist())
    bare = next(answer for user, answer in enumerate(answers) if user not in seller)
    unjudged = {each.kind: each.reason for each in bare.biases_not_judged}
    assert unjudged[BiasKind.LOSS_AVERSION].startswith("Judging this takes 25 lots sold")
    assert "send what was sold" in unjudged[BiasKind.LOSS_AVERSION]


def test_what_followed_a_rise_in_pay_is_told_in_money_or_why_it_is_not() -> None:
    kind = BiasKind.LIFESTYLE_INFLATION
    before, since = (
        {"salary": pay, "rent": -1_200.0, "dining": -wants} for pay, wants in ((4_000, 800), (5_000, 1_600))
    )
    answer = told(months=[before] * 18 + [since] * 18)
    sentence = next(each.evidence for each in answer.biases if each.kind is kind)
    assert "18 months ago" in sentence
    assert "21% of pay" in sentence or "20% of pay" in sentence
    assert any(each.key == "habit:lifestyle_inflation" for each in answer.recommendations)
    unsteady = [
        {**month, "dining": month["dining"] * (0.1 + 3 * (place % 5 == 0))}
        for place, month in enumerate([before] * 18 + [since] * 18)
    ]
    for months, reason in ((unsteady, "varies too much"), ([before] * 36, "Judging this takes a lasting rise in pay")):
        reasons = {each.kind: each.reason for each in told(months=months).biases_not_judged}
        assert reason in reasons[kind]


def test_a_budget_that_does_not_fit_is_put_as_a_choice() -> None:
    months = [{"salary": 4_000.0, "dining": -300.0}] * 12
    over = told(months=months, budgets={"dining": 200.0}).recommendations[0]
    assert over.key == "meet_budget:dining"
    assert over.annual_impact is None
    assert len(over.actionable_items) == 2
    assert over.description.startswith("You spent $300 a month on eating out over the last year; the budget is $200.")
    assert told(months=months, budgets={"dining": 290.0}).recommendations == ()
    short = told(months=months[:5], budgets={"dining": 200.0}).recommendations[0]
    assert "over the last 5 months" in short.description


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
