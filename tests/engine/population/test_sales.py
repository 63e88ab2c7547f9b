"""What was sold fits what is held: one law, by which only those who shun losses tell gains from losses."""

import numpy as np
import pytest

from engine.facts import Flags, Positions
from engine.population import trading
from engine.population.balance_sheet import Slot
from engine.population.biases import Biases, draw_biases
from engine.population.people import draw
from engine.population.portfolio import Holdings
from engine.population.prices import WEEKS_A_YEAR, draw_prices
from engine.population.sales import RECORD_WEEKS, Sales, draw_sales
from tests.engine.population.conftest import TODAY

PRICES = draw_prices(4, TODAY)
WEEKS = len(PRICES.dates) - 1
USERS, LOTS = 6_000, 8
YEARS = RECORD_WEEKS / WEEKS_A_YEAR


@pytest.fixture(scope="module")
def biases() -> Biases:
    return draw_biases(draw(USERS, 4, TODAY)[0], 4)


@pytest.fixture(scope="module")
def held(biases: Biases) -> Holdings:
    """So many lots of one fund in everybody's brokerage account."""
    random, user = np.random.default_rng(4), np.repeat(np.arange(USERS), LOTS)
    fund = np.full(len(user), PRICES.classes.index("US_EQUITY"))
    own = trading.habits(biases, user)
    week = trading.held_since(random, PRICES, fund, own)
    left = trading.left_by_sales(random, PRICES, fund, own)
    week = np.where(own.apart > 0, left, week)
    slot, quantity = np.full(len(user), int(Slot.BROKERAGE)), np.full(len(user), 10.0)
    cost = quantity * PRICES.close[week, fund]
    return Holdings(user=user, slot=slot, fund=fund, quantity=quantity, week=week, cost_basis=cost)


@pytest.fixture(scope="module")
def sales(held: Holdings, biases: Biases) -> Sales:
    return draw_sales(held, PRICES, biases, 4)


def usual(biases: Biases) -> Flags:
    return np.asarray((biases.loss_aversion == 0) & (biases.overtrading == 0) & (biases.herding == 0))


def gains_sold(sales: Sales, of: Flags) -> float:
    """Share of lots sold at more than they cost."""
    return float((sales.proceeds > sales.cost_basis)[of[sales.user]].mean())


def in_gain_throughout(held: Holdings, sales: Sales, of: Flags) -> float:
    """Share of the weeks of the record, over all lots, in which a lot stood above its price of purchase."""
    gained = trading.weeks_in_gain(PRICES)
    start = WEEKS - RECORD_WEEKS

    def weeks(fund: Positions, week: Positions, end: Positions) -> tuple[Positions, Positions]:
        first = np.maximum(week, start)
        return gained[fund, week, end].astype(np.int64) - gained[fund, week, first], end - first

    mine, gone = of[held.user], of[sales.user]
    now = np.full(int(mine.sum()), WEEKS)
    still = weeks(held.fund[mine], held.week[mine], now)
    past = weeks(sales.fund[gone], sales.week[gone], sales.sold[gone])
    return float((still[0].sum() + past[0].sum()) / (still[1].sum() + past[1].sum()))


def test_as_many_are_sold_as_the_time_that_lots_are_held_asks_for(sales: Sales, biases: Biases) -> None:
    """Lots times years over the mean time held; who trades too much holds a third as long."""
    count = np.bincount(sales.user, minlength=USERS)
    asked = LOTS * RECORD_WEEKS / trading.MEAN_HELD_WEEKS
    assert count[usual(biases)].mean() == pytest.approx(asked, rel=0.12)
    trader = (biases.overtrading > 0) & (biases.loss_aversion == 0)
    assert count[trader].mean() == pytest.approx(asked / trading.TRADED_SOONER, rel=0.12)


def test_without_the_habit_sales_hit_gains_as_often_as_they_stood_there(
    held: Holdings, sales: Sales, biases: Biases
) -> None:
    of = usual(biases)
    assert gains_sold(sales, of) == pytest.approx(in_gain_throughout(held, sales, of), abs=0.01)


def test_who_shuns_losses_sells_gains_as_much_more_readily_as_planted(
    held: Holdings, sales: Sales, biases: Biases
) -> None:
    for low, high in ((0.35, 0.6), (0.8, 1.0)):
        of = (biases.loss_aversion > low) & (biases.loss_aversion <= high)
        share, stood = gains_sold(sales, of), in_gain_throughout(held, sales, of)
        ratio = share / (1 - share) / (stood / (1 - stood))
        planted = 1.0 + trading.READINESS * biases.loss_aversion[of].mean()
        assert ratio == pytest.approx(planted, rel=0.12)


def test_over_everybody_gains_are_sold_half_as_often_again_as_losses(biases: Biases) -> None:
    """As Odean found: .148 of gains, .098 of losses."""
    assert 1.0 + trading.READINESS * biases.loss_aversion.mean() == pytest.approx(0.148 / 0.098, abs=0.06)


def test_a_lot_is_sold_after_it_was_bought_within_the_record_at_the_prices_of_both_weeks(sales: Sales) -> None:
    assert (sales.week < sales.sold).all()
    assert sales.sold.min() > WEEKS - RECORD_WEEKS
    assert sales.sold.max() <= WEEKS
    np.testing.assert_allclose(
        sales.proceeds / sales.cost_basis,
        PRICES.close[sales.sold, sales.fund] / PRICES.close[sales.week, sales.fund],
        rtol=1e-3,
    )
    assert (np.diff(sales.user) >= 0).all()
