"""Creeping subscriptions: told where they rise again and again, with the services that are new and dearer."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from engine.advise import advise
from engine.behavior.biases import Bias
from engine.behavior.purchases import purchases
from engine.behavior.subscriptions import services, subscription_creep
from engine.enums import BiasKind
from engine.facts import Facts
from engine.recommenders.behavioral_insights import BehavioralInsights
from tests.engine.facts_factory import TODAY, facts, household

QUARTERS = 12
RISING = (10.0, 10.0, 10.0, 10.0, 20.0, 20.0, 20.0, 30.0, 30.0, 30.0, 45.0, 45.0)
"""What a month took in each of twelve quarters."""
Payment = tuple[object, ...]


def paid(name: str | None, price: float, *, since: int = 13, until: int = 0, was: float | None = None) -> list[Payment]:
    """Every thirty days, from so many months ago on; at another price in the first half of the time."""
    return [
        (TODAY - timedelta(30 * back + 5), -(was if was and back > 6 else price), "subscriptions", name)
        for back in range(until, since)
    ]


SERVICES = [*paid("One", 15.0, was=12.0), *paid("Two", 18.0), *paid("Three", 12.0, since=5)]


def household_of(quarters: Sequence[float], services: Sequence[Payment] = SERVICES) -> Facts:
    months = [{"salary": 4_000.0, "rent": -900.0, "subscriptions": -each} for each in np.repeat(quarters, 3)]
    return facts(household(transactions=list(services), months=months))


def creep(known: Facts) -> Bias:
    bought = purchases(known.transactions)
    return subscription_creep(known, bought, services(bought, known.today))


def test_three_rises_and_no_fall_creep_and_cost_what_they_added() -> None:
    found = creep(household_of(RISING))
    assert found.present[0]
    assert found.cost[0] == pytest.approx(12 * 35.0)
    assert (found.shown["rises"][0], found.shown["falls"][0], found.shown["services"][0]) == (3, 0, 3)
    assert found.shown["months"][0] == 33


@pytest.mark.parametrize(
    "quarters",
    [
        [10.0] * 6 + [45.0] * 6,  # one jump, however high
        [0.0] * 6 + [10.0, 10.0, 10.0, 30.0, 45.0, 45.0],  # the first services of a household, and two more
        [10.0, 20.0, 20.0, 10.0, 20.0, 20.0, 10.0, 30.0, 30.0, 30.0, 45.0, 45.0],  # taken up and dropped again
        [10.0, 20.0, 30.0, 45.0] + [45.0] * 8,  # long ago
        [45.0 * 1.04 ** (quarter // 4) for quarter in range(QUARTERS)],  # prices rise
        [1.0, 1.0, 1.0, 1.2, 1.2, 1.2, 1.4, 1.4, 1.4, 2.0, 2.0, 2.0],  # of no weight
    ],
)
def test_what_is_no_creep_is_not_told(quarters: list[float]) -> None:
    found = creep(household_of(quarters))
    assert found.judged[0]
    assert not found.present[0]


def test_who_keeps_fewer_services_than_a_year_ago_is_not_told() -> None:
    dropped = [*paid("One", 15.0), *paid("Two", 30.0), *paid("Three", 9.0, until=6), *paid("Four", 9.0, until=8)]
    assert not creep(household_of(RISING, dropped)).present[0]


def test_a_yearly_bill_or_a_second_charge_is_no_rise() -> None:
    months = [{"salary": 4_000.0, "subscriptions": -30.0 - 90.0 * (month % 8 == 0)} for month in range(36)]
    found = creep(facts(household(transactions=SERVICES, months=months)))
    assert found.judged[0]
    assert found.shown["rises"][0] == 0


def test_nothing_is_said_below_nine_quarters_or_where_nobody_knows_whom_was_paid() -> None:
    assert creep(household_of(RISING[-9:])).judged[0]
    assert not creep(household_of(RISING[-8:])).judged[0]
    assert not creep(household_of(RISING, paid(None, 15.0))).judged[0]


def test_a_household_is_told_which_services_are_new_and_which_are_dearer() -> None:
    answer = advise(household_of(RISING), ["behavioral_insights"])["behavioral_insights"][0]
    assert isinstance(answer, BehavioralInsights)
    told = {bias.kind: bias.evidence for bias in answer.biases}[BiasKind.SUBSCRIPTION_CREEP]
    assert "rose 3 times and never fell: from $10.00 to $45.00 a month, $420 a year more" in told
    assert "New within the year: Three ($12.00)." in told
    assert "Dearer than a year ago: One ($15.00, was $12.00)." in told
    assert "Two" not in told


def test_a_service_that_is_billed_by_the_quarter_is_not_called_new() -> None:
    """Its last bill but four may lie before the thirteen months that are known."""
    bills = [(TODAY - timedelta(back), -30.0, "subscriptions", "Rarely") for back in (320, 230, 140, 50, 10)]
    bought = purchases(household_of(RISING, bills).transactions)
    assert not services(bought, TODAY).new.any()
