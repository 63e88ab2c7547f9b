"""Risk: what is said, what is expected and what can be borne stay apart, and better means never lower the capacity."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advise import advise
from engine.enums import AnswerBasis, Priority, RiskLevel, RiskMismatch
from engine.recommenders.risk_assessment import RiskAssessment
from engine.recommenders.risk_assessment.capacity import LEVEL_STARTS, MIDDLE, SCALES, level_of, weighed
from tests.engine.facts_factory import NASTY, ORDINARY, TODAY, Row, account, facts, goal, household, lot, steady
from tests.engine.strategies import households

LEVELS = list(RiskLevel)
HIGHER_IS_BETTER = {"income_stability", "emergency_months", "horizon", "human_capital"}
MOST = {"income_stability": 100.0, "emergency_months": 24.0, "horizon": 40.0, "human_capital": 45.0, "dependents": 8.0}


def assessments(*batch: Row) -> list[RiskAssessment]:
    found = advise(facts(*batch), ["risk_assessment"])["risk_assessment"]
    return [answer for answer in found if isinstance(answer, RiskAssessment)]


def assessment(one: Row) -> RiskAssessment:
    return assessments(one)[0]


def keys(answer: RiskAssessment) -> set[str]:
    return {recommendation.key for recommendation in answer.recommendations}


# --- tolerance -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_without_a_model_the_person_s_own_word_is_what_is_expected(level: RiskLevel) -> None:
    answer = assessment(household(stated_risk_tolerance=str(level)))
    assert answer.stated_tolerance == answer.predicted_tolerance == level
    assert (answer.mismatch, answer.basis, answer.confidence) == (RiskMismatch.ALIGNED, AnswerBasis.RULE, None)


def test_who_has_not_said_gets_the_middle_of_people_alike_and_is_asked() -> None:
    answer = assessment(household(stated_risk_tolerance=None))
    assert (answer.stated_tolerance, answer.mismatch) == (None, RiskMismatch.UNSTATED)
    assert answer.basis == AnswerBasis.BASE_RATE
    assert "state_risk_tolerance" in keys(answer)
    below = np.cumsum([each.probability for each in answer.probabilities])
    assert answer.predicted_tolerance == LEVELS[int(np.searchsorted(below, 0.5))]


def test_a_person_s_own_word_does_not_move_what_people_alike_say() -> None:
    said = assessment(household(stated_risk_tolerance="AGGRESSIVE"))
    assert said.probabilities == assessment(household(stated_risk_tolerance=None)).probabilities


def test_base_rates_are_the_survey_s_where_it_tells() -> None:
    young, old = assessments(household(age=30.0, annual_income=120_000.0), household(age=80.0, annual_income=15_000.0))
    no_risk = [sum(each.probability for each in answer.probabilities[:2]) for answer in (young, old)]
    assert no_risk == pytest.approx([0.0854, 0.8683])
    assert old.predicted_tolerance == RiskLevel.CONSERVATIVE


@settings(max_examples=60, deadline=None)
@given(households())
def test_probabilities_are_a_distribution_over_the_levels_in_order(one: Row) -> None:
    answer = assessment(one)
    assert [each.level for each in answer.probabilities] == LEVELS
    assert sum(each.probability for each in answer.probabilities) == pytest.approx(1.0)
    assert all(each.probability >= 0 for each in answer.probabilities)


# --- capacity ------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(households())
def test_what_is_recommended_is_the_lower_of_tolerance_and_capacity(one: Row) -> None:
    answer = assessment(one)
    lower = min(LEVELS.index(answer.predicted_tolerance), LEVELS.index(answer.capacity.level))
    assert answer.recommended_level == LEVELS[lower]
    assert 0 <= answer.capacity.score <= 100


@settings(max_examples=60, deadline=None)
@given(households())
def test_drivers_add_up_to_the_score(one: Row) -> None:
    capacity = assessment(one).capacity
    effects = [entry.effect for entry in capacity.drivers]
    assert MIDDLE + sum(effects) == pytest.approx(capacity.score, abs=0.05)
    assert [abs(effect) for effect in effects] == sorted((abs(effect) for effect in effects), reverse=True)


def inputs_by_chance() -> st.SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries({name: st.floats(0.0, MOST.get(name, 1.0)) for name in SCALES})


@settings(max_examples=400, deadline=None)
@given(inputs_by_chance(), st.sampled_from(sorted(SCALES)), st.floats(0.0, 1.0))
def test_better_in_any_one_input_never_lowers_the_score(given_inputs: dict[str, float], name: str, step: float) -> None:
    value = given_inputs[name]
    better = value + step * (MOST.get(name, 1.0) - value) if name in HIGHER_IS_BETTER else value * (1.0 - step)
    assert score({**given_inputs, name: better}) >= score(given_inputs) - 1e-9


def score(values: dict[str, float]) -> float:
    columns = {name: np.array([value]) for name, value in values.items()}
    return float(MIDDLE + sum(effect[0] for effect in weighed(columns).values()))


CUSHION = [account("SAVINGS", 12_000.0)]
BETTER = {
    "more cash": ({"accounts": [account("SAVINGS", 9_000.0)]}, {"accounts": [account("SAVINGS", 30_000.0)]}),
    "more income": (
        {"annual_income": 40_000.0, "accounts": [*CUSHION, account("LOAN", -20_000.0, minimum_payment=900.0)]},
        {"annual_income": 80_000.0, "accounts": [*CUSHION, account("LOAN", -20_000.0, minimum_payment=900.0)]},
    ),
    "lower payments": (
        {"accounts": [*CUSHION, account("LOAN", -20_000.0, minimum_payment=900.0)]},
        {"accounts": [*CUSHION, account("LOAN", -20_000.0, minimum_payment=300.0)]},
    ),
    "a later goal": (
        {"goals": [goal("HOME_PURCHASE", 50_000.0, target_date=TODAY + timedelta(days=400))]},
        {"goals": [goal("HOME_PURCHASE", 50_000.0, target_date=TODAY + timedelta(days=4000))]},
    ),
    "fewer dependents": ({"dependents": 3.0}, {"dependents": 1.0}),
    "younger": ({"age": 60.0}, {"age": 30.0}),
    "steadier pay": (
        {"months": [{"salary": pay, "rent": -1_500.0} for pay in (1_000.0, 7_000.0)] * 6},
        {"months": steady(4_000.0, 1_500.0)},
    ),
    "work found": ({"employment": "UNEMPLOYED"}, {"employment": "EMPLOYED"}),
    "less at stake": (
        {
            "accounts": [
                *CUSHION,
                account("TAXABLE", 50_000.0, lots=[lot("VTI", 500.0, 100.0, 1.0, asset_class="US_EQUITY")]),
            ]
        },
        {
            "accounts": [
                *CUSHION,
                account("TAXABLE", 50_000.0, lots=[lot("AGG", 500.0, 100.0, 1.0, asset_class="US_BONDS")]),
            ]
        },
    ),
}


@pytest.mark.parametrize("name", BETTER)
def test_a_household_that_is_better_off_can_bear_more(name: str) -> None:
    worse, better = assessments(*(household(**change) for change in BETTER[name]))  # type: ignore[arg-type]
    assert better.capacity.score > worse.capacity.score


@settings(max_examples=60, deadline=None)
@given(households(), st.floats(0.0, 1e6), st.floats(0.0, 40.0))
def test_more_cash_or_fewer_years_never_lower_the_capacity(one: Row, cash: float, years: float) -> None:
    profile = one["profile"]
    assert isinstance(profile, dict)
    richer = {**one, "accounts": [*one["accounts"], account("CHECKING", cash)]}  # type: ignore[misc]
    if one["accounts"]:
        assert assessment(richer).capacity.score >= assessment(one).capacity.score - 1e-9
    younger = {**one, "profile": {**profile, "age": max(profile["age"] - years, 18.0)}}
    assert assessment(younger).capacity.score >= assessment(one).capacity.score - 1e-9


def test_levels_begin_where_they_are_documented() -> None:
    assert level_of(np.array([0.0, *LEVEL_STARTS, 100.0])).tolist() == [0, 1, 2, 3, 4, 4]


def test_small_goals_do_not_decide_how_the_rest_is_invested() -> None:
    rich = [account("TAXABLE", 500_000.0)]
    soon = goal("TRAVEL", 2_000.0, target_date=TODAY + timedelta(days=60))
    with_trip, without = assessments(household(accounts=rich, goals=[soon]), household(accounts=rich))
    assert with_trip.capacity == without.capacity


# --- advice --------------------------------------------------------------------------------------------------------


def test_who_wants_more_than_can_be_borne_is_told_how_much_and_why() -> None:
    answer = assessment(
        household(
            stated_risk_tolerance="AGGRESSIVE",
            employment="UNEMPLOYED",
            annual_income=0.0,
            accounts=[account("CREDIT_CARD", -9_000.0, minimum_payment=270.0)],
            goals=[goal("HOME_PURCHASE", 40_000.0, target_date=date(2027, 6, 1))],
        )
    )
    (advised,) = [each for each in answer.recommendations if each.key == "invest_within_capacity"]
    assert advised.priority == Priority.HIGH
    assert answer.recommended_level == answer.capacity.level == RiskLevel.CONSERVATIVE
    assert advised.actionable_items[0].amount is not None


def test_caution_is_a_choice_not_a_fault() -> None:
    answer = assessment(
        household(age=28.0, stated_risk_tolerance="CONSERVATIVE", accounts=[account("SAVINGS", 60_000.0)])
    )
    assert answer.recommended_level == RiskLevel.CONSERVATIVE
    assert keys(answer) == {"know_the_cost_of_caution"}


def test_sex_and_marriage_are_not_read() -> None:
    women, men = assessments(household(sex="FEMALE"), household(sex="MALE", marital_status="WIDOWED"))
    assert women == men


@pytest.mark.parametrize("name", NASTY)
def test_sentences_end_and_begin_as_sentences(name: str) -> None:
    told = [entry.sentence for entry in assessment(NASTY[name]).explanation]
    assert all(text[0].isupper() or text[0].isdigit() for text in told)
    assert all(text.endswith(".") and "  " not in text for text in told)


def test_who_spends_more_than_comes_in_is_not_told_to_bear_more_risk() -> None:
    cash = [account("SAVINGS", 90_000.0)]
    even, short = (
        assessment(household(accounts=cash, months=steady(5_000.0, spent), stated_risk_tolerance="CONSERVATIVE"))
        for spent in (4_000.0, 5_500.0)
    )
    assert keys(even) == {"know_the_cost_of_caution"}
    assert short.capacity.level == even.capacity.level
    assert keys(short) == set()


def test_a_steady_income_that_may_end_is_told_so() -> None:
    accounts, months = [account("SAVINGS", 9_000.0)], steady(5_000.0, 4_000.0)
    worker, seeker = (
        {entry.feature: entry.sentence for entry in assessment(one).explanation}["income_stability"]
        for one in (household(accounts=accounts, months=months, employment=kind) for kind in ("EMPLOYED", "UNEMPLOYED"))
    )
    assert worker.endswith("of its mean.")
    assert seeker.endswith("of its mean, but it may not last.")


@pytest.mark.parametrize(
    ("cash", "said"),
    [
        (20.0, "There is next to no cash to cover spending."),
        (6_200.0, "Your cash covers 2 months of spending."),
        (900_000.0, "Your cash covers 10 years or more of spending."),
    ],
)
def test_cash_is_told_in_months_that_it_covers(cash: float, said: str) -> None:
    told = assessment(household(accounts=[account("SAVINGS", cash)], months=steady(5_000.0, 3_100.0))).explanation
    assert {entry.feature: entry.sentence for entry in told}["emergency_months"] == said


def test_an_ordinary_household_in_figures() -> None:
    answer = assessment(ORDINARY)
    told = {entry.feature: entry.value for entry in answer.capacity.drivers}
    assert told["emergency_months"] == pytest.approx(6_500 / 3_100, abs=1e-3)
    assert told["debt_service"] == pytest.approx(80 / 5_000)
    assert told["horizon"] == pytest.approx((date(2031, 6, 1) - TODAY).days / 365.25, abs=1e-3)
