"""Lots over time: rows of one purchase are one lot, parts that were sold belong to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from engine.behavior.lots import HELD, lots
from engine.behavior.sale_days import MOST_DAYS, at_hand
from engine.facts import Facts
from tests.engine.behavior.records import as_facts, market
from tests.engine.behavior.test_disposition import drawn
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import account, facts, household, lot

BOUGHT = date(2024, 5, 6)
PRICES = as_facts(market(1), drawn(1, 1), 1).prices


def known(held: Sequence[Row], sales: Sequence[Row], kind: str = "TAXABLE") -> Facts:
    batch = facts(household(accounts=[account(kind, 0.0, lots=held, sales=sales)]))
    return replace(batch, sources={**batch.sources, "prices": PRICES})


def part(quantity: float, sold: date, symbol: str = "FUND0") -> Row:
    """Of a lot bought at 10 a unit, sold at 12."""
    made = lot(symbol, quantity, 0.0, 10.0 * quantity, acquired=BOUGHT)
    return {**made, "proceeds": 12.0 * quantity, "sold": sold}


def bought(quantity: float) -> Row:
    return lot("FUND0", quantity, 12.0, 10.0 * quantity, acquired=BOUGHT)


def test_a_lot_is_what_is_left_and_what_was_sold_of_it() -> None:
    june, july = date(2025, 6, 2), date(2025, 7, 7)
    found = lots(known([bought(5.0)], [part(2.0, june), part(1.0, june), part(4.0, july)]))
    assert len(found) == 1
    assert (found.quantity[0], found.cost[0], found.left[0], found.worth[0]) == (12.0, 120.0, 5.0, 60.0)
    assert found.gone[0] == HELD
    assert found.sold.proceeds.tolist() == [36.0, 48.0]


def test_of_a_lot_that_is_gone_what_was_sold_last_was_left() -> None:
    found = lots(known([], [part(2.0, date(2025, 6, 2)), part(1.0, date(2025, 7, 7)), part(4.0, date(2025, 7, 7))]))
    assert found.left.tolist() == [5.0]
    assert found.gone[0] == found.sold.day.max()


def test_accounts_whose_gains_are_taxed_are_told_from_sheltered_ones() -> None:
    assert lots(known([bought(1.0)], [])).taxable.tolist() == [True]
    assert lots(known([bought(1.0)], [], kind="ROTH_IRA")).taxable.tolist() == [False]


def test_funds_without_prices_are_left_out() -> None:
    assert len(lots(known([], [part(1.0, date(2025, 6, 2), symbol="UNKNOWN")]))) == 0


def test_a_part_that_was_sold_counts_as_sold_and_the_rest_on_later_days() -> None:
    other = lot("FUND1", 1.0, 12.0, 10.0, acquired=BOUGHT)
    held = lots(known([bought(5.0), other], [part(2.0, date(2025, 6, 2)), part(1.0, date(2025, 7, 7))]))
    at = at_hand(held, PRICES)
    assert len(at.days) == 2
    assert at.total(at.sold).tolist() == [1.0, 1.0]
    assert at.total(~at.sold).tolist() == [1.0, 1.0]
    assert at.gain[at.sold].tolist() == [4.0, 2.0]


def test_of_who_sells_every_day_the_latest_days_are_looked_at() -> None:
    known_ = as_facts(market(3), drawn(3, 2, 400), 2)
    held = lots(known_)
    at = at_hand(held, known_.prices)
    days = np.bincount(at.days.user)
    assert days.tolist() == [MOST_DAYS, MOST_DAYS]
    assert at.days.day.max() == held.sold.day.max()
