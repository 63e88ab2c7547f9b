"""Payments that stand out are told, ordinary ones are not."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from benchmarks.behavior.demo import Demo
from benchmarks.behavior.injected import taken, told_of_injected
from engine.behavior.anomalies import Kind, Tail, anomalies
from engine.behavior.purchases import Purchases, purchases
from engine.behavior.usual import usual
from engine.facts import Floats
from engine.recommenders.behavioral_insights.sample import sample, tail
from tests.engine.fact_columns import transactions

FIRST = date(2025, 9, 1)
WEEKS = 52
Payment = tuple[date, float, str, str | None] | tuple[date, float, str, str | None, int]


def ordinary(seed: int = 0) -> list[Payment]:
    """A year of groceries every week and a subscription every month."""
    random = np.random.default_rng(seed)
    food = [
        (FIRST + timedelta(7 * week), -round(float(np.exp(random.normal(4.0, 0.3))), 2), "groceries", "Market")
        for week in range(WEEKS)
    ]
    months = [(FIRST + timedelta(30 * month + 2), -9.99, "subscriptions", "Streamio") for month in range(12)]
    return [*food, *months]


def told(*more: Payment) -> list[tuple[Kind, float]]:
    """Kinds and amounts of the alerts of one household."""
    bought = purchases(transactions([{"transactions": [*ordinary(), *more]}]))
    found = anomalies(bought, Tail())
    return [(Kind(kind), float(bought.amount[place])) for kind, place in zip(found.kind, found.place, strict=True)]


def test_an_ordinary_year_has_no_alerts() -> None:
    assert told() == []


def test_the_same_charge_again_the_next_day_is_told_once() -> None:
    day = FIRST + timedelta(200)
    twice: list[Payment] = [(day, -31.4, "dining", "Cafe"), (day + timedelta(1), -31.4, "dining", "Cafe")]
    assert told(*twice) == [(Kind.DOUBLE_CHARGE, 31.4)]


def test_a_charge_again_is_told_though_something_else_was_paid_there_in_between() -> None:
    day = FIRST + timedelta(200)
    paid: list[Payment] = [
        (day, -31.4, "dining", "Cafe"),
        (day, -4.2, "dining", "Cafe"),
        (day, -31.4, "dining", "Cafe"),
    ]
    assert told(*paid) == [(Kind.DOUBLE_CHARGE, 31.4)]


def test_paying_the_same_fare_every_day_is_a_habit() -> None:
    fares: list[Payment] = [(FIRST + timedelta(100 + day), -2.75, "transport", "Metro") for day in range(20)]
    assert told(*fares) == []


def test_two_equal_payments_at_unknown_merchants_are_no_double_charge() -> None:
    day = FIRST + timedelta(200)
    assert told((day, -20.0, "other", None), (day, -20.0, "other", None)) == []


def test_a_dearer_subscription_is_told_when_the_price_rises_and_not_again() -> None:
    raised: list[Payment] = [
        (FIRST + timedelta(362 + 30 * month), -14.99, "subscriptions", "Streamio") for month in (0, 1)
    ]
    assert told(*raised) == [(Kind.PRICE_RISE, 14.99)]


def test_a_subscription_that_rises_with_prices_is_not_told() -> None:
    assert told((FIRST + timedelta(362), -10.79, "subscriptions", "Streamio")) == []


def test_ten_times_the_usual_amount_is_told() -> None:
    assert told((FIRST + timedelta(300), -560.0, "groceries", "Market")) == [(Kind.UNUSUAL_AMOUNT, 560.0)]


def test_a_large_payment_where_the_household_never_paid_is_told_as_such() -> None:
    assert told((FIRST + timedelta(300), -700.0, "groceries", "Nightfall")) == [(Kind.NEW_MERCHANT, 700.0)]


def shopping(hour: int) -> list[Payment]:
    """A purchase a month at a known shop, at this hour."""
    return [(FIRST + timedelta(28 * month + 5), -60.0, "shopping", "Homeline", hour) for month in range(12)]


def first_visit(amount: float, hour: int | None) -> list[tuple[Kind, float]]:
    """What is told of one at a shop, of a household that shops by day."""
    paid: Payment = (FIRST + timedelta(300), -amount, "shopping", "Nightfall")
    return told(*shopping(17), paid if hour is None else (*paid, hour))


@pytest.mark.parametrize("hour", [15, 23, None])
def test_a_new_shop_is_told_where_it_is_far_dearer_whatever_the_hour(hour: int | None) -> None:
    assert first_visit(450.0, hour) == [(Kind.NEW_MERCHANT, 450.0)]
    assert first_visit(150.0, hour) == []


def test_at_night_a_new_shop_is_told_for_less() -> None:
    assert first_visit(150.0, 3) == [(Kind.NEW_MERCHANT, 150.0)]
    assert first_visit(60.0, 3) == []


def test_who_shops_at_night_is_not_told_of_a_night() -> None:
    assert told(*shopping(2), (FIRST + timedelta(300), -150.0, "shopping", "Nightfall", 3)) == []


@pytest.mark.parametrize(("hour", "found"), [(3, [(Kind.NEW_MERCHANT, 190.0)]), (15, [])])
def test_at_night_twice_the_usual_is_told_wherever_it_was_paid_first(
    hour: int, found: list[tuple[Kind, float]]
) -> None:
    assert told((FIRST + timedelta(300), -190.0, "groceries", "Nightfall", hour)) == found


def test_uneven_wants_do_not_hide_what_is_unusual_among_needs() -> None:
    random = np.random.default_rng(4)
    wants: list[Payment] = [
        (FIRST + timedelta(6 * visit), -round(float(np.exp(random.normal(3.5, 1.3))), 2), "dining", "Grill")
        for visit in range(60)
    ]
    much: Payment = (FIRST + timedelta(300), -300.0, "groceries", "Market")
    assert (Kind.UNUSUAL_AMOUNT, 300.0) in told(*wants, much)


def test_a_night_stands_out_though_it_is_the_only_hour_that_is_known() -> None:
    by_day = [(*paid[:4],) for paid in shopping(17)]
    paid: Payment = (FIRST + timedelta(300), -150.0, "shopping", "Nightfall", 3)
    assert told(*by_day, paid) == [(Kind.NEW_MERCHANT, 150.0)]


def test_the_night_says_nothing_of_a_known_shop() -> None:
    assert told(*shopping(17), (FIRST + timedelta(300), -200.0, "shopping", "Homeline", 3)) == []


def test_nothing_is_unusual_in_the_first_weeks() -> None:
    assert told((FIRST + timedelta(30), -560.0, "groceries", "Market")) == []


def test_refunds_and_income_are_no_purchases() -> None:
    day = FIRST + timedelta(300)
    assert told((day, 900.0, "groceries", "Market"), (day, 9_000.0, "salary", "Employer")) == []


# --- on the demo population, where the truth is known


@pytest.fixture(scope="module")
def bought(drawn: Demo) -> Purchases:
    return purchases(drawn.facts.transactions)


def alerts(bought: Purchases) -> np.ndarray:
    """Whether a purchase is told of."""
    told_of = np.zeros(len(bought), dtype=bool)
    told_of[anomalies(bought, Tail()).place] = True
    return told_of


def judged(bought: Purchases) -> np.ndarray:
    """Purchases after the first three months, in which nothing is called unusual."""
    first = np.full(int(bought.user.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, bought.user, bought.day)
    return np.asarray(bought.day - first[bought.user] >= 90)


def test_what_is_told_was_planted_and_what_was_planted_is_told(drawn: Demo, bought: Purchases) -> None:
    planted, after = drawn.planted[bought.row], judged(bought)
    alert = alerts(bought)
    assert (planted[alert & after] != "").mean() >= 0.9
    assert alert[(planted != "") & after].mean() >= 0.85
    assert alert[(planted == "NEW_MERCHANT") & after].mean() >= 0.8


def test_what_others_put_into_quiet_households_is_told(drawn: Demo, bought: Purchases) -> None:
    quiet = ~np.isin(bought.user, bought.user[drawn.planted[bought.row] != ""])
    found = told_of_injected(taken(bought, np.flatnonzero(quiet)), Tail(), seed=5)
    assert found["put_in"] > 200
    assert found["precision"] >= 0.9
    assert found["recall"] >= 0.85
    assert min(found["recall_double_charge"], found["recall_price_rise"]) >= 0.98
    assert found["recall_new_merchant_at_night"] >= 0.8


def test_a_new_shop_is_hard_to_tell_where_no_hour_is_known(drawn: Demo, bought: Purchases) -> None:
    """Many such purchases are ordinary ones: those that are told are mostly planted, and most are not told."""
    without = replace(bought, hour=np.full(len(bought), np.nan))
    planted, after, alert = drawn.planted[bought.row], judged(bought), alerts(without)
    assert (planted[alert & after] != "").mean() >= 0.85
    assert 0.2 <= alert[(planted == "NEW_MERCHANT") & after].mean() <= 0.6


def test_a_score_and_how_rare_it_is_are_told_alike() -> None:
    learned = Tail(middle=-0.2, spread=1.1)
    for chance in (0.3, 0.01, 0.001):
        assert float(learned.beyond(np.array([learned.score(chance)]))[0]) == pytest.approx(chance)


def test_quiet_households_hear_less_than_once_a_week(drawn: Demo, bought: Purchases) -> None:
    found = anomalies(bought, Tail())
    quiet = ~np.isin(np.arange(len(drawn.facts)), bought.user[drawn.planted[bought.row] != ""])
    weeks = quiet.sum() * WEEKS
    assert quiet[bought.user[found.place]].sum() / weeks < 0.01


def test_false_alarms_come_as_often_as_said(drawn: Demo, bought: Purchases) -> None:
    """The learned tail, although anomalies are among what it is learned from."""
    learned = tail(sample(drawn.facts))
    compared = usual(bought)
    ordinary_ones: Floats = compared.score[(compared.compared >= 3) & (drawn.planted[bought.row] == "")]
    for nominal in (0.01, 0.005, 0.002, 0.001):
        assert (learned.beyond(ordinary_ones) <= nominal).mean() == pytest.approx(nominal, rel=0.25)
