"""What the survey does not ask: the table of assumptions, each with its source, and expenses by income."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl


@cache
def assumptions() -> dict[str, Any]:
    """The table; a pair is a value and its source."""
    table: dict[str, Any] = json.loads((files(__package__) / "assumptions.json").read_text("utf-8"))
    return table


def assumed(name: str) -> float:
    """The value of one assumption."""
    return float(assumptions()[name][0])


def monthly_expenses(income: pl.Series) -> pl.Series:
    """A curve through mean spending by income, with the last slope beyond it, but no more than most of the income.

    Whether the family says that it spends less than its income (WSAVED) is left out on purpose: models of saving
    are judged by it.
    """
    table = assumptions()["expenses"]
    log_income = np.log(np.array(table["annual_income"], dtype=np.float64))
    log_spending = np.log(np.array(table["annual_spending"], dtype=np.float64))
    earned = np.log(np.maximum(income.to_numpy(), 1.0))
    slope = (log_spending[-1] - log_spending[-2]) / (log_income[-1] - log_income[-2])
    beyond = slope * np.maximum(earned - log_income[-1], 0.0)
    usual = np.exp(np.interp(earned, log_income, log_spending) + beyond)
    spent = np.minimum(usual, table["most_of_income"] * income.to_numpy()) / 12
    return pl.Series("monthly_expenses", np.maximum(spent, table["least_a_month"]).round(2))
