"""The demo population's portfolios as facts."""

from dataclasses import fields, replace
from datetime import date

import numpy as np

from benchmarks.demo_facts import as_facts, positions
from engine.facts import Facts, Holdings, Prices, Sales
from engine.population import Population, generate
from engine.population.prices import draw_prices

PRICE_WEEKS = 260


def demo(users: int, seed: int, today: date) -> Facts:
    """Facts with holdings and prices."""
    population = generate(users=users, seed=seed, today=today, months=12)
    return with_portfolios(as_facts(population, today), population, seed)


def with_portfolios(facts: Facts, population: Population, seed: int) -> Facts:
    """The same facts with the holdings, sales and prices of the population, which was drawn by `seed`."""
    today = facts.today
    position = {name: row for row, name in enumerate(facts.users)}
    held, drawn = population.holdings, draw_prices(seed, today)
    latest = dict(zip(drawn.symbols, drawn.close[-1], strict=True))
    kinds = dict(zip(drawn.symbols, drawn.classes, strict=True))
    user = positions(held["user"], position)
    order = np.argsort(user, kind="stable")
    symbol, quantity = held["symbol"][order], held["quantity"][order].astype(np.float64)
    holdings = Holdings(
        user=user[order],
        account=held["account"][order],
        symbol=symbol,
        asset_class=np.array([kinds[name] for name in symbol], dtype=object),
        quantity=quantity,
        market_value=quantity * np.array([latest[name] for name in symbol]),
        cost_basis=held["cost_basis"][order].astype(np.float64),
        acquired=held["acquired"][order].astype("datetime64[D]"),
    )
    prices = Prices(
        symbol=np.array(drawn.symbols, dtype=object),
        asset_class=np.array(drawn.classes, dtype=object),
        rank=np.ones(len(drawn.symbols), dtype=np.int64),
        latest=np.full(len(drawn.symbols), np.datetime64(today)),
        weeks=drawn.dates[-PRICE_WEEKS:],
        close=drawn.close[-PRICE_WEEKS:].T,
        total_return=drawn.total_return[-PRICE_WEEKS:].T,
    )
    sold = _sales(population, position)
    return replace(facts, sources={**facts.sources, "holdings": holdings, "sales": sold, "prices": prices})


def _sales(population: Population, position: dict[str, int]) -> Sales:
    rows = population.sales
    columns = {**rows, "user": positions(rows["user"], position)}
    return Sales(**{each.name: columns[each.name] for each in fields(Sales)})
