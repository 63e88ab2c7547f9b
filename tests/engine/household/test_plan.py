"""The plan: the next unit of money goes where it is worth most, and a full place passes it on."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.enums import UNKNOWN, code
from engine.features.cash_flow import cash_flow
from engine.goals.probability import success_probability
from engine.goals.returns import GLIDES
from engine.household import goals_alone, plan
from engine.household.aims import glides
from engine.household.pieces import Place
from engine.household.split import contributions
from engine.household.worth import LEAST_TRANSFER
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import account, facts, goal, household, steady
from tests.engine.household.planned import CARD, CHEAP_LOAN, FULL_FUND, PLACES, PLANS, planned
from tests.engine.strategies import households, money


def amounts(one: Row, budget: float) -> dict[Place, float]:
    """What each place gets a month, by place."""
    _, made = planned(one, budget)
    found: dict[Place, float] = {}
    for row, amount in enumerate(made.amount):
        if amount > 0:
            place = PLACES[made.places.place[row]]
            found[place] = found.get(place, 0.0) + float(amount)
    return found


def order(one: Row) -> list[Place]:
    """Places from the worthiest on, without repeats."""
    _, made = planned(one, 0.0)
    return list(dict.fromkeys(PLACES[place] for place in made.places.place))


@settings(max_examples=50, deadline=None)
@given(households(), money(2e4))
def test_the_whole_budget_is_placed_where_there_is_room(one: Row, budget: float) -> None:
    batch, made = planned(one, budget)
    assert made.amount.sum() == pytest.approx(made.budget[0], abs=1e-6)
    assert np.floor(budget) - 2 * LEAST_TRANSFER < made.budget[0] <= budget
    assert (made.amount >= 0).all()
    assert (made.amount <= np.minimum(made.places.limit, made.places.stock) + 1e-6).all()
    assert len(batch) == 1


@settings(max_examples=50, deadline=None)
@given(households(), money(2e4))
def test_no_place_gets_money_while_a_worthier_one_has_room(one: Row, budget: float) -> None:
    """Goals count as one: which of them gets their money, their probabilities decide."""
    _, made = planned(one, budget)
    room = np.minimum(made.places.limit, made.places.stock) - made.amount
    goals = made.places.place == code(Place.GOAL)
    others = np.flatnonzero((made.amount > 0) & ~goals)
    assert (np.diff(made.places.worth) <= 0).all()
    assert (room[: others.max(initial=0)][~goals[: others.max(initial=0)]] < LEAST_TRANSFER + 0.01).all()


@settings(max_examples=30, deadline=None)
@given(households(), st.integers(10, 5_000))
def test_more_money_never_takes_from_a_place(one: Row, budget: int) -> None:
    _, less = planned(one, float(budget))
    _, more = planned(one, 2.0 * budget)
    goals = less.places.place == code(Place.GOAL)
    assert (more.amount[~goals] >= less.amount[~goals] - 1e-6).all()
    assert more.amount[goals].sum() >= less.amount[goals].sum() - LEAST_TRANSFER


def test_a_match_comes_before_a_card_and_a_card_before_a_plan_without_match() -> None:
    found = order(household(accounts=[PLANS, CARD, FULL_FUND]))
    assert found.index(Place.MATCH) < found.index(Place.DEBT) < found.index(Place.PLAN)


def test_a_poor_match_comes_after_a_dear_debt() -> None:
    poor = account("EMPLOYER_PLAN", 0.0, employer_match_rate=0.05, employer_match_limit=0.03)
    assert order(household(accounts=[poor, CARD, FULL_FUND]))[:2] == [Place.DEBT, Place.MATCH]


def test_a_cheap_loan_comes_last() -> None:
    assert order(household(accounts=[CHEAP_LOAN, FULL_FUND]))[-1] is Place.DEBT


def test_student_loan_interest_counts_after_its_deduction() -> None:
    rows = [account("STUDENT_LOAN", -9_000.0, interest_rate=0.06), account("LOAN", -9_000.0, interest_rate=0.06)]
    batch, made = planned(household(accounts=[*rows, FULL_FUND], annual_income=70_000.0), 0.0)
    worth = {int(made.places.account[row]): made.places.worth[row] for row in range(len(made.places))}
    assert worth[0] == pytest.approx(0.06 * (1 - 0.22))
    assert worth[1] == pytest.approx(0.06)
    assert len(batch) == 1


def test_the_first_month_of_cash_comes_before_a_card_and_the_last_after_it() -> None:
    _, made = planned(household(accounts=[CARD, account("SAVINGS", 0.0)]), 0.0)
    places = [PLACES[place] for place in made.places.place]
    assert places[:3] == [Place.EMERGENCY, Place.DEBT, Place.EMERGENCY]


def test_a_full_place_passes_the_money_on() -> None:
    one = household(accounts=[PLANS, account("CREDIT_CARD", -100.0, interest_rate=0.24), FULL_FUND])
    without_spare = {**one, "accounts": [PLANS, account("CREDIT_CARD", -100.0, interest_rate=0.24)]}
    found = amounts({**without_spare, "profile": {**one["profile"], "monthly_expenses": 0.0}}, 600.0)  # type: ignore[dict-item]
    assert found[Place.MATCH] == 150.0
    assert found[Place.DEBT] == 100.0
    assert sum(found.values()) == 600.0
    assert found[Place.PLAN] == 350.0


def test_sheltered_places_stay_within_the_law() -> None:
    rich = household(
        annual_income=140_000.0,
        age=30.0,
        accounts=[PLANS, account("HSA", 10.0), account("ROTH_IRA", 10.0), FULL_FUND],
        monthly_expenses=1_000.0,
    )
    found = amounts(rich, 20_000.0)
    assert found[Place.MATCH] + found[Place.PLAN] == pytest.approx(24_500 / 12, abs=0.02)
    assert found[Place.HSA] == pytest.approx(4_400 / 12, abs=0.02)
    assert found[Place.ROTH_IRA] == pytest.approx(7_500 / 12, abs=0.02)
    assert found[Place.TAXABLE] > 0


def test_a_high_income_has_no_roth_and_a_student_has_no_shelter() -> None:
    assert Place.ROTH_IRA not in order(household(annual_income=300_000.0))
    assert Place.ROTH_IRA not in order(household(employment="STUDENT"))


def test_only_households_in_dollars_have_us_places_but_every_match_counts() -> None:
    found = order(household(currency="EUR", accounts=[PLANS, account("HSA", 1.0), account("ROTH_IRA", 1.0)]))
    assert set(found) == {Place.MATCH, Place.EMERGENCY, Place.TAXABLE}


def test_a_retirement_goal_claims_sheltered_places() -> None:
    wants = goal("RETIREMENT", 300_000.0, target_date=date(2046, 9, 15), priority="HIGH")
    batch, made = planned(household(goals=[wants], accounts=[FULL_FUND]), 700.0)
    paid = [row for row in range(len(made.places)) if made.amount[row] > 0]
    assert PLACES[made.places.place[paid[0]]] is Place.ROTH_IRA
    assert made.places.goal[paid[0]] == 0
    assert len(batch) == 1


def test_an_urgent_goal_comes_before_an_idle_one() -> None:
    goals = [goal("TRAVEL", 50_000.0, priority="LOW"), goal("TRAVEL", 50_000.0, priority="CRITICAL")]
    _, made = planned(household(goals=goals, accounts=[FULL_FUND]), 0.0)
    ranked = [int(row) for row in made.places.goal if row != UNKNOWN]
    assert ranked == [1, 0]


def test_goals_that_cannot_all_be_paid_share_by_their_probabilities() -> None:
    """A thousand reaches both of the small goals; by worth alone the great one would swallow it."""
    due = date(2029, 9, 15)
    great = goal("OTHER", 400_000.0, priority="HIGH", target_date=due)
    small = [goal("OTHER", 12_000.0, priority="MEDIUM", target_date=due) for _ in range(2)]
    no_cash_to_spare = account("SAVINGS", 12_000.0, interest_rate=0.045)
    batch, made = planned(household(goals=[great, *small], accounts=[no_cash_to_spare]), 1_000.0)
    paid = contributions(batch, made.goal, made.amount)
    assert paid[0] < paid[1]
    assert paid[1:].tolist() == pytest.approx(made.aims.required[1:].tolist(), abs=0.01)
    assert made.for_goals[0] == pytest.approx(1_000.0)


def test_goals_that_can_all_be_paid_get_the_least_that_is_enough() -> None:
    goals = [goal("OTHER", 5_000.0), goal("HOME_PURCHASE", 9_000.0, priority="HIGH", target_date=date(2031, 1, 1))]
    no_cash_to_spare = account("SAVINGS", 16_000.0, interest_rate=0.045)
    batch, made = planned(household(goals=goals, accounts=[no_cash_to_spare]), 2_000.0)
    paid = contributions(batch, made.goal, made.amount)
    assert paid.tolist() == made.aims.required.tolist()
    reached = success_probability(made.aims.goals.paying(paid))
    assert (reached >= 0.80).all()
    assert (reached < 0.801).all()


@settings(max_examples=50, deadline=None)
@given(households(), money(2e4))
def test_the_plan_s_own_money_for_goals_leaves_every_goal_as_it_was(one: Row, budget: float) -> None:
    batch, made = planned(one, budget)
    again = goals_alone(batch, made, made.for_goals)
    before, after = (contributions(batch, each.goal, each.amount) for each in (made, again))
    assert after.tolist() == before.tolist()


def test_little_tolerance_holds_distant_money_careful_and_near_money_is_in_savings_anyway() -> None:
    goals = [goal("OTHER", 9_000.0, target_date=date(2040, 1, 1)), goal("TRAVEL", 900.0), goal("EMERGENCY_FUND", 9.0)]
    for stated, expected in (
        (None, ["PURCHASE_DATE", "PURCHASE_DATE", "SAVINGS"]),
        ("CONSERVATIVE", ["CONSERVATIVE", "PURCHASE_DATE", "SAVINGS"]),
        ("AGGRESSIVE", ["PURCHASE_DATE", "PURCHASE_DATE", "SAVINGS"]),
    ):
        batch = facts(household(goals=goals, stated_risk_tolerance=stated))
        assert [GLIDES[glide] for glide in glides(batch)] == expected


def test_reached_and_repaid_goals_ask_for_nothing() -> None:
    goals = [goal("TRAVEL", 1.0, saved_amount=1.0), goal("DEBT_PAYOFF", 9_000.0)]
    assert Place.GOAL not in order(household(goals=goals, accounts=[FULL_FUND]))


def test_a_goal_on_track_asks_for_nothing_more() -> None:
    on_track = goal("OTHER", 10_000.0, saved_amount=9_000.0, target_date=date(2041, 9, 15))
    assert Place.GOAL not in order(household(goals=[on_track]))


def test_an_emergency_goal_beyond_the_target_is_a_goal_of_its_own() -> None:
    modest, ample = (household(goals=[goal("EMERGENCY_FUND", target)]) for target in (6_000.0, 30_000.0))
    assert Place.GOAL not in order(modest)
    assert Place.GOAL in order(ample)


def test_the_fund_is_filled_before_money_is_invested_without_end() -> None:
    poor_rate = account("SAVINGS", 4_000.0, interest_rate=0.0)
    _, made = planned(household(accounts=[poor_rate], monthly_expenses=2_000.0, employment="RETIRED"), 500.0)
    funds = made.months_to_fill[made.places.at(Place.EMERGENCY)]
    assert np.isfinite(funds).all()


def test_places_fill_one_after_another() -> None:
    one = household(accounts=[account("SAVINGS", 0.0), CARD], monthly_expenses=2_000.0)
    _, made = planned(one, 500.0)
    months = [float(value) for value in made.months_to_fill[:3]]
    assert months == pytest.approx([4.0, 8.0, 16.0])


def test_a_rest_too_small_for_an_order_is_not_moved() -> None:
    one = household(accounts=[account("CREDIT_CARD", -197.0, interest_rate=0.3)], monthly_expenses=0.0)
    assert amounts(one, 200.0) == {Place.DEBT: 197.0}


def test_a_batch_is_planned_as_each_household_alone() -> None:
    batch = [household(accounts=[PLANS, CARD]), household(), household(months=steady(9_000.0, 100.0))]
    together = facts(*batch)
    made = plan(together, cash_flow(together), np.full(3, 700.0))
    first = made.rows(3)
    for user, one in enumerate(batch):
        _, alone = planned(one, 700.0)
        rows = slice(first[user], first[user + 1])
        assert made.amount[rows].tolist() == alone.amount.tolist()
        assert made.months_to_fill[rows].tolist() == alone.months_to_fill.tolist()
