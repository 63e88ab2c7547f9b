"""The answer: consistent with itself, rescaled on request, and sensible where little is known."""

from decimal import Decimal
from itertools import pairwise

import pytest

from engine.recommenders.portfolio_rebalancing import PortfolioOptions, PortfolioRebalancing, TradeSide
from tests.engine.facts_factory import INVESTED, account, facts, goal, household, lot
from tests.engine.recommenders.portfolio_rebalancing.told import answer, held

CENTS = Decimal("0.02")


def weights(answer: PortfolioRebalancing) -> tuple[dict[str, float], dict[str, float]]:
    now, then = ({part.symbol: part.weight for part in side.slices} for side in (answer.current, answer.target))
    return now, then


def test_drift_is_half_the_sum_of_differences_between_the_slices() -> None:
    found = answer(INVESTED)
    now, then = weights(found)
    off = sum(abs(now.get(symbol, 0.0) - then.get(symbol, 0.0)) for symbol in now.keys() | then.keys())
    assert found.drift == pytest.approx(off / 2, abs=1e-3)
    assert sum(now.values()) == pytest.approx(1.0, abs=1e-3)
    assert sum(then.values()) == pytest.approx(1.0, abs=1e-3)


def test_trades_of_every_account_pay_for_themselves() -> None:
    found = answer(INVESTED)
    assert found.needs_rebalancing
    cash = {trade.account.id: Decimal(0) for trade in found.trades}
    for trade in found.trades:
        cash[trade.account.id] += trade.amount if trade.side is TradeSide.SELL else -trade.amount
    assert min(cash.values()) >= -Decimal(4000) - CENTS
    assert sum(cash.values()) >= -Decimal(6000) - CENTS


def test_lots_add_up_to_their_trade_and_to_the_tax() -> None:
    found = answer(INVESTED)
    sales = [trade for trade in found.trades if trade.side is TradeSide.SELL]
    assert sales
    for trade in sales:
        assert sum(part.quantity for part in trade.lots) == pytest.approx(trade.quantity)
        assert abs(sum(part.cost_basis + part.gain for part in trade.lots) - trade.amount) <= CENTS
    assert found.tax.estimated_tax <= found.tax.estimated_tax_naive
    assert found.tax.harvested_loss > 0


@pytest.mark.parametrize("quantity", [41.0, 50.5327, 63.25, 77.7, 90.1, 118.4])
def test_some_cents_of_tax_keep_nobody_from_a_portfolio_far_off_its_target(quantity: float) -> None:
    """Whole shares may owe a little more on a gain than the naive plan, which deals in parts of shares."""
    value = 102.437 * quantity
    one = lot("VTI", quantity, 102.437, 0.79 * value, asset_class="US_EQUITY")
    found = answer(held(one, kind="TAXABLE", annual_income=300_000.0))
    assert found.drift > 0.3
    assert found.needs_rebalancing
    assert 0 < found.tax.estimated_tax <= found.tax.estimated_tax_naive


def test_the_list_of_orders_can_be_followed_from_the_top() -> None:
    found = answer(
        held(lot("US_EQUITY", 50_000.0, 1.0, 40_000.0), kind="ROTH_IRA", stated_risk_tolerance="CONSERVATIVE")
    )
    (given,) = [each for each in found.recommendations if each.key == "rebalance"]
    assert "In each account sell first" in given.description
    assert "Its ups and downs in a usual year go from" in given.description
    verbs = [item.title.split()[0] for item in given.actionable_items]
    assert verbs == ["Sell", *["Buy"] * (len(verbs) - 2), "Leave"]
    spent = [item.amount for item in given.actionable_items if item.amount]
    left = float(spent[0] - sum(spent[1:]))
    assert given.actionable_items[-1].title.startswith(f"Leave ${left:,.0f} as cash")


def test_orders_are_listed_account_by_account() -> None:
    found = answer(INVESTED)
    places = [trade.account.id for trade in found.trades]
    assert len(set(places)) > 1
    assert sum(one != next_ for one, next_ in pairwise(places)) == len(set(places)) - 1
    for place in set(places):
        sides = [trade.side for trade in found.trades if trade.account.id == place]
        assert sides == sorted(sides, reverse=True)


def test_another_value_scales_amounts_and_keeps_weights() -> None:
    sheltered = held(lot("US_EQUITY", 90_000.0, 1.0, 50_000.0), cash=10_000.0, kind="ROTH_IRA")
    own, twice = answer(sheltered), answer(sheltered, "200000")
    assert own.portfolio_value == Decimal("100000.00")
    assert twice.portfolio_value == Decimal("200000.00")
    assert twice.drift == pytest.approx(own.drift)
    assert len(own.trades) == len(twice.trades) > 2
    for one, two in zip(own.trades, twice.trades, strict=True):
        assert (one.symbol, one.side) == (two.symbol, two.side)
        assert float(two.amount) == pytest.approx(2 * float(one.amount), abs=5.0)


