"""Loads what is known of a batch of users into the engine's columns, one statement a source."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection
from sqlmodel import Session

from engine import enums
from engine import facts as columns
from engine.facts import CashFlows, Facts, Prices, Source, Transactions
from engine.features.balance_sheet import CASH
from engine.market import ASSET_CLASSES
from engine.transactions import CATEGORY_NAMES
from engine.units import MONTHS_A_YEAR
from store.facts_sql import (
    ACCOUNTS,
    BUDGETS,
    CASH_FLOWS,
    ENDED_GOALS,
    GOALS,
    HOLDINGS,
    INCOME,
    KNOWN_MONTHS,
    LIFE_EVENTS,
    PRICES,
    PROFILE,
    SALES,
    TRANSACTIONS,
)

HISTORY_MONTHS = 36
SILENT_MONTHS = 2
"""Whole months without any transaction, after which they are taken to have stopped arriving."""
INCOME_DAYS = 365
TRANSACTION_DAYS = 395
"""Thirteen months: what is paid once a year is there twice."""
PRICE_WEEKS = 260
CURRENT_DAYS = 45
"""A fund whose last price is older stands behind those that are still quoted."""
FIRST_DAY = date(1800, 1, 1)
"""Before any price."""
NEVER = np.datetime64("NaT", "M")

Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How the answer of a query becomes a source: the types of its columns, and the words behind its codes."""

    source: type
    query: str
    words: Mapping[str, type[StrEnum]] = field(default_factory=dict)


SHAPES: dict[Source, Shape] = {
    "profile": Shape(
        columns.Profile,
        PROFILE,
        {
            "marital_status": enums.MaritalStatus,
            "employment": enums.EmploymentStatus,
            "filing_status": enums.FilingStatus,
            "education": enums.Education,
            "sex": enums.Sex,
            "stated_risk_tolerance": enums.RiskLevel,
        },
    ),
    "accounts": Shape(columns.Accounts, ACCOUNTS, {"kind": enums.AccountKind}),
    "holdings": Shape(columns.Holdings, HOLDINGS),
    "sales": Shape(columns.Sales, SALES),
    "goals": Shape(columns.Goals, GOALS, {"kind": enums.GoalKind, "priority": enums.Priority}),
    "ended_goals": Shape(columns.EndedGoals, ENDED_GOALS, {"kind": enums.GoalKind, "status": enums.GoalStatus}),
    "income": Shape(columns.Income, INCOME),
    "budgets": Shape(columns.Budgets, BUDGETS),
    "life_events": Shape(columns.LifeEvents, LIFE_EVENTS, {"event": enums.LifeEvent}),
}


def load_facts(session: Session, users: Sequence[UUID], sources: Iterable[Source], today: date) -> Facts:
    """Facts of the users, in their order; a user without a profile has a row of unknowns."""
    reader = _Reader(session, users, today)
    own: dict[Source, Callable[[], object]] = {
        "cash_flows": reader.cash_flows,
        "transactions": reader.transactions,
        "prices": reader.prices,
    }
    loaded = {source: own[source]() if source in own else reader.read(source) for source in sources}
    return Facts(today=today, users=_objects(users), sources=loaded)


def load_history(session: Session, today: date) -> Prices:
    """The whole history of the chosen funds of each asset class."""
    return _Reader(session, [], today).prices(since=FIRST_DAY)


