"""The demo population as facts on an earlier day: what was known then, for replaying what came after."""

from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.enums import (
    AccountKind,
    GoalKind,
    GoalStatus,
    Priority,
    codes,
)
from engine.facts import Accounts, Budgets, CashFlows, EndedGoals, Facts, Goals, Income, Positions, Profile
from engine.population import Columns, Population
from engine.transactions import CATEGORY_NAMES, INCOME
from engine.units import DAYS_A_YEAR
from store.facts import SHAPES

MONTHS = 24
WORDS = SHAPES["profile"].words


def as_facts(population: Population, today: date, months: int = MONTHS) -> Facts:
    """Profiles, accounts, goals and budgets as they are at the end; transactions of so many months up to today."""
    households = population.households
    position = {name: row for row, name in enumerate(households["external_id"])}
    return Facts(
        today=today,
        users=households["external_id"],
        sources={
            "profile": _profile(households, today),
            "accounts": _accounts(population.accounts, position),
            "goals": _goals(population.goals, position),
            "ended_goals": _ended_goals(population.goals, position),
            "budgets": _budgets(population.budgets, position),
            "cash_flows": monthly(population.transactions, position, np.datetime64(today, "M"), months),
            "income": _income(population.transactions, position, np.datetime64(today)),
        },
    )


def monthly(transactions: Columns, position: dict[str, int], end: np.datetime64, months: int) -> CashFlows:
    """Sums of so many months before `end` by category."""
    first = end - months
    month = (transactions["date"].astype("datetime64[M]") - first).astype(np.int64)
    kept = (month >= 0) & (month < months)
    index = {name: column for column, name in enumerate(CATEGORY_NAMES)}
    category = np.array([index[name] for name in transactions["category"][kept]])
    cell = (positions(transactions["user"][kept], position) * months + month[kept]) * len(index) + category
    size = len(position) * months * len(index)
    amount = np.bincount(cell, weights=transactions["amount"][kept], minlength=size)
    return CashFlows(
        months=np.arange(first, end).astype("datetime64[D]"),
        categories=CATEGORY_NAMES,
        amount=amount.reshape(len(position), months, len(index)).astype(np.float64),
        observed=np.full(len(position), months),
    )


def positions(users: NDArray[Any], position: dict[str, int]) -> Positions:
    """Rows' users by number."""
    return np.array([position[user] for user in users], dtype=np.int64)


def _profile(households: Columns, today: date) -> Profile:
    columns = {name: households[name] for name in households if name not in WORDS}
    columns |= {name: codes(enum, households[name]) for name, enum in WORDS.items()}
    born = households["birth_date"].astype("datetime64[D]")
    columns["age"] = np.floor((np.datetime64(today) - born).astype(np.int64) / DAYS_A_YEAR)
    columns["expenses_assumed"] = np.zeros(len(born), dtype=np.bool_)
    columns["capital_loss_carryforward"] = np.full(len(born), np.nan)
    columns["dependents"] = households["dependents"].astype(np.float64)
    return Profile(**{each.name: columns[each.name] for each in fields(Profile)})


def _accounts(rows: Columns, position: dict[str, int]) -> Accounts:
    columns = {
        **rows,
        "user": positions(rows["user"], position),
        "id": rows["external_id"],
        "kind": codes(AccountKind, rows["kind"]),
    }
    return Accounts(**{each.name: columns[each.name] for each in fields(Accounts)})


def _goals(rows: Columns, position: dict[str, int]) -> Goals:
    columns = {
        **rows,
        "user": positions(rows["user"], position),
        "id": rows["external_id"],
        "kind": codes(GoalKind, rows["kind"]),
        "priority": codes(Priority, rows["priority"]),
        "target_date": rows["target_date"].astype("datetime64[D]"),
    }
    active = np.asarray(rows["status"] == "ACTIVE")
    return Goals(**{each.name: columns[each.name][active] for each in fields(Goals)})


def _ended_goals(rows: Columns, position: dict[str, int]) -> EndedGoals:
    ended = np.asarray(rows["status"] != "ACTIVE")
    return EndedGoals(
        user=positions(rows["user"][ended], position),
        kind=codes(GoalKind, rows["kind"][ended]),
        target_date=rows["target_date"][ended].astype("datetime64[D]"),
        status=codes(GoalStatus, rows["status"][ended]),
    )


def _budgets(rows: Columns, position: dict[str, int]) -> Budgets:
    return Budgets(
        user=positions(rows["user"], position), category=rows["category"], monthly_limit=rows["monthly_limit"]
    )


def _income(transactions: Columns, position: dict[str, int], today: np.datetime64) -> Income:
    day = transactions["date"]
    kept = np.isin(transactions["category"].astype(str), INCOME) & (day < today) & (day >= today - 365)
    user = positions(transactions["user"][kept], position)
    order = np.lexsort((day[kept], user))
    return Income(user=user[order], date=day[kept][order], amount=transactions["amount"][kept][order])
