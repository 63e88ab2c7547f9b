"""From the numbers of a drawn population to the columns of each kind, with names and identifiers."""

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.enums import (
    Education,
    EmploymentStatus,
    FilingStatus,
    GoalKind,
    GoalStatus,
    LifeEvent,
    MaritalStatus,
    Priority,
    RiskLevel,
    Sex,
)
from engine.facts import Codes, Floats, Objects, Positions
from engine.population import tables
from engine.population.anomalies import Anomaly
from engine.population.balance_sheet import KINDS, LIQUID, BalanceSheet, Slot
from engine.population.biases import Biases
from engine.population.budgets import Budgets
from engine.population.goals import Goals
from engine.population.ledger import Ledger
from engine.population.lines import NO_HOUR, Lines
from engine.population.merchants import NAMES
from engine.population.past import Past
from engine.population.people import People
from engine.population.portfolio import Holdings
from engine.population.prices import Prices
from engine.population.sales import Sales
from engine.population.streams import stream
from engine.population.tables import Columns
from engine.transactions import CATEGORY_NAMES
from engine.units import DAYS_A_YEAR

CURRENCY = "USD"
SILENT = 0.05  # of people do not answer the question on risk


def user_ids(users: int) -> Objects:
    """External ids of the demo's households."""
    return _objects([f"demo-{number:06d}" for number in range(1, users + 1)])


def households(people: People, sheet: BalanceSheet, ledger: Ledger, ids: Objects, seed: int) -> Columns:
    """One row a household; totals are sums over its accounts."""
    answered = stream(seed, "answers").random(len(people)) >= SILENT
    stated = _names(RiskLevel, people.character.stated_tolerance)
    stated[~answered] = None
    return _table(
        tables.HOUSEHOLDS,
        ids,
        np.full(len(people), CURRENCY, dtype=object),
        people.birth_date,
        people.income,
        sheet.balance.sum(axis=1).round(2),
        sheet.total(*LIQUID).round(2),
        -np.minimum(sheet.balance, 0.0).sum(axis=1).round(2) + 0.0,
        ledger.monthly_expenses,
        _names(MaritalStatus, people.marital_status),
        people.children,
        _names(EmploymentStatus, people.employment),
        people.homeowner,
        _names(FilingStatus, people.filing_status),
        people.region,
        _names(Education, people.education),
        _names(Sex, people.sex),
        stated,
        np.ones(len(people)),
        _nothing_assumed(len(people)),
    )


def accounts(sheet: BalanceSheet, ids: Objects) -> Columns:
    """One row an account."""
    user, slot = np.nonzero(sheet.exists)
    plan = slot == Slot.PLAN
    return _table(
        tables.ACCOUNTS,
        ids[user],
        account_ids(ids, user, slot),
        _objects([KINDS[each][1] for each in Slot])[slot],
        _objects([str(KINDS[each][0]) for each in Slot])[slot],
        sheet.balance[user, slot],
        sheet.interest_rate[user, slot],
        sheet.minimum_payment[user, slot],
        np.where(plan, sheet.match_rate[user], np.nan),
        np.where(plan, sheet.match_limit[user], np.nan),
        _nothing_assumed(len(user)),
    )


def account_ids(ids: Objects, user: Positions, slot: Positions) -> Objects:
    """External ids of accounts: the household's and the slot's name."""
    endings = _objects(["-" + each.name.lower().replace("_", "-") for each in Slot])
    return np.asarray(ids[user] + endings[slot], dtype=object)


def holdings(held: Holdings, prices: Prices, ids: Objects) -> Columns:
    """One row a tax lot."""
    return _table(
        tables.HOLDINGS,
        ids[held.user],
        account_ids(ids, held.user, held.slot),
        _objects(list(prices.symbols))[held.fund],
        held.quantity,
        held.cost_basis,
        prices.dates[held.week],
    )


def sales(drawn: Sales, prices: Prices, ids: Objects) -> Columns:
    """One row a tax lot that was sold."""
    return _table(
        tables.SALES,
        ids[drawn.user],
        _numbered(drawn.user, ids, "s"),
        account_ids(ids, drawn.user, drawn.slot),
        _objects(list(prices.symbols))[drawn.fund],
        drawn.quantity,
        drawn.cost_basis,
        drawn.proceeds,
        prices.dates[drawn.week],
        prices.dates[drawn.sold],
    )


