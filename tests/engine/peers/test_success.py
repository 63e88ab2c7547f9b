"""What the successful did: read from the year before, told only where it is no accident, advised only with the plan."""

from datetime import date

import numpy as np
import pytest

from engine.advise import advise
from engine.enums import GoalKind, code
from engine.facts import Floats
from engine.household.pieces import Place
from engine.learning.model import Models
from engine.peers.bands import currency_number
from engine.peers.habits import HABITS, Habit, habits, record, was_seen
from engine.peers.outcomes import REACHED, outcomes
from engine.peers.patterns import LEAST_PEOPLE, Pattern, patterns
from engine.recommenders.peer_insights import PeerInsights
from engine.recommenders.peer_insights.model import PeerModel
from tests.engine.facts_factory import TODAY, Row, account, ended_goal, facts, goal, household, steady
from tests.engine.peers.drawn import model

USD = currency_number("USD")
TRAVEL = list(GoalKind).index(GoalKind.TRAVEL)


def month(**flows: float) -> dict[str, float]:
    return {"salary": 4_000.0, "rent": -1_200.0, **flows}


def has(one: Row, until: date = TODAY, kind: GoalKind | None = None) -> set[Habit]:
    batch = facts(one)
    found = habits(batch, record(batch), np.array([until], dtype="datetime64[D]"), kind)
    return {habit for habit, flags in found.items() if flags[0]}


def drawn(people: int, share: float, others: float, *, band: int = 2, seed: int = 1) -> tuple[Floats, Floats]:
    """Income bands and outcomes of a travel goal: half reached it; so many of them had the first habit."""
    random = np.random.default_rng(seed)
    reached = np.arange(people) % 2 == 0
    did = random.random(people) < np.where(reached, share, others)
    found = np.full((people, len(GoalKind)), np.nan)
    found[:, TRAVEL] = did + REACHED * reached
    return np.full(people, band), found


def told(bands: Floats, outcome: Floats) -> tuple[Pattern, ...]:
    return patterns(np.full(len(bands), USD), bands.astype(np.int64), outcome)


# --- habits --------------------------------------------------------------------------------------------------------


def test_transfers_in_nine_months_of_twelve_are_a_habit() -> None:
    saving, idle = month(savings_transfer=-200.0), month()
    assert Habit.MONTHLY_TRANSFERS in has(household(months=[idle] * 3 + [saving] * 9))
    assert Habit.MONTHLY_TRANSFERS not in has(household(months=[idle] * 4 + [saving] * 8))


def test_only_the_year_before_the_day_counts() -> None:
    stopped = household(months=[month(savings_transfer=-200.0)] * 12 + [month()] * 12)
    assert Habit.MONTHLY_TRANSFERS not in has(stopped)
    assert Habit.MONTHLY_TRANSFERS in has(stopped, until=date(2025, 9, 1))


def test_less_than_half_a_year_shows_no_habit() -> None:
    new = facts(household(months=[month(savings_transfer=-200.0)] * 5))
    assert not was_seen(record(new), np.array([TODAY], dtype="datetime64[D]")).any()
    assert has(household(months=[month(savings_transfer=-200.0)] * 5)) == set()


def test_saving_is_raised_where_it_beats_the_year_before() -> None:
    more = household(months=[month(investment=-200.0)] * 12 + [month(investment=-220.0)] * 12)
    same = household(months=[month(investment=-200.0)] * 24)
    assert Habit.RAISED_SAVING in has(more)
    assert Habit.RAISED_SAVING not in has(same)


def test_a_tenth_beyond_what_lenders_ask_for_is_extra() -> None:
    card = [account("CREDIT_CARD", -5_000.0, minimum_payment=100.0)]
    assert Habit.EXTRA_ON_DEBT in has(household(accounts=card, months=[month(debt_payment=-111.0)] * 12))
    assert Habit.EXTRA_ON_DEBT not in has(household(accounts=card, months=[month(debt_payment=-100.0)] * 12))
    assert Habit.EXTRA_ON_DEBT not in has(household(months=[month(debt_payment=-100.0)] * 12))


def test_budgets_are_kept_where_all_of_them_together_hold() -> None:
    spent = [month(dining=-150.0, travel=-90.0)] * 12
    assert Habit.BUDGETS_KEPT in has(household(months=spent, budgets={"dining": 100.0, "travel": 150.0}))
    assert Habit.BUDGETS_KEPT not in has(household(months=spent, budgets={"dining": 100.0, "travel": 100.0}))
    assert Habit.BUDGETS_KEPT not in has(household(months=spent))


