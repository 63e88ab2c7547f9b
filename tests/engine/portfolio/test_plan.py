"""Whatever a household holds: no wash sale, no short position, no lost cent, no more tax than the naive plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.portfolio.cases import draw_book, draw_rates, draw_wanted
from engine.facts import Floats
from engine.market import ASSET_CLASSES, CASH_CLASS, assumptions, is_growth
from engine.portfolio.aim import LEAST_NEW, aims
from engine.portfolio.book import Book
from engine.portfolio.check import gains
from engine.portfolio.plan import Action, Plan, make_plan
from engine.portfolio.target import Relaxed, Target, target
from engine.portfolio.worth import LEAST_ORDER
from tests.engine.portfolio.oracle import schedule_d

sizes = st.fixed_dictionaries({"assets": st.integers(3, 16), "accounts": st.integers(1, 5), "lots": st.integers(1, 40)})


def draw_target(seed: int) -> Target:
    assumed = assumptions()
    return target(assumed.covariance, assumed.equilibrium(assumed.covariance), seed % 5)


def planned(seed: int, size: dict[str, int]) -> tuple[Book, Plan]:
    book = draw_book(seed, **size)
    return book, make_plan(book, assumptions().covariance, draw_rates(seed), draw_target(seed))


def cash_after(book: Book, plan: Plan) -> Floats:
    made = plan.orders
    earned = np.bincount(book.lot_account[made.lot], made.proceeds, len(book.accounts))
    spent = np.bincount(made.account, made.spent, len(book.accounts))
    return np.asarray(book.cash + earned - spent, dtype=np.float64)


def assert_valid(book: Book, plan: Plan) -> None:
    made = plan.orders
    assert (plan.bill.washed, plan.bill.undone) == (0, 0)
    assert not {book.symbols[asset] for asset in made.asset} & set(book.again)
    assert not set(made.asset) & set(
        book.lot_asset[made.lot][book.taxable[book.lot_account[made.lot]] & (gains(book, made) < 0)]
    )
    assert (made.sold <= book.lot_quantity[made.lot] * (1 + 1e-12)).all()
    assert len(set(made.lot)) == len(made.lot)
    assert (cash_after(book, plan) >= -1e-6).all()
    assert (plan.after >= -1e-9).all()
    assert plan.after.sum() == pytest.approx(1.0)
    assert plan.wanted.sum() == pytest.approx(1.0)
    assert plan.bill.tax <= plan.naive.tax + 1e-9


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), sizes)
def test_every_household_gets_a_valid_plan(seed: int, size: dict[str, int]) -> None:
    assert_valid(*planned(seed, size))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), sizes, st.floats(0, 3e5))
def test_losses_of_earlier_years_leave_every_plan_valid_and_its_tax_that_of_the_return(
    seed: int, size: dict[str, int], carried: float
) -> None:
    book, rates = draw_book(seed, **size), replace(draw_rates(seed), carried=carried)
    plan = make_plan(book, assumptions().covariance, rates, draw_target(seed))
    assert_valid(book, plan)
    results = (plan.bill.short, plan.bill.long)
    with_orders, without = (schedule_d(rates.status, rates.ordinary, *each, carried) for each in (results, (0.0, 0.0)))
    assert plan.bill.tax == pytest.approx(max(with_orders - without, 0.0), abs=0.01)


def test_who_carries_losses_realises_gains_that_are_put_off_otherwise() -> None:
    rates = [replace(draw_rates(seed), carried=carried) for seed in range(40) for carried in (0.0, 50_000.0)]
    plans = [
        make_plan(draw_book(row // 2), assumptions().covariance, each, draw_target(row // 2))
        for row, each in enumerate(rates)
    ]
    gains, carrying = (sum(plan.bill.short + plan.bill.long for plan in plans[start::2]) for start in (0, 1))
    assert carrying > gains + 40 * 2_000
    assert sum(plan.bill.tax for plan in plans[1::2]) < sum(plan.bill.tax for plan in plans[::2])


@pytest.mark.soak
def test_ten_thousand_households_get_a_valid_plan() -> None:
    random = np.random.default_rng(7)
    for seed in range(10_000):
        size = {"assets": random.integers(3, 20), "accounts": random.integers(1, 5), "lots": random.integers(1, 60)}
        assert_valid(*planned(seed, {name: int(value) for name, value in size.items()}))


def test_a_household_at_its_target_does_nothing() -> None:
    book = draw_book(3)
    book = replace(book, lot_basis=0.9 * book.lot_value)
    classes = np.bincount([trait.asset_class for trait in book.traits], book.held / book.value, len(ASSET_CLASSES))
    at_target = Target(weight=classes.astype(np.float64), growth=0.0, relaxed=Relaxed.NONE)
    plan = make_plan(book, assumptions().covariance, draw_rates(3), at_target)
    assert plan.action is Action.HOLD
    assert len(plan.orders) == 0
    assert plan.drift < 0.05


def test_what_cannot_be_estimated_is_held() -> None:
    unknown = np.full_like(assumptions().covariance, np.nan)
    found = target(unknown, assumptions().equilibrium(assumptions().covariance), 2)
    book = draw_book(5)
    plan = make_plan(book, assumptions().covariance, draw_rates(5), found)
    assert found.relaxed is Relaxed.HOLD
    assert plan.action is not Action.REBALANCE
    assert plan.drift == 0


def test_tax_is_a_fraction_of_the_naive_plan_s_at_a_small_tracking_error() -> None:
    plans = [planned(seed, {"assets": 20, "accounts": 3, "lots": 100})[1] for seed in range(60)]
    own, naive = (sum(bill.tax for bill in bills) for bills in ([p.bill for p in plans], [p.naive for p in plans]))
    assert own <= 0.25 * naive
    assert np.median([plan.tracking for plan in plans]) <= 6e-4


def test_a_recent_purchase_keeps_older_losses_unsold() -> None:
    book, plan = planned(11, {"assets": 6, "accounts": 2, "lots": 40})
    late = book.recent[book.lot_asset[plan.orders.lot]]
    lost = (gains(book, plan.orders) < 0) & book.taxable[book.lot_account[plan.orders.lot]]
    assert not (late & lost).any()


def test_whole_shares_are_whole() -> None:
    _, plan = planned(2, {"assets": 20, "accounts": 3, "lots": 100})
    assert len(plan.orders.account)
    assert plan.orders.bought == pytest.approx(np.round(plan.orders.bought))


def test_a_small_class_is_kept_where_it_is_held_and_not_opened_where_it_is_not() -> None:
    book, wanted = draw_book(4), draw_target(4).weight
    kind = np.array([trait.asset_class for trait in book.traits])
    small = [each for each in np.flatnonzero((wanted > 0) & (wanted < LEAST_NEW)) if each != CASH_CLASS]
    assert small
    without = replace(book, lot_value=np.where(np.isin(kind[book.lot_asset], small), 0.0, book.lot_value))
    for each in small:
        assert aims(book, wanted)[kind == each].sum() > 0
        assert aims(without, wanted)[kind == each].sum() == 0
    growth = is_growth()
    for mine in (aims(book, wanted), aims(without, wanted)):
        assert mine[growth[kind]].sum() == pytest.approx(wanted[growth].sum())


def test_no_order_is_dust() -> None:
    for seed in range(60):
        book, plan = planned(seed, {"assets": 12, "accounts": 3, "lots": 40})
        order = book.lot_account[plan.orders.lot] * len(book.symbols) + book.lot_asset[plan.orders.lot]
        assert min([*np.bincount(order, plan.orders.proceeds)[np.unique(order)], np.inf]) > LEAST_ORDER / 2


def test_wanted_weights_bound_single_shares() -> None:
    book = draw_book(4)
    wanted = draw_wanted(book, 4)
    alone = np.array([trait.specific > 0.1 for trait in book.traits])
    assert alone.any()
    assert wanted[alone].max() <= 0.10 + 1e-9
