"""Families of the Survey of Consumer Finances as facts: what `finrec load --format scf` keeps, without a database."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from engine.enums import (
    AccountKind,
    GoalKind,
    GoalStatus,
    Priority,
    codes,
)
from engine.facts import (
    Accounts,
    Budgets,
    CashFlows,
    EndedGoals,
    Facts,
    Floats,
    Goals,
    Holdings,
    Income,
    Objects,
    Positions,
    Prices,
    Profile,
)
from engine.transactions import CATEGORY_NAMES
from engine.units import DAYS_A_YEAR
from store.facts import SHAPES
from store.loading.scf.accounts import accounts, balances
from store.loading.scf.families import Families, read_families
from store.loading.scf.goals import goals
from store.loading.scf.holdings import holdings
from store.loading.scf.households import households

WORDS = SHAPES["profile"].words
PROFILE_NUMBERS = ("annual_income", "net_worth", "liquid_assets", "total_debt", "monthly_expenses", "dependents")


def survey_facts(path: Path, asked: date) -> Facts:
    """One user a family, in the order of the survey's numbers."""
    families = Families(frame=read_families(path, "parquet"), asked=asked)
    balance = balances(families)
    people = households(families)
    position = {name: row for row, name in enumerate(people["external_id"])}
    return Facts(
        today=asked,
        users=_objects(people["external_id"]),
        sources={
            "profile": _profile(people, asked),
            "accounts": _accounts(accounts(families, balance), position),
            "holdings": _holdings(holdings(families, balance), position),
            "goals": _goals(goals(families), position),
            "ended_goals": _ended_goals(goals(families), position),
            "cash_flows": _no_flows(len(people)),
            "budgets": Budgets(user=_ints([]), category=np.array([], dtype=object), monthly_limit=np.zeros(0)),
            "income": Income(user=_ints([]), date=np.array([], dtype="datetime64[D]"), amount=np.zeros(0)),
            "prices": _no_prices(),
        },
    )


def _profile(people: pl.DataFrame, asked: date) -> Profile:
    born = people["birth_date"].cast(pl.Date).to_numpy().astype("datetime64[D]")
    columns: dict[str, Any] = {name: _floats(people[name]) for name in PROFILE_NUMBERS}
    columns |= {name: codes(enum, _objects(people[name])) for name, enum in WORDS.items()}
    return Profile(
        currency=np.full(len(people), "USD", dtype=object),
        region=np.full(len(people), None, dtype=object),
        age=np.floor((np.datetime64(asked) - born).astype(np.int64) / DAYS_A_YEAR),
        homeowner=people["homeowner"].to_numpy().astype(np.bool_),
        capital_loss_carryforward=np.full(len(people), np.nan),
        expenses_assumed=people["assumed"].str.contains("monthly_expenses").to_numpy(),
        **columns,
    )


def _accounts(rows: pl.DataFrame, position: dict[str, int]) -> Accounts:
    user, rows = _sorted(rows, position)
    numbers = ("balance", "interest_rate", "minimum_payment", "employer_match_rate", "employer_match_limit")
    return Accounts(
        user=user,
        id=_objects(rows["external_id"]),
        name=_objects(rows["name"]),
        kind=codes(AccountKind, _objects(rows["kind"])),
        **{name: _floats(rows[name]) for name in numbers},
    )


def _holdings(rows: pl.DataFrame, position: dict[str, int]) -> Holdings:
    user, rows = _sorted(rows, position)
    return Holdings(
        user=user,
        account=_objects(rows["account"]),
        symbol=_objects(rows["symbol"]),
        asset_class=_objects(rows["symbol"]),
        quantity=_floats(rows["quantity"]),
        market_value=_floats(rows["quantity"]),
        cost_basis=_floats(rows["cost_basis"]),
        acquired=rows["acquired"].cast(pl.Date).to_numpy().astype("datetime64[D]"),
    )


def _goals(rows: pl.DataFrame, position: dict[str, int]) -> Goals:
    user, rows = _sorted(rows.filter(pl.col("status") == "ACTIVE"), position)
    numbers = ("target_amount", "saved_amount", "monthly_contribution")
    return Goals(
        user=user,
        id=_objects(rows["external_id"]),
        name=_objects(rows["name"]),
        kind=codes(GoalKind, _objects(rows["kind"])),
        priority=codes(Priority, _objects(rows["priority"])),
        target_date=rows["target_date"].cast(pl.Date).to_numpy().astype("datetime64[D]"),
        **{name: _floats(rows[name]) for name in numbers},
    )


def _ended_goals(rows: pl.DataFrame, position: dict[str, int]) -> EndedGoals:
    user, rows = _sorted(rows.filter(pl.col("status") != "ACTIVE"), position)
    return EndedGoals(
        user=user,
        kind=codes(GoalKind, _objects(rows["kind"])),
        target_date=rows["target_date"].cast(pl.Date).to_numpy().astype("datetime64[D]"),
        status=codes(GoalStatus, _objects(rows["status"])),
    )


def _no_flows(users: int) -> CashFlows:
    return CashFlows(
        months=np.array([], dtype="datetime64[D]"),
        categories=CATEGORY_NAMES,
        amount=np.zeros((users, 0, len(CATEGORY_NAMES))),
        observed=np.zeros(users, dtype=np.int64),
    )


def _no_prices() -> Prices:
    names, days = np.array([], dtype=np.object_), np.array([], dtype="datetime64[D]")
    nothing = np.zeros((0, 0))
    return Prices(
        symbol=names, asset_class=names, rank=_ints([]), latest=days, weeks=days, close=nothing, total_return=nothing
    )


def _sorted(rows: pl.DataFrame, position: dict[str, int]) -> tuple[Positions, pl.DataFrame]:
    user = _ints([position[name] for name in rows["user"]])
    order = np.argsort(user, kind="stable")
    return user[order], rows[order]


def _floats(values: pl.Series) -> Floats:
    return np.asarray(values.cast(pl.Float64).to_numpy(), dtype=np.float64)


def _ints(values: list[Any]) -> Positions:
    return np.array(values, dtype=np.int64)


def _objects(values: pl.Series) -> Objects:
    made = np.empty(len(values), dtype=np.object_)
    made[:] = values.to_list()
    return made
