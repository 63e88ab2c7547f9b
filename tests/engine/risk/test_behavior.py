"""What people did with risk, read from lots, prices and transfers."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from engine.facts import Facts, Floats, Prices
from engine.risk.behavior import (
    bought_after_falls,
    bought_after_rises,
    held_at_a_loss,
    recent_lots,
    sold_after_falls,
)
from engine.transactions import CATEGORY_NAMES
from tests.engine.facts_factory import TODAY, Row, account, facts, household, lot

WEEKS = 200
RISE, FALL = 60, 120
"""Weeks by which the fund had risen, or fallen, by a third over the quarter before."""


def closes() -> Floats:
    level = np.full(WEEKS, 100.0)
    level[RISE - 5 : FALL - 5] = 150.0
    return level


def week(number: int) -> date:
    return TODAY - timedelta(weeks=WEEKS - number)


def priced(*households: Row) -> Facts:
    batch, names = facts(*households), np.array(["FUND"], dtype=object)
    prices = Prices(
        symbol=names,
        asset_class=np.array(["US_EQUITY"], dtype=object),
        rank=np.array([1]),
        latest=np.array([np.datetime64(TODAY)]),
        weeks=np.array([np.datetime64(week(number)) for number in range(WEEKS)]),
        close=closes()[None, :],
        total_return=closes()[None, :],
    )
    return replace(batch, sources={**batch.sources, "prices": prices})


def bought(*weeks: int) -> Row:
    lots = [lot("FUND", 10.0, 100.0, 1_000.0, asset_class="US_EQUITY", acquired=week(number)) for number in weeks]
    return household(accounts=[account("TAXABLE", 1_000.0 * len(lots), lots=lots)])


def test_lots_bought_after_a_rise_are_told_from_those_bought_after_a_fall() -> None:
    batch = priced(bought(RISE), bought(FALL), bought(RISE, FALL), household())
    chased, caught = bought_after_rises(batch), bought_after_falls(batch)
    assert chased[0] > 0.4
    assert chased[1] < -0.3
    assert chased[1] < chased[2] < chased[0]
    assert caught[:3].tolist() == [0.0, 1.0, 0.5]
    assert np.isnan([chased[3], caught[3]]).all()


def test_lots_older_than_the_prices_and_funds_without_a_price_say_nothing() -> None:
    old = [lot("FUND", 1.0, 100.0, 90.0, acquired=week(-50))]
    other = [lot("OTHER", 1.0, 100.0, 90.0, acquired=week(RISE))]
    batch = priced(*(household(accounts=[account("TAXABLE", 100.0, lots=lots)]) for lots in (old, other)))
    assert np.isnan(bought_after_rises(batch)).all()


@pytest.mark.parametrize(("moved", "told"), [(500.0, 1.0), (-500.0, -1.0)])
def test_who_takes_money_out_once_stocks_have_fallen_has_sold_then(moved: float, told: float) -> None:
    batch = priced(household())
    amount, months = np.zeros((1, 24, len(CATEGORY_NAMES))), np.arange(24) + np.datetime64("2024-09")
    fell = int(np.searchsorted(months, np.datetime64(week(FALL), "M")))
    amount[0, fell, CATEGORY_NAMES.index("investment")] = moved
    flows = replace(batch.cash_flows, amount=amount, months=months.astype("datetime64[D]"))
    batch = replace(batch, sources={**batch.sources, "cash_flows": flows})
    assert sold_after_falls(batch).tolist() == [told]


def test_without_a_fall_nobody_has_sold_after_one() -> None:
    assert np.isnan(sold_after_falls(facts(household()))).all()


def test_recent_lots_and_losses_are_shares_of_all_lots() -> None:
    lots = [
        lot("FUND", 10.0, 100.0, 1_200.0, acquired=TODAY - timedelta(days=30)),
        lot("FUND", 10.0, 100.0, 800.0, acquired=TODAY - timedelta(days=3_000)),
    ]
    batch = facts(household(accounts=[account("TAXABLE", 2_000.0, lots=lots)]), household())
    assert recent_lots(batch)[0] == held_at_a_loss(batch)[0] == 0.5
    assert np.isnan([recent_lots(batch)[1], held_at_a_loss(batch)[1]]).all()
