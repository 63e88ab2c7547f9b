"""Orders as a family reads them: none that is not worth placing, and sentences that say why for each."""

from datetime import timedelta
from typing import Any

from engine.recommenders.portfolio_rebalancing import PortfolioRebalancing, TradeSide
from tests.engine.facts_factory import INVESTED, TODAY, Row, lot
from tests.engine.recommenders.portfolio_rebalancing.told import answer, held

EARNER: dict[str, Any] = {"annual_income": 150_000.0}


def bought(found: PortfolioRebalancing) -> set[str]:
    return {trade.symbol for trade in found.trades if trade.side is TradeSide.BUY}


def sold(found: PortfolioRebalancing) -> set[str]:
    return {trade.symbol for trade in found.trades if trade.side is TradeSide.SELL}


def bonds_at(cost: float) -> Row:
    return held(lot("BND", 500.0, 100.0, cost, asset_class="US_BONDS"), cash=50_000.0, **EARNER)


def test_a_loss_of_little_worth_does_not_change_one_fund_for_another() -> None:
    little, much = answer(bonds_at(50_300.0)), answer(bonds_at(80_000.0))
    assert "US_BONDS" not in bought(little)
    assert "US_BONDS" in bought(much)


def test_what_stands_in_for_a_fund_sold_at_a_loss_is_not_that_fund() -> None:
    found = answer(bonds_at(80_000.0))
    (trade,) = [trade for trade in found.trades if trade.symbol == "US_BONDS"]
    assert "any broad fund of us bonds other than bnd" in trade.reason.lower()
    items = [item.title for each in found.recommendations for item in each.actionable_items]
    assert any("any broad fund of US bonds other than BND in" in title for title in items)


def test_what_stood_in_for_a_fund_is_not_changed_back_within_the_month() -> None:
    lately = TODAY - timedelta(days=20)
    stand_in = lot("NEWBND", 100.0, 100.0, 16_000.0, asset_class="US_BONDS", acquired=lately)
    found = answer(held(stand_in, cash=90_000.0, **EARNER))
    assert "NEWBND" in bought(found)
    assert "US_BONDS" not in bought(found)
    assert found.tax.harvested_loss == 0


def test_a_class_is_bought_by_the_fund_that_is_held() -> None:
    found = answer(held(lot("VTI", 100.0, 100.0, 11_000.0, asset_class="US_EQUITY"), cash=90_000.0, **EARNER))
    assert not {"VTI", "US_EQUITY"} <= bought(found)


def test_no_order_is_smaller_than_it_is_worth() -> None:
    small = held(lot("VTI", 80.0, 100.0, 8_000.0, asset_class="US_EQUITY"), kind="EMPLOYER_PLAN")
    found = answer(small)
    assert found.trades
    assert min(trade.amount for trade in found.trades) > 75


def test_a_money_market_fund_is_not_sold_to_leave_its_money_idle() -> None:
    lots = [lot("MMF", 3_000.0, 1.0, 3_000.0, asset_class="CASH"), lot("VTI", 970.0, 100.0, 90_000.0)]
    found = answer(held(*lots, **EARNER))
    assert "VTI" in sold(found)
    assert "MMF" not in sold(found)


def test_a_few_hundred_are_left_alone() -> None:
    found = answer(held(lot("VTI", 4.0, 100.0, 300.0, asset_class="US_EQUITY")))
    assert found.trades == ()
    assert any("Too little is invested" in entry.sentence for entry in found.explanation)


def test_every_order_says_where_its_class_stands_or_what_it_is_for() -> None:
    found = answer(INVESTED)
    known = ("in the target.", "Makes room", "Takes the place of", "Keeps the weight", "Takes a loss", "of it alone.")
    assert all(any(words in trade.reason for words in known) for trade in found.trades)
    assert not any(" or it is better" in trade.reason for trade in found.trades)


def test_tax_is_said_to_be_federal_where_any_is_due() -> None:
    gained = lot("VTI", 970.0, 100.0, 20_000.0)
    taxed, free = answer(held(gained, **EARNER)), answer(held(gained, kind="ROTH_IRA", **EARNER))
    said = [" ".join(entry.sentence for entry in found.explanation) for found in (taxed, free)]
    assert ["Tax is federal" in each for each in said] == [True, False]


def test_losses_beyond_the_year_are_said_to_carry_forward() -> None:
    (harvest,) = [each for each in answer(bonds_at(80_000.0)).recommendations if each.key == "harvest_losses"]
    assert "carries forward to later years" in harvest.description