def test_a_reserve_comes_first_only_for_other_goals() -> None:
    built = household(
        months=steady(4_000.0, 3_000.0),
        ended_goals=[ended_goal("EMERGENCY_FUND", "ACHIEVED", date(2025, 1, 1))],
    )
    assert Habit.RESERVE_FIRST in has(built, kind=GoalKind.TRAVEL)
    assert Habit.RESERVE_FIRST not in has(built, kind=GoalKind.EMERGENCY_FUND)


# --- outcomes ------------------------------------------------------------------------------------------------------


def test_reached_given_up_and_overdue_goals_tell_and_those_under_way_do_not() -> None:
    seen = steady(4_000.0, 3_000.0)
    found = outcomes(
        facts(
            household(months=seen, ended_goals=[ended_goal("TRAVEL", "ACHIEVED", date(2027, 1, 1))]),
            household(months=seen, ended_goals=[ended_goal("TRAVEL", "ABANDONED", date(2027, 1, 1))]),
            household(months=seen, goals=[goal("TRAVEL", 900.0, target_date=date(2026, 1, 1))]),
            household(months=seen, goals=[goal("TRAVEL", 900.0, target_date=date(2028, 1, 1))]),
            household(ended_goals=[ended_goal("TRAVEL", "ACHIEVED", date(2027, 1, 1))]),
        )
    )[:, TRAVEL]
    assert [bool(value >= REACHED) for value in found[:3]] == [True, False, False]
    assert np.isnan(found[3:]).all()


def test_who_reached_one_of_two_such_goals_has_reached_it() -> None:
    both = [ended_goal("TRAVEL", status, date(2026, 1, 1)) for status in ("ACHIEVED", "ABANDONED")]
    found = outcomes(facts(household(months=steady(4_000.0, 3_000.0), ended_goals=both)))
    assert found[0, TRAVEL] >= REACHED


# --- patterns ------------------------------------------------------------------------------------------------------


def test_a_habit_that_goes_with_success_is_told_with_its_lift() -> None:
    found = told(*drawn(600, 0.8, 0.3))
    assert [(each.kind, each.habit) for each in found] == [(GoalKind.TRAVEL, HABITS[0])]
    one = found[0]
    assert one.successful == pytest.approx(0.8, abs=0.06)
    assert one.lift == pytest.approx(one.successful / one.others, abs=0.005)
    assert 1.0 < one.low < one.lift < one.high
    assert one.high / one.lift == pytest.approx(one.lift / one.low, rel=0.01)


def test_a_habit_that_goes_with_success_by_chance_is_not_told() -> None:
    assert sum(len(told(*drawn(400, 0.5, 0.5, seed=seed))) for seed in range(100)) == 0


def test_what_income_alone_explains_is_not_told() -> None:
    """Those who earn more reach goals more often and have the habit more often, and within a band nothing differs."""
    random = np.random.default_rng(4)
    rich = np.arange(4_000) % 2 == 0
    reached = random.random(4_000) < np.where(rich, 0.8, 0.3)
    did = random.random(4_000) < np.where(rich, 0.7, 0.2)
    outcome = np.full((4_000, len(GoalKind)), np.nan)
    outcome[:, TRAVEL] = did + REACHED * reached
    assert did[reached].mean() > 1.3 * did[~reached].mean()
    assert told(np.where(rich, 3.0, 1.0), outcome) == ()


def test_fewer_than_fifty_on_either_side_tell_nothing() -> None:
    assert told(*drawn(2 * LEAST_PEOPLE - 2, 0.95, 0.05)) == ()
    assert told(*drawn(2 * LEAST_PEOPLE, 0.95, 0.05)) != ()


def test_people_of_two_currencies_are_told_apart() -> None:
    bands, outcome = drawn(480, 0.9, 0.2)
    currency = np.where(np.arange(480) < 240, USD, currency_number("CHF"))
    assert {each.currency for each in patterns(currency, bands.astype(np.int64), outcome)} == {
        USD,
        currency_number("CHF"),
    }


# --- advice --------------------------------------------------------------------------------------------------------


