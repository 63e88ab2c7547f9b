"""Peer insights without a model: survey figures stand in, and only what helps is put into words."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from engine.advise import advise
from engine.enums import UNKNOWN, AnswerBasis
from engine.overview.actions import YARDSTICK
from engine.peers.survey import cohorts, stand_in
from engine.recommenders.peer_insights import PeerBenchmark, PeerInsights, PeerOptions
from engine.recommenders.peer_insights.plan import lacking
from engine.recommenders.peer_insights.study import study
from engine.recommenders.peer_insights.telling import helps
from tests.engine.facts_factory import Row, account, facts, goal, household, steady


def insights(*batch: Row) -> list[PeerInsights]:
    found = advise(facts(*batch), ["peer_insights"])["peer_insights"]
    return [answer for answer in found if isinstance(answer, PeerInsights)]


def insight(**more: object) -> PeerInsights:
    return insights(household(**more))[0]  # type: ignore[arg-type]


def benchmark(answer: PeerInsights, metric: str) -> PeerBenchmark:
    return next(each for each in answer.benchmarks if each.metric == metric)


def told(answer: PeerInsights) -> dict[str, str]:
    return {entry.feature: entry.sentence for entry in answer.explanation}


def keys(answer: PeerInsights) -> set[str]:
    return {each.key for each in answer.recommendations}


def month(**spent: float) -> dict[str, float]:
    return {"salary": 4_000.0, **{name: -value for name, value in spent.items()}}


# --- the survey ----------------------------------------------------------------------------------------------------


def test_families_of_the_same_age_and_income_stand_in_and_are_named() -> None:
    answer = insight(age=50.0, annual_income=60_000.0)
    assert (answer.basis, answer.confidence, answer.similar_users) == (AnswerBasis.BASE_RATE, None, ())
    assert "families of the Survey of Consumer Finances 2019" in told(answer)["cohort"]
    assert "aged 45-54" in told(answer)["cohort"]
    assert "50,000-100,000" in told(answer)["cohort"]
    assert answer.cohort_size >= 50
    debts = benchmark(answer, "debt_to_income")
    assert debts.median == pytest.approx(0.926, abs=0.01)


def test_bands_with_few_families_are_told_by_age_alone() -> None:
    assert (0, 4) not in cohorts()
    found = stand_in("USD", 0, 4)
    assert found is not None
    assert (found.age_band, found.income_band) == (0, UNKNOWN)


def test_every_stand_in_rests_on_fifty_families_and_ascends() -> None:
    for cohort in cohorts().values():
        assert cohort.size >= 50
        assert all(low <= high for spread in cohort.spreads.values() for low, high in pairwise(spread.values))


def test_another_currency_is_compared_with_nobody() -> None:
    answer = insight(currency="CHF")
    assert answer.cohort_size == 0
    assert {(each.p25, each.median, each.p75, each.percentile) for each in answer.benchmarks} == {(None,) * 4}
    assert "nothing is compared" in told(answer)["cohort"]
    assert {each.source for each in answer.benchmarks} == {"Fewer than 20 people are here of whom this is known."}


def test_what_the_survey_does_not_ask_has_no_figures_and_says_why() -> None:
    answer = insight(months=[month(rent=900.0, transport=2_100.0)] * 12, goals=[goal("TRAVEL", 1_000.0)])
    assert benchmark(answer, "savings_rate").value == pytest.approx(0.25)
    for metric in ("savings_rate", "goal_progress", "spending_transport"):
        one = benchmark(answer, metric)
        assert (one.p25, one.median, one.p75, one.percentile) == (None,) * 4
        assert "Survey of Consumer Finances 2019, which would stand in, does not tell it" in one.source


def test_each_figure_of_the_survey_says_whose_it_is() -> None:
    answer = insight(age=50.0, months=[month(rent=900.0, groceries=400.0, dining=100.0)] * 12)
    for metric in ("emergency_months", "debt_to_income", "spending_housing", "spending_groceries", "spending_dining"):
        one = benchmark(answer, metric)
        assert one.median is not None
        assert "families of the Survey of Consumer Finances 2019 (United States) aged 45-54" in one.source


def test_what_is_not_known_of_the_household_is_not_compared() -> None:
    answer = insight(annual_income=0.0, monthly_expenses=None)
    metrics = {each.metric for each in answer.benchmarks}
    assert not metrics & {"debt_to_income", "savings_rate", "goal_progress"}


def test_the_five_greatest_kinds_of_spending_are_compared() -> None:
    spent = {"rent": 900.0, "groceries": 400.0, "dining": 300.0, "travel": 20.0, "shopping": 200.0, "health": 100.0}
    answer = insight(months=[month(**spent)] * 12)
    shown = [each.metric for each in answer.benchmarks if each.metric.startswith("spending_")]
    assert shown == [f"spending_{name}" for name in ("housing", "groceries", "dining", "shopping", "health")]
    assert benchmark(answer, "spending_dining").value == pytest.approx(300.0 / 5_000.0)
    assert benchmark(answer, "spending_dining").median is not None


def test_goal_progress_is_the_mean_over_goals_none_of_which_counts_beyond_its_target() -> None:
    goals = [goal("TRAVEL", 1_000.0, saved_amount=3_000.0), goal("OTHER", 1_000.0, saved_amount=500.0)]
    assert benchmark(insight(goals=goals), "goal_progress").value == pytest.approx(0.75)


# --- no harm -------------------------------------------------------------------------------------------------------


def test_who_is_behind_in_savings_hears_of_no_comparison() -> None:
    poor = insight(accounts=[account("CHECKING", 100.0), account("CREDIT_CARD", -90_000.0)])
    assert set(told(poor)) == {"cohort"}
    words = " ".join(f"{each.title} {each.description}" for each in poor.recommendations).lower()
    assert not any(word in words for word in ("peer", "others", "median", "behind", "below"))


def test_who_is_ahead_is_praised() -> None:
    rich = insight(accounts=[account("SAVINGS", 60_000.0)])
    assert "a good cushion" in told(rich)["emergency_months"]
    assert "no more than the middle" in told(rich)["debt_to_income"]
    effects = {entry.feature: entry.effect for entry in rich.explanation}
    assert effects["emergency_months"] > 0
    assert effects["debt_to_income"] > 0


def test_nobody_is_praised_for_keeping_what_lenders_take() -> None:
    """What is not spent is as much with both; the savings strategy tells the second one to close a gap."""
    free, taken = (
        household(accounts=[account("LOAN", -20_000.0, minimum_payment=payment)], months=[month(rent=2_500.0)] * 12)
        for payment in (100.0, 2_500.0)
    )
    found = study(facts(free, taken), {})
    assert found.metrics["savings_rate"][0] == found.metrics["savings_rate"][1] > 0.3
    assert ["savings_rate" in lacking(found, user) for user in (0, 1)] == [False, True]


def test_nobody_is_praised_for_what_is_too_little_whatever_others_do() -> None:
    accounts = [account("SAVINGS", 8_000.0)]
    thin = insight(age=30.0, annual_income=20_000.0, monthly_expenses=3_000.0, accounts=accounts)
    reserve = benchmark(thin, "emergency_months")
    assert reserve.median is not None
    assert reserve.median < reserve.value < 3.0
    assert "emergency_months" not in told(thin)


def test_next_to_nothing_is_not_praised_however_little_others_have() -> None:
    """0.4 % of a goal may be as much as the middle of peers, and is no reason to be told so."""
    one = PeerBenchmark(
        metric="goal_progress", value=0.004, p25=0.0, median=0.002, p75=0.1, percentile=0.5, source="peers"
    )
    assert not helps(one, ())
    assert helps(replace(one, value=0.06), ())
    assert not helps(replace(one, metric="savings_rate"), ())


def test_shares_of_income_say_of_which_income() -> None:
    """Spending and debts are told of income before tax, what is kept of income after it."""
    rich = insight(
        accounts=[account("SAVINGS", 60_000.0), account("MORTGAGE", -10_000.0, interest_rate=0.03)],
        months=[month(rent=1_000.0, dining=1_500.0)] * 12,
    )
    assert "of a year's income before tax" in told(rich)["debt_to_income"]
    assert "of your income before tax goes to eating out" in told(rich)["spending_dining"]


def test_nobody_is_praised_for_a_dear_debt_or_one_that_the_plan_pays_down() -> None:
    dear = [account("CREDIT_CARD", -500.0, interest_rate=0.24)]
    plain = [account("SAVINGS", 60_000.0), account("MORTGAGE", -10_000.0, interest_rate=0.03)]
    broke = insight(accounts=dear, months=steady(3_000.0, 3_600.0))
    assert benchmark(broke, "debt_to_income").value < (benchmark(broke, "debt_to_income").median or 0.0)
    assert "debt_to_income" not in told(broke)
    assert "no more than the middle" in told(insight(accounts=plain))["debt_to_income"]


def test_nobody_is_asked_to_spend_less_on_other_things() -> None:
    answer = insight(months=[month(rent=900.0, other=1_500.0)] * 12, accounts=[account("CHECKING", 500.0)])
    assert "spend_less:other" not in keys(answer)


def test_only_who_spends_more_than_three_of_four_hears_of_it() -> None:
    much = insight(months=[month(rent=900.0, dining=900.0)] * 12)
    little = insight(months=[month(rent=900.0, dining=10.0)] * 12)
    assert "three of four peers" in told(much)["spending_dining"]
    assert "spending_dining" not in told(little)


def test_essential_spending_is_never_commented_on() -> None:
    answer = insight(months=[month(groceries=2_900.0)] * 12)
    one = benchmark(answer, "spending_groceries")
    assert one.p75 is not None
    assert one.value > one.p75
    assert "spending_groceries" not in told(answer)
    assert "spend_less:groceries" not in keys(answer)


# --- the plan agrees -----------------------------------------------------------------------------------------------


def test_a_thin_reserve_grows_by_what_the_plan_puts_there() -> None:
    home = household(months=steady(4_000.0, 3_000.0), accounts=[account("CHECKING", 1_000.0)])
    found = advise(facts(home), ["peer_insights", "savings_strategy"])
    answer, strategy = found["peer_insights"][0], found["savings_strategy"][0]
    assert isinstance(answer, PeerInsights)
    step = next(each for each in answer.recommendations if each.key == "build_reserve")
    planned = {part.bucket: part.monthly_amount for part in strategy.allocation}  # type: ignore[union-attr]
    assert step.actionable_items[0].amount == planned["EMERGENCY_FUND"]


def test_where_nothing_can_be_saved_no_reserve_is_asked_for() -> None:
    assert "build_reserve" not in keys(insight(months=steady(3_000.0, 3_600.0)))


def test_spending_less_is_advised_only_where_the_plan_has_a_place_for_the_money() -> None:
    months = [month(rent=900.0, dining=900.0)] * 12
    short = insight(months=months, accounts=[account("CHECKING", 500.0)])
    full = insight(months=months, accounts=[account("SAVINGS", 90_000.0)])
    assert "spend_less:dining" in keys(short)
    assert "spend_less:dining" not in keys(full)
    advised = next(each for each in short.recommendations if each.key == "spend_less:dining")
    dining = benchmark(short, "spending_dining")
    assert dining.median is not None
    expected = 0.5 * (dining.value - dining.median) * 60_000.0 / 12.0
    assert float(advised.data["monthly_amount"]) == pytest.approx(expected, abs=0.01)
    (step,) = advised.actionable_items
    assert float(step.amount or 0) == pytest.approx(900.0 - expected, abs=0.01)


def test_money_kept_counts_with_what_it_spares_in_its_first_year_and_safety_is_not_told_as_money() -> None:
    months = [month(rent=900.0, dining=900.0)] * 12
    in_debt = [account("CHECKING", 500.0), account("CREDIT_CARD", -9_000.0, interest_rate=0.24)]
    for accounts, is_money in ((in_debt, True), ([account("CHECKING", 500.0)], False)):
        answer = insight(months=months, accounts=accounts)
        advised = next(each for each in answer.recommendations if each.key == "spend_less:dining")
        worth = 6.0 * float(advised.data["monthly_amount"]) * float(advised.data["worth_a_year"])
        told = advised.annual_impact if is_money else Decimal(advised.data[YARDSTICK])
        assert (advised.annual_impact is not None) == is_money
        assert float(told or 0) == pytest.approx(worth, rel=0.01)


# --- options ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("similar", [0, 51, -1])
def test_no_one_or_more_than_fifty_similar_people_are_refused(similar: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 50"):
        PeerOptions(similar=similar)