class _Reader:
    """Runs the queries of one batch."""

    def __init__(self, session: Session, users: Sequence[UUID], today: date) -> None:
        self._connection: Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
        self._users = len(users)
        self._months = np.datetime64(today, "M") - np.arange(HISTORY_MONTHS, 0, -1)
        self._parameters = {
            "users": list(users),
            "today": today,
            "first": self._months[0].astype("datetime64[D]").item(),
            "first_month": today.year * MONTHS_A_YEAR + today.month - 1 - HISTORY_MONTHS,
            "end": today.replace(day=1),
            "asset_classes": [str(name) for name in ASSET_CLASSES],
            "cash": [kind.value for kind in CASH],
            "categories": list(CATEGORY_NAMES),
            "transactions_from": today - timedelta(days=TRANSACTION_DAYS),
            "income_from": today - timedelta(days=INCOME_DAYS),
            "current_from": today - timedelta(days=CURRENT_DAYS),
            "prices_from": today - timedelta(weeks=PRICE_WEEKS),
        }

    def read(self, source: Source) -> object:
        shape = SHAPES[source]
        found = self._query(shape.query)
        return shape.source(
            **{
                column.name: enums.codes(shape.words[column.name], _objects(found[column.name]))
                if column.name in shape.words
                else _CONVERTERS[column.type](found[column.name])
                for column in fields(shape.source)
            }
        )

    def cash_flows(self) -> CashFlows:
        found = self._query(CASH_FLOWS)
        amount = np.zeros((self._users, HISTORY_MONTHS * len(CATEGORY_NAMES)))
        for user, cells, amounts in zip(found["user"], found["cells"], found["amounts"], strict=True):
            amount[user, np.frombuffer(cells, ">i4")] = np.frombuffer(amounts, ">f8")
        observed, stopped = self._observed()
        amount[~np.isnat(stopped)] = 0.0
        return CashFlows(
            months=self._months.astype("datetime64[D]"),
            categories=CATEGORY_NAMES,
            amount=amount.reshape(self._users, HISTORY_MONTHS, len(CATEGORY_NAMES)),
            observed=observed,
            stopped=stopped,
        )

    def transactions(self) -> Transactions:
        found = self._query(TRANSACTIONS)
        return Transactions(
            user=_positions(found["user"]),
            date=_positions(found["day"]).astype("datetime64[D]"),
            amount=_floats(found["amount"]),
            category=_positions(found["category"]),
            merchant=_objects(found["merchant"]),
            hour=_floats(found["hour"]),
        )

    def prices(self, since: date | None = None) -> Prices:
        if since is not None:
            self._parameters["prices_from"] = since
        found = self._query(PRICES)
        weeks = sorted({week for each in found["weeks"] for week in each})
        position = {week: index for index, week in enumerate(weeks)}
        levels = np.full((2, len(found["symbol"]), len(weeks)), np.nan)
        for row, (days, *both) in enumerate(zip(found["weeks"], found["close"], found["total_return"], strict=True)):
            levels[:, row, [position[day] for day in days]] = np.array(both, dtype=np.float64)
        return Prices(
            symbol=_objects(found["symbol"]),
            asset_class=_objects(found["asset_class"]),
            rank=_positions(found["rank"]),
            latest=_dates(found["latest"]),
            weeks=_dates(weeks),
            close=levels[0],
            total_return=levels[1],
        )

    def _observed(self) -> tuple[NDArray[np.int64], Column]:
        """Months since the first transaction, 0 where none arrives any more; and since when none does."""
        found = self._query(KNOWN_MONTHS)
        user, last = _positions(found["user"]), _dates(found["last"]).astype("datetime64[M]")
        is_silent = HISTORY_MONTHS - 1 - self._month(found["last"]) >= SILENT_MONTHS
        observed, stopped = np.zeros(self._users, dtype=np.int64), np.full(self._users, NEVER, dtype="datetime64[M]")
        observed[user] = np.where(
            is_silent, 0, np.clip(HISTORY_MONTHS - self._month(found["first"]), 0, HISTORY_MONTHS)
        )
        stopped[user] = np.where(is_silent, last, NEVER)
        return observed, stopped

    def _month(self, days: Sequence[Any]) -> NDArray[np.int64]:
        """Months since the first of the history."""
        return _positions((_dates(days).astype("datetime64[M]") - self._months[0]).astype(np.int64))

    def _query(self, query: str) -> dict[str, Sequence[Any]]:
        with self._connection.cursor(binary=True) as cursor:
            cursor.execute(query.encode(), self._parameters)
            names = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        return dict(zip(names, zip(*rows, strict=True) if rows else ((),) * len(names), strict=True))


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    array = np.empty(len(values), dtype=np.object_)
    array[:] = values
    return array


def _floats(values: Sequence[Any]) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)  # None becomes NaN


def _positions(values: Sequence[Any] | Column) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _flags(values: Sequence[Any]) -> NDArray[np.bool_]:
    return np.array(values, dtype=np.bool_)


def _dates(values: Sequence[Any]) -> NDArray[np.datetime64]:
    return np.array(values, dtype="datetime64[D]")


_CONVERTERS: dict[Any, Callable[[Sequence[Any]], Column]] = {
    columns.Objects: _objects,
    columns.Floats: _floats,
    columns.Positions: _positions,
    columns.Flags: _flags,
    columns.Dates: _dates,
}
