"""Records of purchases and sales as facts: many households at once, with prices of their own."""

from dataclasses import dataclass, fields, replace

import numpy as np

from engine.behavior.biases import Bias
from engine.behavior.disposition import disposition
from engine.behavior.lots import lots
from engine.facts import Facts, Floats, Holdings, Positions, Prices, Sales
from tests.engine.fact_columns import ids
from tests.engine.facts_factory import TODAY, account, facts, household

WEEKS, FUNDS = 260, 12
NEVER = WEEKS
"""Week of sale of what is held still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row a lot of one unit, all in one taxable account."""

    user: Positions
    fund: Positions
    bought: Positions
    sold: Positions

    def take(self, rows: Positions) -> "Record":
        return Record(**{each.name: getattr(self, each.name)[rows] for each in fields(Record)})


def market(seed: int, growth: float = 0.08, volatility: float = 0.2) -> Floats:
    """Weekly prices of funds that rise by so much a year, funds x weeks."""
    steps = np.random.default_rng(seed).normal(growth / 52, volatility / np.sqrt(52), (FUNDS, WEEKS))
    return np.asarray(100.0 * np.exp(steps.cumsum(axis=1)))


def judged(close: Floats, record: Record, users: int, kind: str = "TAXABLE", units: float = 1.0) -> Bias:
    """What is told of these households."""
    known = as_facts(close, record, users, kind, units)
    return disposition(known, lots(known))


def as_facts(close: Floats, record: Record, users: int, kind: str = "TAXABLE", units: float = 1.0) -> Facts:
    """Bought and sold at the prices of the weeks."""
    prices = _prices(close)
    known = facts(*[household(accounts=[account(kind, 0.0)], annual_income=100_000.0)] * users)
    held = record.take(np.flatnonzero(record.sold == NEVER))
    gone = record.take(np.flatnonzero(record.sold < NEVER))
    gone = gone.take(np.lexsort((gone.sold, gone.user)))
    holdings = Holdings(
        user=held.user,
        account=_account(held),
        symbol=prices.symbol[held.fund],
        asset_class=prices.asset_class[held.fund],
        quantity=np.full(len(held.user), units),
        market_value=units * close[held.fund, -1],
        cost_basis=units * close[held.fund, held.bought],
        acquired=prices.weeks[held.bought],
    )
    sales = Sales(
        user=gone.user,
        account=_account(gone),
        symbol=prices.symbol[gone.fund],
        quantity=np.full(len(gone.user), units),
        cost_basis=units * close[gone.fund, gone.bought],
        proceeds=units * close[gone.fund, gone.sold],
        acquired=prices.weeks[gone.bought],
        sold=prices.weeks[gone.sold],
    )
    return replace(known, sources={**known.sources, "holdings": holdings, "sales": sales, "prices": prices})


def with_rows_halved(known: Facts) -> Facts:
    """Every lot and every sale in two rows of half of it."""
    sources = dict(known.sources)
    for name in ("holdings", "sales"):
        rows = sources[name]
        columns = {each.name: np.repeat(getattr(rows, each.name), 2) for each in fields(rows)}  # type: ignore[arg-type]
        for half in ("quantity", "market_value", "cost_basis", "proceeds"):
            if half in columns:
                columns[half] = columns[half] / 2
        sources[name] = type(rows)(**columns)
    return replace(known, sources=sources)


def _account(record: Record) -> np.ndarray:
    """Of each household its only one."""
    return np.repeat(ids("account", [0]), len(record.user))


def _prices(close: Floats) -> Prices:
    funds, weeks = close.shape
    days = np.datetime64(TODAY) - 7 * np.arange(weeks - 1, -1, -1).astype("timedelta64[D]")
    names = np.array([f"FUND{number}" for number in range(funds)], dtype=object)
    return Prices(
        symbol=names,
        asset_class=names,
        rank=np.zeros(funds, dtype=np.int64),
        latest=np.repeat(days[-1:], funds),
        weeks=days,
        close=close,
        total_return=close,
    )
