"""Overtrading and herding: found where trades show them, with and without a record of sales."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from engine.behavior.biases import Bias
from engine.behavior.herding import herding
from engine.behavior.lots import lots
from engine.behavior.trading import overtrading
from engine.facts import Facts, Prices
from tests.engine.facts_factory import TODAY, account, facts, household, lot

MONTHS = ({"salary": 4_000.0, "rent": -1_000.0},) * 24


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
    held: Sequence[int] = (),
    sold: Sequence[tuple[int, int]] = (),
    months: Sequence[Mapping[str, float]] = MONTHS,
) -> Facts:
    """Bought one unit in each of these weeks at the price of that week, and sold others in another."""
    prices = zigzag()
    close, days = prices.close[0], [day.astype(date) for day in prices.weeks]
    lots_ = [lot("FUND", 1.0, close[-1], close[week], acquired=days[week]) for week in held]
    sales = [
        {**lot("FUND", 1.0, 0.0, close[week]), "acquired": days[week], "proceeds": close[end], "sold": days[end]}
        for week, end in sold
    ]
    known = facts(household(accounts=[account("TAXABLE", 100.0, lots=lots_, sales=sales)], months=months))
    return Facts(today=known.today, users=known.users, sources={**known.sources, "prices": prices})


def herd(known: Facts) -> Bias:
    return herding(known, lots(known))


def trade(known: Facts) -> Bias:
    return overtrading(known, lots(known))


def test_buying_at_the_top_of_rises_is_told_and_steady_buying_is_not() -> None:
    tops = [52 * year + week for year in range(5) for week in range(8, 19)]
    found = herd(investor(tops))
    assert found.present[0]
    assert found.cost[0] == found.shown["dear"][0] > 0
    steady = herd(investor(list(range(4, 260, 4))))
    assert steady.judged[0]
    assert not steady.present[0]
    assert not herd(investor(tops[:20])).judged[0]


def test_what_was_bought_after_rises_counts_though_it_is_sold() -> None:
    tops = [52 * year + week for year in range(5) for week in range(8, 19)]
    gone = herd(investor(tops[:20], [(week, week + 5) for week in tops[20:]]))
    assert gone.present[0]
    assert gone.shown["rank"][0] == herd(investor(tops)).shown["rank"][0]


def test_many_purchases_on_few_days_are_few_decisions() -> None:
    """Lots of fifty-five accounts, all bought on one day after a rise: one decision shows no habit."""
    known = investor([12 + 52 * 2])
    crowd = [lot("FUND", 1.0, 100.0, 100.0, acquired=zigzag().weeks[116].astype(date)) for _ in range(2)]
    many = facts(household(accounts=[account("TAXABLE", 100.0, lots=crowd) for _ in range(55)], months=MONTHS))
    found = herd(Facts(today=many.today, users=many.users, sources={**many.sources, "prices": known.prices}))
    assert found.judged[0]
    assert found.shown["rank"][0] > 0.75
    assert not found.present[0]


def test_a_portfolio_bought_anew_within_the_year_is_told() -> None:
    found = trade(investor(list(range(213, 255, 2))))
    assert found.present[0]
    assert found.shown["by_sales"][0] == 0
    patient = trade(investor(list(range(0, 240, 10))))
    assert patient.judged[0]
    assert not patient.present[0]


def test_a_young_portfolio_that_was_paid_in_is_no_trading() -> None:
    saved = [{"salary": 4_000.0, "investment": -200.0}] * 24
    assert not trade(investor(list(range(213, 255, 2)), months=saved)).present[0]


def test_lots_that_are_sold_within_months_and_bought_anew_are_told() -> None:
    """Nine lots at a time, each for thirty weeks: more than the whole portfolio is turned over in a year."""
    rounds = [(start + late, start + late + 30) for start in range(0, 220, 10) for late in (0, 3, 6)]
    found = trade(investor([233, 236, 240, 243, 246, 250, 253, 256], rounds))
    assert found.shown["by_sales"][0] == 1
    assert found.present[0]
    assert found.shown["turnover"][0] > 1.0
    assert found.cost[0] > 0


def test_what_was_sold_and_taken_out_is_no_trading() -> None:
    """Of forty lots twenty were sold within the year, one after the other, to live on."""
    sold = [(2 * number, 210 + 2 * number) for number in range(20)]
    spent = [{"salary": 1_000.0, "investment": 200.0}] * 24
    kept = list(range(0, 80, 2))
    assert trade(investor(kept, [(0, 20), *sold], spent)).shown["turnover"][0] == 0
    assert trade(investor(kept, [(0, 20), *sold])).shown["turnover"][0] > 0.1


def test_selling_everything_once_is_one_decision() -> None:
    """A new bank: all lots are sold on one day and bought again on the next."""
    sold = [(0, 60), *((5 * number, 230) for number in range(30))]
    found = trade(investor(range(231, 250), sold))
    assert found.judged[0]
    assert found.shown["sales"][0] == 30
    assert found.shown["turnover"][0] > 0.5
    assert not found.present[0]
