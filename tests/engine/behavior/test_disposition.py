"""Gains sold and losses kept: told where the habit is, not where chance, the bank's order or few decisions are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import demo_facts
from benchmarks.portfolio.demo import with_portfolios
from engine.behavior.disposition import LEAST_SALES, disposition
from engine.behavior.lots import lots
from engine.facts import Facts, Floats
from engine.population import generate
from tests.engine.behavior.records import (
    FUNDS,
    NEVER,
    WEEKS,
    Record,
    as_facts,
    judged,
    market,
    with_rows_halved,
)
from tests.engine.facts_factory import TODAY

USERS, LOTS, MANY_LOTS = 2_000, 60, 120
MOST_FALSE = 0.01
FALLING = ((1.0, 1.1, 1.2), (1.0, 1.1, 1.2), (1.0, 0.9, 0.8), (1.0, 0.9, 0.8), (1.0, 0.9, 0.8))


def by_hand() -> tuple[Floats, Record]:
    """Five funds bought on one day: two rise, three fall; a riser is sold first, then a faller."""
    close = 100.0 * np.repeat(np.array(FALLING), (100, 100, 60), axis=1)
    five = np.arange(5)
    sold = np.array([120, NEVER, 220, NEVER, NEVER])
    return close, Record(user=0 * five, fund=five, bought=0 * five + 10, sold=sold)


def test_shares_sold_are_those_of_the_definition() -> None:
    """First day: 1 of 2 gains, 0 of 3 losses. Second day: 0 of 1 gains, 1 of 3 losses. PGR = 1/3, PLR = 1/6."""
    found = judged(*by_hand(), 1)
    assert found.shown["gains_sold"][0] == pytest.approx(1 / 3)
    assert found.shown["losses_sold"][0] == pytest.approx(1 / 6)
    assert found.shown["gains"][0] == 1
    assert found.shown["expected"][0] == pytest.approx(2 / 5 + 1 / 4)
    assert not found.judged[0]


def test_tax_that_could_have_waited_is_the_gain_that_losses_would_have_met() -> None:
    """A gain of 10 a unit, beside losses of 30: 15 % of 10, over the years since; in a sheltered account none."""
    close, record = by_hand()
    years = 7 * (WEEKS - 1 - 120) / 365.25
    taxed = judged(close, record, 1, units=1_000.0)
    assert taxed.shown["tax"][0] == pytest.approx(0.15 * 10_000.0 / years)
    assert judged(close, record, 1, kind="ROTH_IRA", units=1_000.0).shown["tax"][0] == 0
    no_losses = record.take(np.array([0, 1]))
    assert judged(close, no_losses, 1, units=1_000.0).shown["tax"][0] == 0


def test_a_loss_that_stands_for_long_meets_gains_once() -> None:
    """Twenty gains of 10, and all the while one loss of 10."""
    close = 100.0 * np.repeat(np.array([(1.0, 1.1, 1.1), (1.0, 0.9, 0.9)]), (100, 100, 60), axis=1)
    sold = np.array([*range(120, 160, 2), NEVER])
    fund = np.array([0] * 20 + [1])
    record = Record(user=0 * fund, fund=fund, bought=np.arange(21), sold=sold)
    years = 7 * (WEEKS - 1 - 120) / 365.25
    assert judged(close, record, 1).shown["tax"][0] == pytest.approx(0.15 * 10.0 / years)


# --- many households


def drawn(seed: int, users: int = USERS, lots: int = LOTS) -> Record:
    """Bought at random and held for random times, whatever prices do."""
    random = np.random.default_rng(seed)
    user = np.repeat(np.arange(users), lots)
    fund, bought = random.integers(0, FUNDS, len(user)), random.integers(0, WEEKS - 1, len(user))
    sold = np.minimum(bought + 1 + random.exponential(150.0, len(user)).astype(np.int64), NEVER)
    return Record(user=user, fund=fund, bought=bought, sold=sold)


def oldest_first(record: Record) -> Record:
    """The same purchases and days of sale, of each fund the oldest lot first."""
    order = np.lexsort((record.bought, record.fund, record.user))
    sales = np.lexsort((record.sold, record.fund, record.user))
    return replace(record.take(order), sold=record.sold[sales])


def whole_positions(record: Record, seed: int) -> Record:
    """All lots of a fund go together, on five days of a household's choice."""
    days = np.sort(np.random.default_rng(seed).integers(10, WEEKS, (USERS, FUNDS, 5)), axis=2)
    later = days[record.user, record.fund] > record.bought[:, None]
    first = np.take_along_axis(days[record.user, record.fund], later.argmax(axis=1)[:, None], axis=1)[:, 0]
    return replace(record, sold=np.where(later.any(axis=1), first, NEVER))


