"""Financial health: bounds, bands, missing data, and that better is never scored lower."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings

from engine.enums import HealthBand
from engine.facts import Facts
from engine.health import HEALTH_SOURCES, FinancialHealth, band, health
from engine.health.components import COMPONENTS
from tests.engine.facts_factory import NASTY, ORDINARY, Recording, account, facts, goal, household, steady
from tests.engine.strategies import households

Household = Mapping[str, Any]
INCOME = {"salary", "bonus", "benefits"}
DEBTS = {"CREDIT_CARD", "STUDENT_LOAN", "LOAN", "MORTGAGE"}


def score(one: Household) -> float:
    return health(facts(one))[0].overall_score


def component(found: FinancialHealth, name: str) -> float:
    return next(part.score for part in found.components if part.name == name)


def profile_value(name: str, factor: float) -> Callable[[Household], Household]:
    def better(one: Household) -> Household:
        value = one["profile"][name]
        changed = value if value is None else value * factor
        return {**one, "profile": {**one["profile"], name: changed}}

    return better


def more_net_worth(one: Household) -> Household:
    return {**one, "profile": {**one["profile"], "net_worth": one["profile"]["net_worth"] + 10_000}}


def balances(kinds_owed: bool, factor: float) -> Callable[[Household], Household]:
    def better(one: Household) -> Household:
        rows = [
            {**row, "balance": row["balance"] * (factor if row["balance"] * (-1 if kinds_owed else 1) > 0 else 1)}
            if (row["kind"] in DEBTS) == kinds_owed
            else row
            for row in one["accounts"]
        ]
        return {**one, "accounts": rows}

    return better


def lower_payments(one: Household) -> Household:
    rows = [
        {**row, "minimum_payment": row["minimum_payment"] and row["minimum_payment"] / 2} for row in one["accounts"]
    ]
    return {**one, "accounts": rows}


def sums(of_income: bool, factor: float) -> Callable[[Household], Household]:
    def better(one: Household) -> Household:
        months = [
            {name: value * (factor if (name in INCOME) == of_income else 1) for name, value in month.items()}
            for month in one["months"]
        ]
        return {**one, "months": months}

    return better


def one_more_goal(one: Household) -> Household:
    return {**one, "goals": [*one["goals"], goal("TRAVEL", 100.0)]}


def more_for_goals(one: Household) -> Household:
    return {
        **one, "goals": [{**row, "monthly_contribution": row["monthly_contribution"] + 50} for row in one["goals"]]
    }  # fmt: skip


def one_more_budget(one: Household) -> Household:
    return {**one, "budgets": {**one["budgets"], "gifts": 50.0}}


BETTER = {
    "more income": profile_value("annual_income", 1.3),
    "less spending as stated": profile_value("monthly_expenses", 0.8),
    "more liquid assets": profile_value("liquid_assets", 1.5),
    "less debt": profile_value("total_debt", 0.5),
    "no debt": profile_value("total_debt", 0.0),
    "more net worth": more_net_worth,
    "more in every account": balances(kinds_owed=False, factor=1.4),
    "less owed": balances(kinds_owed=True, factor=0.6),
    "nothing owed": balances(kinds_owed=True, factor=0.0),
    "lower least payments": lower_payments,
    "more pay in every month": sums(of_income=True, factor=1.2),
    "less spending in every month": sums(of_income=False, factor=0.7),
    "one more goal": one_more_goal,
    "more for goals": more_for_goals,
    "one more budget": one_more_budget,
}


@pytest.mark.parametrize("better", BETTER.values(), ids=BETTER.keys())
@settings(max_examples=25, deadline=None)
@given(one=households())
def test_better_in_one_input_never_scores_lower(better: Callable[[Household], Household], one: Household) -> None:
    before, after = health(facts(one, better(one)))
    assert after.overall_score >= before.overall_score


@settings(max_examples=50, deadline=None)
@given(one=households())
def test_any_household_has_a_score_within_bounds(one: Household) -> None:
    found = health(facts(one))[0]
    assert 0 <= found.overall_score <= 100
    assert found.band == band(found.overall_score)
    assert sum(part.weight for part in found.components) == pytest.approx(1, abs=1e-3)
    for part in found.components:
        assert 0 <= part.score <= 100
        assert part.sentence.endswith(".")
        assert "nan" not in part.sentence
        assert part.best_action is None or 0 < part.best_action.points <= 100 * part.weight + 0.05


def test_the_whole_of_every_weight_is_one() -> None:
    assert sum(each.weight for each in COMPONENTS) == pytest.approx(1)


def test_bands_begin_at_40_and_80() -> None:
    assert [band(score) for score in (0, 39.9, 40, 79.9, 80, 100)] == [
        HealthBand.VULNERABLE,
        HealthBand.VULNERABLE,
        HealthBand.COPING,
        HealthBand.COPING,
        HealthBand.HEALTHY,
        HealthBand.HEALTHY,
    ]


def test_a_household_with_everything_in_order_is_healthy() -> None:
    thriving = household(
        age=45.0,
        annual_income=120_000.0,
        accounts=[account("SAVINGS", 60_000.0), account("EMPLOYER_PLAN", 500_000.0)],
        goals=[goal("TRAVEL", 4_000.0, monthly_contribution=200.0)],
        budgets={"dining": 300.0},
        months=[{**month, "insurance": -250.0} for month in steady(7_500.0, 4_000.0)],
    )
    assert score(thriving) > 95


def test_a_household_without_income_and_in_debt_is_vulnerable() -> None:
    sinking = household(
        annual_income=0.0, employment="UNEMPLOYED", accounts=[account("CREDIT_CARD", -9_000.0, interest_rate=0.25)]
    )
    assert health(facts(sinking))[0].band is HealthBand.VULNERABLE


def test_what_is_not_known_is_left_out() -> None:
    known = {part.name for part in health(facts(NASTY["no transactions and no expenses"]))[0].components}
    assert known == {"Debt load", "Planning"}


def test_the_retired_may_live_from_their_investments() -> None:
    retired = household(
        age=70.0,
        employment="RETIRED",
        annual_income=24_000.0,
        monthly_expenses=4_000.0,
        accounts=[account("TRADITIONAL_IRA", 900_000.0)],
    )
    working = {**retired, "profile": {**retired["profile"], "employment": "EMPLOYED"}}  # type: ignore[dict-item]
    spending = [component(found, "Spending below income") for found in health(facts(retired, working))]
    assert spending[0] > 80
    assert spending[1] == 0


def test_fees_lower_the_score_of_bills_on_time() -> None:
    charged = household(months=[{**month, "fees": -30.0} for month in steady(4_000.0, 3_000.0)])
    spared = household(months=steady(4_000.0, 3_000.0))
    scores = [component(found, "Bills on time") for found in health(facts(charged, spared))]
    assert scores == [0.0, 100.0]


def test_following_a_best_action_brings_its_points() -> None:
    liquid = next(part for part in health(facts(ORDINARY))[0].components if part.name == "Liquid months")
    assert liquid.best_action is not None
    assert liquid.best_action.amount is not None
    rows = [
        {**row, "balance": row["balance"] + float(liquid.best_action.amount)} if row["kind"] == "SAVINGS" else row
        for row in ORDINARY["accounts"]  # type: ignore[attr-defined]
    ]
    gained = score({**ORDINARY, "accounts": rows}) - score(ORDINARY)
    assert gained == pytest.approx(liquid.best_action.points, abs=0.11)


def test_a_step_too_small_to_notice_is_not_told() -> None:
    young = household(age=24.0, accounts=[account("CHECKING", 500.0)], months=steady(4_000.0, 3_000.0))
    steps = {part.name: part.best_action for part in health(facts(young))[0].components}
    assert steps["Retirement readiness"] is None
    assert steps["Liquid months"] is not None
    nearly = household(accounts=[account("SAVINGS", 8_998.0)], months=steady(4_000.0, 3_000.0))
    whole = household(accounts=[account("SAVINGS", 8_900.0)], months=steady(4_000.0, 3_000.0))
    small, told = ({part.name: part for part in health(facts(one))[0].components} for one in (nearly, whole))
    assert small["Liquid months"].best_action is None
    assert told["Liquid months"].best_action is not None


def test_exactly_the_declared_sources_are_read() -> None:
    batch = facts(*NASTY.values())
    recording = Recording(batch.sources)
    health(Facts(today=batch.today, users=batch.users, sources=recording))
    assert recording.read == HEALTH_SOURCES


def test_one_household_scores_as_in_a_batch() -> None:
    assert health(facts(*NASTY.values())) == [health(facts(one))[0] for one in NASTY.values()]


def test_nobody_has_no_score() -> None:
    assert health(facts()) == []


def test_what_is_owned_in_all_is_not_called_invested() -> None:
    """Without accounts nobody knows how much of it is."""
    stated = household(net_worth=20_000.0, liquid_assets=8_000.0, accounts=[])
    listed = household(accounts=[account("TRADITIONAL_IRA", 20_000.0)])
    nothing = household(accounts=[account("CHECKING", 100.0)])
    told = [
        next(part.sentence for part in found.components if part.name == "Retirement readiness")
        for found in health(facts(stated, listed, nothing))
    ]
    assert told[0].startswith("$20,000 is owned in all, debts taken off,")
    assert told[1].startswith("$20,000 is invested")
    assert told[2].startswith("Nothing is invested")


def test_plans_are_told_in_a_whole_sentence() -> None:
    parts = health(facts(household(goals=[goal("TRAVEL", 900.0)])))[0].components
    assert "You have 1 goal, and no budgets." in {part.sentence for part in parts}
