"""After warming up, nothing is compiled any more."""

from typing import Any

from benchmarks.portfolio.cases import draw_book, draw_rates
from engine.market import assumptions
from engine.portfolio.interior import interior
from engine.portfolio.plan import make_plan
from engine.portfolio.shares import whole_shares
from engine.portfolio.target import target
from engine.portfolio.warm import warm_up

KERNELS: tuple[Any, ...] = (interior, whole_shares)


def test_a_plan_compiles_nothing_that_was_not_warm() -> None:
    warm_up()
    compiled = [len(kernel.signatures) for kernel in KERNELS]
    assumed, book = assumptions(), draw_book(1)
    wanted = target(assumed.covariance, assumed.equilibrium(assumed.covariance), 2)
    make_plan(book, assumed.covariance, draw_rates(1), wanted)
    assert [len(kernel.signatures) for kernel in KERNELS] == compiled
    assert min(compiled) > 0