def shunned(close: Floats, record: Record, ratio: float, seed: int) -> Record:
    """Lots at a loss are sold only once in so many times; else they are kept."""
    random = np.random.default_rng(seed)
    end = np.minimum(record.sold, WEEKS - 1)
    loss = close[record.fund, end] < close[record.fund, record.bought]
    kept = loss & (random.random(len(record.user)) > 1.0 / ratio)
    return replace(record, sold=np.where(kept, NEVER, record.sold))


@pytest.mark.parametrize("growth", [-0.1, 0.08, 0.25])
def test_random_sales_show_no_habit_in_falling_and_rising_markets(growth: float) -> None:
    found = judged(market(1, growth), drawn(1), USERS)
    assert found.judged.mean() > 0.5
    assert found.present.mean() <= MOST_FALSE


def test_the_oldest_lot_first_is_the_banks_order_and_no_habit() -> None:
    """In a rising market the oldest stand in gain: as a choice among all lots it would look like the habit."""
    record = oldest_first(drawn(2))
    found = judged(market(2, 0.25), record, USERS)
    assert found.judged.mean() > 0.3
    assert found.present.mean() <= MOST_FALSE


def test_whole_positions_sold_on_one_day_are_one_decision() -> None:
    found = judged(market(3), whole_positions(drawn(3), 3), USERS)
    assert found.judged.mean() > 0.5
    assert found.present.mean() <= 2 * MOST_FALSE


@pytest.mark.parametrize(("ratio", "least"), [(2.0, 0.4), (4.0, 0.9)])
def test_who_keeps_losses_is_told(ratio: float, least: float) -> None:
    close = market(4)
    found = judged(close, shunned(close, drawn(4, lots=MANY_LOTS), ratio, 4), USERS)
    assert found.present[found.judged].mean() >= least
    assert (found.shown["gains_sold"] > found.shown["losses_sold"])[found.present].mean() > 0.99


def test_who_keeps_gains_is_not_told() -> None:
    close = market(5)
    record = drawn(5, lots=MANY_LOTS)
    found = judged(close, shunned(1.0 / close, record, 4.0, 5), USERS)
    assert found.judged.mean() > 0.3
    assert found.present.mean() <= 0.001


def test_how_a_bank_splits_its_rows_changes_nothing() -> None:
    close = market(6)
    known = as_facts(close, shunned(close, drawn(6, 200), 3.0, 6), 200)
    whole, halves = disposition(known, lots(known)), disposition(with_rows_halved(known), lots(with_rows_halved(known)))
    assert whole.present.any()
    np.testing.assert_array_equal(halves.present, whole.present)
    np.testing.assert_array_equal(halves.judged, whole.judged)
    for name, values in whole.shown.items():
        np.testing.assert_allclose(halves.shown[name], values, atol=1e-9, err_msg=name)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1.0, 2.0, 5.0]), st.integers(0, LOTS))
def test_a_household_is_told_alone_what_it_is_told_in_a_batch(seed: int, ratio: float, kept: int) -> None:
    """Whatever was bought and sold, shares stay shares, and what is not judged costs nothing."""
    close = market(seed)
    together = shunned(close, drawn(seed, 3), ratio, seed)
    rows = np.flatnonzero((together.user != 1) | (np.arange(len(together.user)) < LOTS + kept))
    record = together.take(rows)
    batch = judged(close, record, 3)
    assert ((batch.strength >= 0) & (batch.strength <= 1)).all()
    assert (batch.shown["gains_sold"] <= 1).all()
    assert (batch.shown["sales"][~batch.judged] < LEAST_SALES).all()
    assert (batch.cost[~batch.present] == 0).all()
    alone = record.take(np.flatnonzero(record.user == 1))
    single = judged(close, replace(alone, user=0 * alone.user), 1)
    for name, values in batch.shown.items():
        assert single.shown[name][0] == pytest.approx(values[1])
    assert bool(single.present[0]) == bool(batch.present[1])


def test_without_prices_or_sales_nothing_is_judged() -> None:
    record = drawn(7, 20)
    known = as_facts(market(7), record, 20)
    kept = as_facts(market(7), replace(record, sold=0 * record.sold + NEVER), 20)
    other = replace(known.prices, symbol=known.prices.symbol + "X")
    unpriced: Facts = replace(known, sources={**known.sources, "prices": other})
    for facts in (kept, unpriced):
        assert not disposition(facts, lots(facts)).judged.any()


# --- on the demo population, where the truth is known


def test_of_two_thousand_households_few_without_the_habit_are_told_and_most_who_have_it() -> None:
    population = generate(users=USERS, seed=8, today=TODAY, months=2)
    known = with_portfolios(demo_facts.as_facts(population, TODAY, 1), population, 8)
    found, planted = disposition(known, lots(known)), population.truth.households["LOSS_AVERSION"] > 0
    assert found.present[~planted].mean() <= MOST_FALSE
    assert planted[found.present].mean() >= 0.9
    assert found.present[planted & found.judged].mean() >= 0.5