def with_patterns(*found: Habit) -> Models:
    """The model of the demo population as if it had found these for travel."""
    made = PeerModel.from_files(model().files())
    made.patterns = tuple(
        Pattern(currency=USD, kind=GoalKind.TRAVEL, habit=habit, successful=0.6, others=0.4, lift=1.5, low=1.2)
        for habit in found
    )
    return {"peer_insights": made}


def insight(one: Row, *found: Habit) -> PeerInsights:
    answer = advise(facts(one), ["peer_insights"], models=with_patterns(*found))["peer_insights"][0]
    assert isinstance(answer, PeerInsights)
    return answer


def traveller(**more: object) -> Row:
    goals = [goal("TRAVEL", 5_000.0, priority="CRITICAL")]
    return household(goals=goals, months=steady(4_000.0, 2_500.0), **more)  # type: ignore[arg-type]


def test_a_pattern_is_shown_to_those_who_pursue_such_a_goal() -> None:
    shown = insight(traveller(), Habit.MONTHLY_TRANSFERS).success_patterns
    assert [(each.goal_kind, each.lift, each.adopted) for each in shown] == [(GoalKind.TRAVEL, 1.5, False)]
    assert [(each.lift_low, each.lift_high) for each in shown] == [(1.2, 1.88)]
    assert insight(household(months=steady(4_000.0, 2_500.0)), Habit.MONTHLY_TRANSFERS).success_patterns == ()


def test_whether_the_household_does_it_already_is_told_and_nothing_is_advised_then() -> None:
    saving = [{"salary": 4_000.0, "rent": -2_500.0, "savings_transfer": -300.0}] * 24
    does = household(goals=[goal("TRAVEL", 5_000.0)], months=saving)
    answer = insight(does, Habit.MONTHLY_TRANSFERS)
    assert [each.adopted for each in answer.success_patterns] == [True]
    assert not any(each.key.startswith("adopt") for each in answer.recommendations)


def test_a_habit_is_advised_with_the_amount_of_the_plan() -> None:
    one = traveller(accounts=[account("SAVINGS", 9_000.0, interest_rate=0.04)])  # a full reserve, and no more
    both = advise(facts(one), ["peer_insights", "savings_strategy"], models=with_patterns(Habit.MONTHLY_TRANSFERS))
    answer, strategy = both["peer_insights"][0], both["savings_strategy"][0]
    advised = next(each for each in answer.recommendations if each.key == "adopt:monthly_transfers")  # type: ignore[union-attr]
    for_travel = [part.monthly_amount for part in strategy.allocation if part.bucket == Place.GOAL.value]  # type: ignore[union-attr]
    assert [item.amount for item in advised.actionable_items] == for_travel
    assert "60% of those who reached such a goal (travel) put money aside in nine months" in advised.description


def test_the_same_money_is_advised_once_however_many_habits_would_move_it() -> None:
    full = traveller(accounts=[account("SAVINGS", 9_000.0, interest_rate=0.04)])
    both = insight(full, Habit.MONTHLY_TRANSFERS, Habit.RAISED_SAVING)
    assert [each.key for each in both.recommendations if each.key.startswith("adopt")] == ["adopt:monthly_transfers"]
    assert "for travel" in both.recommendations[0].title


def test_who_has_budgets_is_asked_to_look_at_them_and_not_to_set_some() -> None:
    poor = {"accounts": [account("CHECKING", 500.0)]}
    without, kept = insight(traveller(**poor), Habit.BUDGETS_KEPT), traveller(**poor, budgets={"rent": 10.0})
    titles = [one.title for one in (*without.recommendations, *insight(kept, Habit.BUDGETS_KEPT).recommendations)]
    assert [title for title in titles if "budget" in title] == [
        "Set a monthly budget, and look at it once a week",
        "Look at your budgets once a week",
    ]


def test_a_habit_that_the_plan_has_no_money_for_is_not_advised() -> None:
    broke = household(goals=[goal("TRAVEL", 5_000.0)], months=steady(3_000.0, 3_600.0))
    answer = insight(broke, Habit.MONTHLY_TRANSFERS, Habit.RAISED_SAVING, Habit.EXTRA_ON_DEBT)
    assert len(answer.success_patterns) == 3
    assert not any(each.key.startswith("adopt") for each in answer.recommendations)


def test_codes_of_kinds_are_their_positions() -> None:
    assert [code(kind) for kind in GoalKind] == list(range(len(GoalKind)))
