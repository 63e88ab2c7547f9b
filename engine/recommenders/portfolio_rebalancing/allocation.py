"""Weights with their risk and return, and the target where nothing is held yet."""

import numpy as np

from engine.answers import money
from engine.facts import Floats
from engine.market import ASSET_CLASSES, assumptions
from engine.portfolio.program import risk_of
from engine.portfolio.target import value_at_risk
from engine.recommenders.portfolio_rebalancing.answer import Allocation, AllocationSlice
from engine.recommenders.portfolio_rebalancing.study import Case

LEAST_WEIGHT = 5e-5


def current(case: Case) -> Allocation:
    """What is held now."""
    return _allocation(case, case.plan.held, case.book.value)


def aimed_at(case: Case) -> Allocation:
    """The target; by class where nothing is held."""
    if case.book.value > 0:
        return _allocation(case, case.plan.wanted, case.book.value)
    weight = case.target.weight
    risk = float(np.sqrt(weight @ case.market.covariance @ weight))
    rows = [(str(name), str(name), float(weight[row]), 0.0) for row, name in enumerate(ASSET_CLASSES)]
    return _made(rows, float(weight @ case.market.expected), risk)


def volatility(case: Case, weight: Floats) -> float:
    """A year, of weights by symbol."""
    return float(np.sqrt(weight @ risk_of(case.book, case.market.covariance) @ weight))


def _allocation(case: Case, weight: Floats, value: float) -> Allocation:
    book = case.book
    if value <= 0:
        return _made([], 0.0, 0.0)
    cash, excess = assumptions().cash_return, case.market.expected - assumptions().cash_return
    expected = cash + float(weight @ (book.exposure @ excess))
    rows = [
        (symbol, kind, float(share), float(share) * value)
        for symbol, kind, share in zip(book.symbols, book.classes, weight, strict=True)
    ]
    return _made(rows, expected, volatility(case, weight))


def _made(rows: list[tuple[str, str, float, float]], expected: float, risk: float) -> Allocation:
    shown = sorted((row for row in rows if row[2] > LEAST_WEIGHT), key=lambda row: -row[2])
    return Allocation(
        expected_return=expected,
        volatility=risk,
        sharpe=(expected - assumptions().cash_return) / risk if risk > 0 else 0.0,
        value_at_risk95=value_at_risk(expected, risk) if risk > 0 else 0.0,
        slices=tuple(
            AllocationSlice(symbol=symbol, asset_class=kind, weight=weight, amount=money(amount))
            for symbol, kind, weight, amount in shown
        ),
    )
