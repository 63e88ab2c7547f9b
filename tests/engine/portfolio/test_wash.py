"""What was sold at a loss is bought by nobody in the household until thirty days have passed."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.portfolio.cases import draw_book, draw_rates
from engine.advise import advise
from engine.market import ASSET_CLASSES, assumptions
from engine.portfolio.book import Book
from engine.portfolio.plan import Plan, make_plan
from engine.portfolio.wash import barred
from engine.recommenders.portfolio_rebalancing import PortfolioRebalancing, TradeSide
from tests.engine.facts_factory import TODAY, Row, account, facts, household, lot, sale
from tests.engine.portfolio.test_plan import assert_valid, draw_target, sizes

AGAIN = date(2026, 10, 1)
SOLD = AGAIN - timedelta(days=31)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def seller(*sales: Row, kind: str = "TAXABLE") -> Row:
    """A household whose account has sold so much."""
    return household(accounts=[account("CHECKING", 100.0), account(kind, 0.0, sales=list(sales))])


def answer(each: Row) -> PortfolioRebalancing:
    (given_,) = advise(facts(each), ["portfolio_rebalancing"])["portfolio_rebalancing"]
    assert isinstance(given_, PortfolioRebalancing)
    return given_


def bought(found: PortfolioRebalancing) -> set[str]:
    return {trade.symbol for trade in found.trades if trade.side is TradeSide.BUY}


@pytest.mark.parametrize(("days", "waits"), [(0, True), (30, True), (31, False)])
def test_a_loss_bars_for_thirty_days_and_no_longer(days: int, waits: bool) -> None:
    found = barred(facts(seller(sale("VTI", 100.0, 99.99, ago(days)))))
    assert found == ({0: {"VTI": ago(days) + timedelta(days=31)}} if waits else {})
    assert all(again > TODAY for each in found.values() for again in each.values())


def test_the_latest_sale_at_a_loss_decides() -> None:
    sales = [sale("VTI", 100.0, 50.0, ago(20)), sale("VTI", 100.0, 50.0, ago(9)), sale("VTI", 100.0, 150.0, ago(1))]
    assert barred(facts(seller(*sales))) == {0: {"VTI": ago(9) + timedelta(days=31)}}


def test_gains_and_accounts_that_are_not_taxed_bar_nothing() -> None:
    even, lost = sale("VTI", 100.0, 100.0, ago(3)), sale("VTI", 100.0, 50.0, ago(3))
    assert barred(facts(seller(even), seller(lost, kind="ROTH_IRA"), seller())) == {}


def test_a_household_waits_for_its_own_losses_alone() -> None:
    lost = sale("VTI", 100.0, 50.0, ago(3))
    assert barred(facts(seller(), seller(lost), seller(sale("BND", 9.0, 8.0, ago(1))))) == {
        1: {"VTI": ago(3) + timedelta(days=31)},
        2: {"BND": ago(1) + timedelta(days=31)},
    }


def planned(seed: int, size: dict[str, int], share: float) -> tuple[Book, Plan]:
    """A household that has taken losses on a share of what it may buy, and on something else."""
    book, random = draw_book(seed, **size), np.random.default_rng(seed)
    lost = [name for name in book.symbols[:-1] if random.uniform() < share]
    book = replace(book, again=dict.fromkeys([*lost, "GONE"], AGAIN))
    return book, make_plan(book, assumptions().covariance, draw_rates(seed), draw_target(seed))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), sizes, st.floats(0, 1))
def test_whatever_was_sold_at_a_loss_every_household_gets_a_valid_plan_that_buys_none_of_it(
    seed: int, size: dict[str, int], share: float
) -> None:
    book, plan = planned(seed, size, share)
    assert_valid(book, plan)
    assert "No plan could be computed" not in plan.reason


def test_a_naive_plan_buys_back_what_ours_does_not() -> None:
    plans = [planned(seed, {"assets": 20, "accounts": 2, "lots": 60}, 0.5)[1] for seed in range(20)]
    assert sum(plan.naive.undone for plan in plans) > 20
    assert sum(plan.bill.undone for plan in plans) == 0


def test_another_fund_takes_the_place_of_one_that_has_to_wait_and_the_reason_says_so() -> None:
    lots = [lot("US_BONDS", 60_000.0, 1.0, 60_000.0)]
    shared = [lot("VTI", 5.0, 100.0, 400.0, asset_class="US_EQUITY")]
    taken = [sale("VTI", 9_000.0, 6_000.0, SOLD)]

    def with_sales(*sales: Row) -> PortfolioRebalancing:
        brokerage = account("TAXABLE", 500.0, lots=shared, sales=list(sales))
        return answer(household(accounts=[account("ROTH_IRA", 60_000.0, lots=lots), brokerage]))

    before, after = with_sales(), with_sales(*taken)
    assert "VTI" in bought(before)
    assert "US_EQUITY" not in bought(before)
    assert "US_EQUITY" in bought(after)
    assert "VTI" not in bought(after)
    (trade,) = [one for one in after.trades if one.symbol == "US_EQUITY" and one.side is TradeSide.BUY]
    assert trade.reason.startswith(
        "Any broad fund of US equity other than VTI will do. VTI was sold at a loss and waits until 1 October 2026. "
    )
    said = {entry.feature: entry.sentence for entry in after.explanation}
    assert said["wash_sale:VTI"] == (
        "VTI was sold at a loss: bought anywhere before 1 October 2026, the loss would not count for tax."
    )
    assert not any("waits until" in one.reason for one in before.trades)


def test_a_class_of_which_nothing_may_be_bought_waits_in_cash_in_an_ira_too() -> None:
    taken = account("TAXABLE", 0.0, sales=[sale("US_EQUITY", 9_000.0, 6_000.0, SOLD)])
    ira = account("TRADITIONAL_IRA", 50_000.0, lots=[lot("US_BONDS", 50_000.0, 1.0, 50_000.0)])
    free, waiting = (answer(household(accounts=[ira, *more])) for more in ([], [taken]))
    assert bought(free) - bought(waiting) == {"US_EQUITY"}
    weights = [{part.symbol: part.weight for part in found.target.slices} for found in (free, waiting)]
    assert weights[1]["CASH"] == pytest.approx(weights[0]["CASH"] + weights[0]["US_EQUITY"], abs=1e-3)
    for symbol in bought(waiting):
        assert weights[1][symbol] == pytest.approx(weights[0][symbol], abs=1e-3)
    (said,) = [entry.sentence for entry in waiting.explanation if entry.feature == "wash_sale:US_EQUITY"]
    assert said.endswith("No other fund of its class is known, so what the class is short of waits in cash.")


def test_where_everything_has_to_wait_cash_stays() -> None:
    taken = [sale(str(name), 100.0, 90.0, SOLD) for name in ASSET_CLASSES]
    brokerage = account("TAXABLE", 60_000.0, lots=[lot("CASH", 60_000.0, 1.0, 60_000.0)], sales=taken)
    found = answer(household(accounts=[brokerage]))
    assert (bought(found), found.needs_rebalancing, found.drift) == (set(), False, 0.0)


def test_no_name_is_told_twice_of_what_is_not_to_be_bought() -> None:
    lots = [lot("VTI", 300.0, 100.0, 40_000.0, asset_class="US_EQUITY")]
    brokerage = account("TAXABLE", 60_000.0, lots=lots, sales=[sale("VTI", 900.0, 600.0, SOLD)])
    found = answer(household(accounts=[brokerage], annual_income=150_000.0))
    (trade,) = [one for one in found.trades if one.symbol == "US_EQUITY"]
    assert "other than VTI will do. VTI was sold at a loss and waits until 1 October 2026." in trade.reason