def goals(drawn: Goals, ids: Objects) -> Columns:
    """One row a goal."""
    kind = _names(GoalKind, drawn.kind)
    endings = _objects(["-goal-" + each.lower().replace("_", "-") for each in GoalKind])
    return _table(
        tables.GOALS,
        ids[drawn.user],
        np.asarray(ids[drawn.user] + endings[drawn.kind], dtype=object),
        drawn.name,
        kind,
        drawn.target_amount,
        drawn.target_date,
        drawn.saved_amount,
        drawn.monthly_contribution,
        _names(Priority, drawn.priority),
        _names(GoalStatus, drawn.status),
        _nothing_assumed(len(kind)),
    )


def transactions(lines: Lines, ids: Objects) -> Columns:
    """One row a transaction; all move through the current account."""
    merchants = _objects([*NAMES, None])
    return _table(
        tables.TRANSACTIONS,
        ids[lines.user],
        transaction_ids(lines, ids),
        np.asarray(ids + "-checking", dtype=object)[lines.user],
        lines.day.astype("datetime64[D]"),
        lines.amount,
        _objects(list(CATEGORY_NAMES))[lines.category],
        merchants[lines.merchant],
        np.where(lines.hour == NO_HOUR, np.nan, lines.hour),
    )


def transaction_ids(lines: Lines, ids: Objects) -> Objects:
    """Numbered within a household, from the oldest."""
    return _numbered(lines.user, ids, "t")


def budgets(drawn: Budgets, ids: Objects) -> Columns:
    """One row a limit."""
    return _table(tables.BUDGETS, ids[drawn.user], _objects(list(CATEGORY_NAMES))[drawn.category], drawn.monthly_limit)


def life_events(past: Past, ids: Objects, today: int) -> Columns:
    """One row an event of the past; two of a kind on one day are one."""
    day = today - np.ceil(past.years_ago * DAYS_A_YEAR).astype(np.int64)
    user, event, day = np.unique(np.column_stack([past.user, past.event, day]), axis=0).T
    return _table(tables.LIFE_EVENTS, ids[user], _names(LifeEvent, event), day.astype("datetime64[D]"))


def prices(drawn: Prices) -> Columns:
    """One row a fund and week, by fund; the name says that it is made up."""
    weeks, funds = drawn.close.shape
    fund = np.repeat(np.arange(funds), weeks)
    titles = [
        f"Synthetic fund, {name.replace('_', ' ').lower()} (demo data, no real security)" for name in drawn.classes
    ]
    return _table(
        tables.PRICES,
        _objects(list(drawn.symbols))[fund],
        np.tile(drawn.dates, funds),
        drawn.close.T.ravel(),
        drawn.total_return.T.ravel(),
        _objects(list(drawn.classes))[fund],
        _objects(titles)[fund],
    )


def truth(
    people: People, biases: Biases, upcoming: dict[LifeEvent, Floats], lines: Lines, ids: Objects
) -> tables.Truth:
    """Hidden columns of the households, and the planted anomalies."""
    character = people.character
    rows = np.flatnonzero(lines.anomaly)
    kinds = _objects([kind.name for kind in Anomaly])
    return tables.Truth(
        households={
            "external_id": ids,
            "true_tolerance": character.true_tolerance.astype(np.int64),
            "true_tolerance_latent": character.true_latent,
            "stated_tolerance_bias": character.stated_bias,
            "impulsiveness": character.impulsiveness,
            "savings_discipline": character.discipline,
            **{f"years_to_{event.lower()}": years for event, years in upcoming.items()},
            **{name.upper(): getattr(biases, name) for name in Biases.__dataclass_fields__},
        },
        anomalies={
            "user": ids[lines.user[rows]],
            "transaction": transaction_ids(lines, ids)[rows],
            "kind": kinds[lines.anomaly[rows]],
        },
    )


def _numbered(user: Positions, ids: Objects, letter: str) -> Objects:
    """Rows of a household, counted from its first."""
    number = np.arange(len(user)) - np.searchsorted(user, user)
    endings = _objects([f"-{letter}{each:05d}" for each in range(int(number.max(initial=0)) + 1)])
    return np.asarray(ids[user] + endings[number], dtype=object)


def _table(names: tuple[str, ...], *columns: NDArray[Any]) -> Columns:
    return dict(zip(names, columns, strict=True))


def _names(enum: type[StrEnum], codes: Codes | Positions) -> Objects:
    return _objects([str(member) for member in enum])[codes]


def _objects(values: list[Any]) -> Objects:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _nothing_assumed(rows: int) -> Objects:
    return _objects([[] for _ in range(rows)])
