"""The compiled solver and the search for directions find what cvxpy and brute force find."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from benchmarks.portfolio.cases import draw_book, draw_rates, draw_wanted
from benchmarks.portfolio.proof import WITHIN, lower_bound
from benchmarks.portfolio.rivals import mixed_integer
from engine.market import assumptions
from engine.portfolio.directions import CLOSE_ENOUGH, allowed, choose
from engine.portfolio.interior import inverted
from engine.portfolio.program import Program, program
from engine.portfolio.variables import Kind
from tests.engine.portfolio.oracle import optimum


def drawn(seed: int, **size: int) -> Program:
    book = draw_book(seed, **size)
    return program(book, assumptions().covariance, draw_rates(seed), draw_wanted(book, seed))


def everything(stated: Program) -> np.ndarray:
    return np.ones(len(stated.kind), dtype=np.bool_)


@pytest.mark.parametrize("seed", range(8))
def test_the_compiled_solver_reaches_the_optimum_of_cvxpy(seed: int) -> None:
    stated = drawn(seed, assets=12, accounts=3, lots=40)
    x, cost, converged = stated.solve(everything(stated))
    assert converged
    assert cost == pytest.approx(optimum(stated), abs=1e-7)
    assert cost == pytest.approx(stated.cost(x), abs=1e-7)


@pytest.mark.parametrize("carried", [2_000.0, 30_000.0, 1e7])
@pytest.mark.parametrize("seed", range(4))
def test_losses_of_earlier_years_lower_the_optimum_and_the_solver_still_reaches_it(seed: int, carried: float) -> None:
    book, rates, wanted = draw_book(seed), draw_rates(seed), draw_wanted(draw_book(seed), seed)
    stated = program(book, assumptions().covariance, replace(rates, carried=carried), wanted)
    _, cost, converged = stated.solve(everything(stated))
    assert converged
    assert cost == pytest.approx(optimum(stated), abs=1e-7)
    assert cost < drawn(seed).solve(everything(stated))[1] + 1e-9


@pytest.mark.parametrize("seed", range(8))
def test_what_it_finds_keeps_bounds_and_the_cash_of_every_account(seed: int) -> None:
    stated = drawn(seed)
    x, _, _ = stated.solve(everything(stated))
    assert (x >= 0).all()
    assert (x <= stated.upper + 1e-9).all()
    for account in range(3):
        mine = stated.account == account
        bought, sold, left = (
            x[mine & np.isin(stated.kind, kinds)].sum()
            for kinds in ([Kind.BUY], [Kind.SELL, Kind.SELL_LOT], [Kind.CASH])
        )
        assert bought + left - sold == pytest.approx(stated.right[len(stated.inverse) + account], abs=1e-8)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_directions_are_those_of_trying_all(seed: int) -> None:
    stated = drawn(seed, assets=7, accounts=2, lots=24)
    choice = choose(stated)
    assets = range(len(stated.inverse) - 1)
    masks = [
        (
            sum(1 - side << asset for asset, side in enumerate(sides)),
            sum(side << asset for asset, side in enumerate(sides)),
        )
        for sides in product((0, 1), repeat=len(assets))
    ]
    best = min(stated.solve(allowed(stated, mask))[1] for mask in masks)
    assert choice.cost == pytest.approx(best, abs=CLOSE_ENOUGH)
    assert choice.bound <= best + CLOSE_ENOUGH


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_bought_that_is_sold_at_a_loss(seed: int) -> None:
    stated = drawn(seed)
    x = choose(stated).x
    bought = set(stated.asset[(stated.kind == Kind.BUY) & (x > 0)])
    sold = set(stated.asset[stated.is_loss & (x > 0)])
    assert sold
    assert not bought & sold


@pytest.mark.parametrize("seed", range(4))
def test_no_directions_cost_less_than_the_bound_that_multipliers_prove(seed: int) -> None:
    stated = drawn(seed, assets=10, accounts=2, lots=40)
    choice = choose(stated)
    bound = lower_bound(stated, choice.cost)
    assert choice.cost - bound <= WITHIN
    assert bound <= mixed_integer(stated) + 1e-7
    worse = choice.cost + 10 * WITHIN
    assert lower_bound(stated, worse) == pytest.approx(choice.cost, abs=WITHIN)


def test_a_program_at_the_edge_of_rounding_still_converges() -> None:
    stated = drawn(5_000_162, assets=20, accounts=3, lots=100)
    _, cost, converged = stated.solve(everything(stated))
    assert converged
    assert cost == pytest.approx(optimum(stated), abs=1e-7)


def test_the_compiled_inverse_is_that_of_numpy() -> None:
    risk = drawn(3, assets=30, accounts=4, lots=300).risk
    assert inverted(risk) @ risk == pytest.approx(np.eye(len(risk)), abs=1e-9)


def test_a_household_of_many_lots_is_settled_to_the_proof() -> None:
    choices = [choose(drawn(seed, assets=30, accounts=4, lots=300)) for seed in range(12)]
    assert max(choice.cost - choice.bound for choice in choices) <= WITHIN


def test_the_rule_costs_something_in_nearly_every_household() -> None:
    torn = [choose(drawn(seed)).nodes > 1 for seed in range(20)]
    assert sum(torn) >= 18
