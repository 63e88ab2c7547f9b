"""Each habit is found where it is, not found where it is not, and absent where nothing can be counted."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from benchmarks.behavior.demo import Demo
from engine.behavior import habits, trading
from engine.behavior.biases import Bias
from engine.behavior.purchases import purchases
from engine.behavior.subscriptions import services, subscription_creep
from engine.facts import Facts, Prices
from tests.engine.facts_factory import TODAY, account, facts, household, lot

DAYS = 360
FIRST = TODAY - timedelta(DAYS)
Payment = tuple[object, ...]


def creep(known: Facts) -> Bias:
    bought = purchases(known.transactions)
    return subscription_creep(known, bought, services(bought, known.today))


TESTS: Mapping[str, Callable[[Facts], Bias]] = {
    "PRESENT_BIAS": habits.present_bias,
    "PAYDAY_EFFECT": habits.payday_effect,
    "WEEKEND_SPLURGE": habits.weekend_splurge,
    "SUBSCRIPTION_CREEP": creep,
    "OVERTRADING": lambda known: trading.overtrading(known, trading.lots(known)),
    "HERDING": lambda known: trading.herding(known, trading.lots(known)),
}
LEAST_PRECISION = 0.8
"""Of some 700 households; the few that are told of trades are let be wrong once or twice."""
LEAST_TOLD = 20
MOST_FALSE = 0.05
LEAST_RECALL = {"PAYDAY_EFFECT": 0.7, "WEEKEND_SPLURGE": 0.7, "PRESENT_BIAS": 0.6, "SUBSCRIPTION_CREEP": 0.6}
"""Where judged."""


def one(*payments: Payment, **more: object) -> Facts:
    return facts(household(transactions=payments, **more))  # type: ignore[arg-type]


def pay() -> list[Payment]:
    """Every four weeks."""
    return [(FIRST + timedelta(28 * period), 3_000.0, "salary") for period in range(13)]


def wanted(days: list[int]) -> list[Payment]:
    return [(FIRST + timedelta(day), -50.0, "dining", "Cafe") for day in days]


@pytest.mark.parametrize("name", TESTS)
def test_where_nothing_is_known_nothing_is_claimed(name: str) -> None:
    found = TESTS[name](facts(household(), household(months=[{"salary": 3_000.0}] * 24)))
    assert not found.judged.any()
    assert not found.present.any()
    assert (found.strength == 0).all()
    assert (found.cost == 0).all()


def test_spending_right_after_pay_is_told_with_what_it_comes_to() -> None:
    found = habits.payday_effect(
        one(*pay(), *wanted([28 * period + soon for period in range(12) for soon in (0, 1, 2)]))
    )
    assert found.present[0]
    assert found.shown["share"][0] == 1.0
    assert found.shown["chance"][0] == pytest.approx(4 / 28, rel=0.05)
    assert found.cost[0] == pytest.approx(36 * 50.0 * (1 - 4 / 28), rel=0.05)


def test_spending_on_any_day_is_no_payday_effect() -> None:
    found = habits.payday_effect(one(*pay(), *wanted(list(range(3, 350, 5)))))
    assert not found.present[0]


def test_weekends_are_told_from_weekdays() -> None:
    saturdays = [day for day in range(DAYS) if (FIRST + timedelta(day)).weekday() == 5]
    assert habits.weekend_splurge(one(*wanted(saturdays))).present[0]
    tuesdays = [day + 3 for day in saturdays[:-1]]
    assert not habits.weekend_splurge(one(*wanted(tuesdays))).present[0]
    assert not habits.weekend_splurge(one(*wanted(list(range(0, DAYS, 4))))).present[0]


def test_savings_that_come_back_are_counted_and_summed() -> None:
    put: list[Payment] = [(FIRST + timedelta(30 * month), -200.0, "savings_transfer") for month in range(10)]
    back: list[Payment] = [(FIRST + timedelta(30 * month + 9), 150.0, "savings_transfer") for month in (1, 3, 5, 7)]
    found = habits.present_bias(one(*put, *back))
    assert found.present[0]
    assert (found.shown["transfers"][0], found.shown["taken_back"][0]) == (10, 4)
    assert found.cost[0] == pytest.approx(600.0, rel=0.05)
    assert not habits.present_bias(one(*put)).present[0]
    assert not habits.present_bias(one(*put, (FIRST + timedelta(95), 900.0, "savings_transfer"))).present[0]


# --- trades


def zigzag() -> Prices:
    """One fund over five years that rises for half a year and falls for half a year, and ends where it began."""
    weeks = np.datetime64(TODAY) - 7 * np.arange(259, -1, -1).astype("timedelta64[D]")
    close = 100.0 + 20.0 * np.sin(2 * np.pi * np.arange(260) / 52)[None, :]
    return Prices(
        symbol=np.array(["FUND"], dtype=object),
        asset_class=np.array(["US_EQUITY"], dtype=object),
        rank=np.array([1]),
        latest=weeks[-1:],
        weeks=weeks,
        close=close,
        total_return=close,
    )


def investor(
    weeks: list[int], months: Sequence[Mapping[str, float]] = ({"salary": 4_000.0, "rent": -1_000.0},) * 24
) -> Facts:
    """Bought one unit in each of these weeks at the price of that week."""
    prices = zigzag()
    now = float(prices.close[0, -1])
    lots = [
        lot("FUND", 1.0, now, float(prices.close[0, week]), acquired=prices.weeks[week].astype(date)) for week in weeks
    ]
    known = facts(household(accounts=[account("TAXABLE", 100.0, lots=lots)], months=months))
    return Facts(today=known.today, users=known.users, sources={**known.sources, "prices": prices})


def test_buying_at_the_top_of_rises_is_told_and_steady_buying_is_not() -> None:
    tops = [52 * year + week for year in range(5) for week in range(10, 17)]
    found = TESTS["HERDING"](investor(tops))
    assert found.present[0]
    assert found.cost[0] == found.shown["dear"][0] > 0
    steady = TESTS["HERDING"](investor(list(range(4, 260, 6))))
    assert steady.judged[0]
    assert not steady.present[0]
    assert not TESTS["HERDING"](investor(tops[:20])).judged[0]


def test_a_portfolio_bought_anew_within_the_year_is_told() -> None:
    assert TESTS["OVERTRADING"](investor(list(range(213, 255, 2)))).present[0]
    patient = TESTS["OVERTRADING"](investor(list(range(0, 240, 10))))
    assert patient.judged[0]
    assert not patient.present[0]


def test_a_young_portfolio_that_was_paid_in_is_no_trading() -> None:
    weeks = list(range(213, 255, 2))
    saved = [{"salary": 4_000.0, "investment": -200.0}] * 24
    assert not TESTS["OVERTRADING"](investor(weeks, months=saved)).present[0]


# --- on the demo population, where the truth is known


@pytest.mark.parametrize("name", TESTS)
def test_few_are_told_of_a_habit_that_they_do_not_have(drawn: Demo, name: str) -> None:
    found, planted = TESTS[name](drawn.facts), drawn.biases[name] > 0
    assert found.present[~planted].mean() <= MOST_FALSE
    if found.present.sum() >= LEAST_TOLD:
        assert planted[found.present].mean() >= LEAST_PRECISION


@pytest.mark.parametrize("name", LEAST_RECALL)
def test_habits_that_purchases_show_are_found_in_most_who_have_them(drawn: Demo, name: str) -> None:
    found, planted = TESTS[name](drawn.facts), drawn.biases[name]
    assert found.present[(planted > 0) & found.judged].mean() >= LEAST_RECALL[name]


@pytest.mark.parametrize("name", ["PAYDAY_EFFECT", "WEEKEND_SPLURGE"])
def test_the_more_of_a_habit_the_stronger_it_is_told(drawn: Demo, name: str) -> None:
    found, planted = TESTS[name](drawn.facts), drawn.biases[name]
    assert np.corrcoef(found.strength[found.present], planted[found.present])[0, 1] > 0.4
