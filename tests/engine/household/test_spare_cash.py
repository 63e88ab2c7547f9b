"""What cash beyond the emergency fund does, once, before the monthly plan."""

from datetime import date

import numpy as np
import pytest

from engine.household.pieces import Place
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import account, goal, household
from tests.engine.household.planned import CARD, CHEAP_LOAN, FULL_FUND, PLACES, planned


def test_spare_cash_completes_a_near_goal_before_any_of_it_is_invested() -> None:
    car = goal("MAJOR_PURCHASE", 9_000.0, saved_amount=1_000.0, target_date=date(2029, 1, 1))
    poorly_paid = account("SAVINGS", 60_000.0, interest_rate=0.0)
    _, alone = planned(household(accounts=[poorly_paid]), 0.0)
    _, made = planned(household(accounts=[poorly_paid], goals=[car]), 0.0)
    assert made.aims.at_once.tolist() == [8_000.0]
    assert made.aims.required.tolist() == [0.0]
    assert alone.at_once.sum() - made.at_once.sum() == pytest.approx(8_000.0 + 1_000.0, abs=1.0)


@pytest.mark.parametrize(
    "unlike",
    [
        goal("EDUCATION", 8_000.0, target_date=date(2040, 1, 1)),
        goal("RETIREMENT", 8_000.0, target_date=date(2028, 1, 1)),
    ],
)
def test_goals_that_are_far_or_not_bought_from_cash_take_none_of_it(unlike: Row) -> None:
    _, made = planned(household(accounts=[FULL_FUND], goals=[unlike]), 0.0)
    assert made.aims.at_once.tolist() == [0.0]


def test_what_is_spare_completes_what_it_can_and_the_rest_goes_to_the_worthiest() -> None:
    due = date(2029, 1, 1)
    large, small = (
        goal("MAJOR_PURCHASE", 90_000.0, target_date=due, priority="HIGH"),
        goal("TRAVEL", 9_000.0, target_date=due),
    )
    _, made = planned(household(accounts=[account("SAVINGS", 32_000.0)], goals=[large, small]), 0.0)
    assert made.aims.at_once.tolist() == [11_000.0, 9_000.0]  # three months of 3,000 stay as the fund, one in checking
    assert made.at_once[made.places.at(Place.TAXABLE)].sum() == 0.0


def test_cash_that_is_stated_is_used_where_no_accounts_are_known_but_not_what_is_owed() -> None:
    trip = goal("TRAVEL", 5_000.0, target_date=date(2028, 1, 1))
    free, owing = (
        planned(household(liquid_assets=30_000.0, total_debt=debt, goals=[trip]), 0.0)[1] for debt in (0.0, 20_000.0)
    )
    assert free.aims.at_once.tolist() == [5_000.0]
    assert owing.aims.at_once.tolist() == [0.0]


def test_spare_cash_pays_off_dear_debts_and_the_rest_is_invested() -> None:
    rows = [account("SAVINGS", 30_000.0, interest_rate=0.02), CARD, CHEAP_LOAN]
    _, made = planned(household(accounts=rows, monthly_expenses=2_000.0), 500.0)
    at_once = {PLACES[made.places.place[row]]: made.at_once[row] for row in np.flatnonzero(made.at_once)}
    assert at_once == {Place.DEBT: 2_000.0, Place.TAXABLE: 30_000.0 - 4 * 2_000.0 - 2_000.0}


def test_what_is_saved_for_goals_is_not_spare() -> None:
    rows = [account("SAVINGS", 14_000.0), account("LOAN", -2_000.0, interest_rate=0.08)]
    wants = goal("HOME_PURCHASE", 50_000.0, saved_amount=6_000.0)
    _, made = planned(household(accounts=rows, goals=[wants], monthly_expenses=2_000.0), 500.0)
    assert made.at_once.sum() == 0


def test_a_dear_card_is_paid_from_the_fund_but_not_from_its_first_month() -> None:
    """A month's spending stays in checking and one in the fund; what the card takes, the fund lacks from then on."""
    rows = [account("SAVINGS", 8_000.0, interest_rate=0.01), account("CREDIT_CARD", -9_000.0, interest_rate=0.24)]
    _, made = planned(household(accounts=rows, monthly_expenses=2_000.0), 500.0)
    assert made.at_once.sum() == 4_000.0
    assert made.held[0] == 4_000.0
    missing = made.places.stock[made.places.at(Place.EMERGENCY)].sum()
    assert missing == 3 * 2_000.0 - 4_000.0


def test_a_debt_that_costs_less_than_the_fund_is_worth_leaves_it_alone() -> None:
    rows = [account("SAVINGS", 8_000.0, interest_rate=0.01), account("LOAN", -9_000.0, interest_rate=0.09)]
    _, made = planned(household(accounts=rows, monthly_expenses=2_000.0), 500.0)
    assert made.at_once.sum() == 0


def test_an_emergency_goal_that_is_reached_is_not_invested_away() -> None:
    rows = [account("SAVINGS", 20_000.0, interest_rate=0.01)]
    reached = goal("EMERGENCY_FUND", 15_000.0, saved_amount=15_000.0)
    one = household(accounts=rows, monthly_expenses=2_000.0, goals=[reached])
    _, with_goal = planned(one, 500.0)
    _, without = planned({**one, "goals": []}, 500.0)
    assert without.at_once.sum() == 20_000.0 - 4 * 2_000.0
    assert with_goal.at_once.sum() == 20_000.0 - 15_000.0 - 2_000.0


def test_an_emergency_goal_counts_what_is_left_of_it() -> None:
    rows = [account("SAVINGS", 9_000.0, interest_rate=0.01), CARD]
    wants = goal("EMERGENCY_FUND", 9_000.0, saved_amount=8_000.0)
    _, made = planned(household(accounts=rows, monthly_expenses=2_000.0, goals=[wants]), 500.0)
    assert made.at_once.sum() == 2_000.0
    assert made.aims.goals.saved.tolist() == [6_000.0]