@pytest.mark.parametrize("value", ["0", "-1", "1e12"])
def test_a_value_out_of_reason_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="above 0"):
        PortfolioOptions(portfolio_value=Decimal(value))


def test_who_holds_nothing_sees_a_target_and_no_trades() -> None:
    found = answer(household(), "50000")
    assert (float(found.portfolio_value), found.drift, len(found.trades)) == (0, 0, 0)
    assert sum(part.weight for part in found.target.slices) == pytest.approx(1.0, abs=1e-3)


def test_an_account_whose_holdings_are_not_known_is_left_out_and_asked_for() -> None:
    found = answer(household(accounts=[account("EMPLOYER_PLAN", 35_000.0)]))
    assert found.portfolio_value == 0
    assert [each.key.split(":")[0] for each in found.recommendations] == ["list_holdings"]


def test_cash_is_put_to_work_before_anything_is_sold() -> None:
    found = answer(held(lot("US_EQUITY", 6_000.0, 1.0, 3_000.0), cash=60_000.0))
    assert all(trade.side is TradeSide.BUY for trade in found.trades)
    assert sum(trade.amount for trade in found.trades) > 50_000


def test_a_loss_within_the_band_is_taken_and_the_weight_kept() -> None:
    near = answer(held(lot("CASH", 100_000.0, 1.0, 100_000.0), annual_income=150_000.0))
    lots = [
        lot(f"F{part.symbol}", 1_000.0 * part.weight, 100.0, 130_000.0 * part.weight, asset_class=part.asset_class)
        for part in near.target.slices
        if part.asset_class != "CASH"
    ]
    found = answer(held(*lots, cash=100_000.0 * weights(near)[1]["CASH"], annual_income=150_000.0))
    assert found.drift < 0.05
    assert found.tax.harvested_loss > 10_000
    assert [each.key for each in found.recommendations] == ["harvest_losses"]
    assert found.tax.estimated_tax == 0
    bought = {trade.symbol for trade in found.trades if trade.side is TradeSide.BUY}
    assert bought
    assert not any(symbol.startswith("F") for symbol in bought)


def test_losses_of_earlier_years_cover_gains_and_that_is_said() -> None:
    gained = lot("US_EQUITY", 100_000.0, 1.0, 60_000.0)
    plain, carrying = (
        answer(held(gained, annual_income=150_000.0, capital_loss_carryforward=carried)) for carried in (None, 60_000.0)
    )
    assert plain.tax.estimated_tax > 1_000
    assert carrying.tax.estimated_tax == carrying.tax.estimated_tax_naive == 0
    assert carrying.tax.long_term_gain >= plain.tax.long_term_gain
    told = {one.key: one.description for one in carrying.recommendations}
    assert "Losses of earlier years cover the gains: no tax is due." in told["rebalance"]
    (tax,) = (entry.sentence for entry in carrying.explanation if entry.feature == "plan")
    assert "after $60,000 of losses from earlier years" in tax


def test_who_carries_more_losses_than_a_year_allows_is_not_told_to_take_others() -> None:
    near = answer(held(lot("CASH", 100_000.0, 1.0, 100_000.0), annual_income=150_000.0))
    lots = [
        lot(f"F{part.symbol}", 1_000.0 * part.weight, 100.0, 130_000.0 * part.weight, asset_class=part.asset_class)
        for part in near.target.slices
    ]
    found = answer(held(*lots, annual_income=150_000.0, capital_loss_carryforward=20_000.0))
    assert (found.trades, found.recommendations) == ((), ())


def test_one_share_that_is_too_much_is_said() -> None:
    found = answer(held(lot("ACME", 100.0, 500.0, 40_000.0), kind="ROTH_IRA"))
    assert "diversify:ACME" in [each.key for each in found.recommendations]
    _, then = weights(found)
    assert then["ACME"] <= 0.10 + 1e-9


def test_a_short_horizon_lowers_the_risk() -> None:
    soon = goal("HOME_PURCHASE", 60_000.0, target_date=facts().today.replace(year=2027))
    portfolio = account("TAXABLE", 50_000.0, lots=[lot("US_EQUITY", 50_000.0, 1.0, 50_000.0)])
    now = answer(household(accounts=[portfolio], goals=[soon], stated_risk_tolerance="AGGRESSIVE"))
    later = answer(household(accounts=[portfolio], stated_risk_tolerance="AGGRESSIVE"))
    assert now.target.volatility < 0.06 < later.target.volatility
    assert any("too soon for more" in entry.sentence for entry in now.explanation if entry.feature == "risk_level")


def test_other_countries_pay_one_rate() -> None:
    found = answer(held(lot("US_EQUITY", 100_000.0, 1.0, 20_000.0), currency="EUR"))
    assert 0 < found.tax.estimated_tax <= found.tax.estimated_tax_naive
    assert found.tax.estimated_tax_naive <= Decimal("0.15") * 80_000


def test_too_little_is_not_traded() -> None:
    found = answer(held(lot("US_EQUITY", 60.0, 1.0, 20.0)))
    assert (found.trades, found.needs_rebalancing) == ((), False)
