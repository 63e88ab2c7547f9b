"""Spending of real people: what the product's forecast lines reach on them, and its alerts.

Bank accounts (Berka, 1993-94) and retail purchases (2017): folds of accounts, later months held out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xgboost

from benchmarks.behavior.baskets import unusual_baskets
from engine.behavior import lad
from engine.behavior.cleaning import excess
from engine.behavior.forecast import LENGTHS, columns, fitted, length_of
from engine.behavior.lags import AHEAD_MONTHS, CURRENT, lags
from engine.behavior.series import Series
from engine.facts import Floats, Positions
from engine.learning.folds import group_folds

SEED, FOLDS = 11, 5
LEAST_MONTHS = 3
HISTORY = 24
FIRST_JUDGED = {
    "berka_1993": {"all_months": 0, "last_third": 10, "learned_from_1993_alone": 12},
    "household_purchases_2017": {"all_months": 0, "last_third": 8},
}
"""Months from this one on are judged; where it is not the first, only earlier ones are learned from."""

Tell = Callable[["Rows", "Rows"], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One row an account and month: what was known before it, what came."""

    account: Positions
    month: Positions
    X: Floats
    usual: Floats
    spent: Floats
    mean: Floats
    median: Floats

    def take(self, rows: np.ndarray) -> "Rows":
        return Rows(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def main(folder: Path) -> dict[str, Any]:
    """All figures."""
    series = {"berka_1993": berka(folder), "household_purchases_2017": shoppers(folder)}
    found: dict[str, Any] = {name: forecasts(rows(known), FIRST_JUDGED[name]) for name, known in series.items()}
    held = {name: ranges(known) for name, known in series.items()}
    return {**found, "ranges_of_three_months": held, "unusual_baskets_2017": unusual_baskets(folder)}


def berka(folder: Path) -> Series:
    """Outflow and inflow of accounts by month, from the account's first month on."""
    moved = pl.read_parquet(folder / "berka_transactions_1993.parquet")
    paid_in = moved["type"].to_numpy() == "PRIJEM"
    amounts = moved["amount"].to_numpy()
    return _series(moved["account_id"], moved["date"], np.where(paid_in, 0.0, amounts), np.where(paid_in, amounts, 0.0))


def shoppers(folder: Path) -> Series:
    """Retail purchases of households by month; income is not known."""
    bought = pl.read_parquet(folder / "household_purchases_2017.parquet").filter(
        pl.col("transaction_timestamp").dt.year() == 2017
    )
    spent = bought["sales_value"].to_numpy()
    return _series(bought["household_id"], bought["transaction_timestamp"], spent, np.zeros(len(spent)))


def _series(owner: pl.Series, when: pl.Series, out: Floats, into: Floats) -> Series:
    account = np.unique(owner.to_numpy(), return_inverse=True)[1]
    month = when.dt.year().to_numpy().astype(np.int64) * 12 + when.dt.month().to_numpy() - 1
    first = int(month.min())
    shape = (int(account.max()) + 1, int(month.max()) - first + 1)
    cell = account * shape[1] + month - first
    began = np.full(shape[0], shape[1])
    np.minimum.at(began, account, month - first)
    hidden = np.arange(shape[1]) < began[:, None]
    sums = [np.bincount(cell, weights=values, minlength=shape[0] * shape[1]).reshape(shape) for values in (out, into)]
    spending, income = (np.where(hidden, np.nan, each) for each in sums)
    months = np.arange(shape[1]).astype("datetime64[M]")
    observed = shape[1] - began
    apart = excess(np.nan_to_num(spending)[:, :, None], observed)
    return Series(months=months, spending=spending, excess=apart, income=income, observed=observed)


def rows(known: Series) -> Rows:
    """Every month that has three before it."""
    parts = []
    for month in range(LEAST_MONTHS, known.spending.shape[1]):
        past = known.until(month, HISTORY)
        account = np.flatnonzero(past.observed >= LEAST_MONTHS)
        X, usual_month = lags(past, current=0)
        spent = past.spending[account]
        parts.append(
            Rows(
                account=account,
                month=np.full(len(account), month),
                X=columns(X, 0)[account],
                usual=np.maximum(usual_month[account], 1.0),
                spent=known.spending[account, month],
                mean=np.nanmean(spent, axis=1),
                median=np.nanmedian(spent[:, -12:], axis=1),
            )
        )
    return Rows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__dataclass_fields__})


def forecasts(known: Rows, first_judged: Mapping[str, int]) -> dict[str, Any]:
    """WAPE of the next month's outflow, of accounts not learned from."""
    tells: dict[str, Tell] = {"finrec": _lines, "xgboost_on_lags": _trees}
    found = {}
    for name, first in first_judged.items():
        told = {each: np.full(len(known.spent), np.nan) for each in tells}
        for train, test in group_folds(known.account, FOLDS, SEED):
            learn = train[known.month[train] < first] if first else train
            judge = test[known.month[test] >= first]
            for each, tell in tells.items():
                told[each][judge] = tell(known.take(learn), known.take(judge))
        judged = np.isfinite(told["finrec"])
        rules = {"historical_mean": known.mean, "median_12_months": known.median}
        answers = {**rules, **told}
        found[name] = {"rows": int(judged.sum())} | {
            each: round(_wape(known.spent[judged], answer[judged]), 4) for each, answer in answers.items()
        }
    return found


def ranges(known: Series) -> dict[str, float]:
    """Share of months within the product's range, by length of history; of accounts not learned from."""
    parts = [
        (known.until(month, length), month)
        for length in LENGTHS
        for month in range(length, known.spending.shape[1] - CURRENT - AHEAD_MONTHS + 1)
    ]
    X, y, account = (np.concatenate(each) for each in zip(*(_ahead(known, *part) for part in parts), strict=True))
    inside = np.zeros(y.shape, dtype=bool)
    for train, test in group_folds(account, FOLDS, SEED):
        told = fitted(X[train], y[train], account[train]).predict(X[test])
        inside[test] = (y[test] >= told.low) & (y[test] <= told.high)
    length = length_of(X)
    return {
        f"with_{LENGTHS[each]}_months": round(float(inside[length == each].mean()), 4) for each in np.unique(length)
    }


def _ahead(known: Series, past: Series, month: int) -> tuple[Floats, Floats, Positions]:
    """Of accounts with the whole past and something spent in it."""
    X, usual_month = lags(past)
    rows = np.flatnonzero((past.observed == len(past.months)) & (usual_month > 0))
    y = known.spending[rows, month + CURRENT : month + CURRENT + AHEAD_MONTHS] / usual_month[rows, None]
    return X[rows], y, rows


def _lines(learn: Rows, judge: Rows) -> Floats:
    """The product's line of the median, money counting as money."""
    line = lad.fitted(learn.X, learn.spent / learn.usual, learn.usual)
    return np.maximum(line.predict(judge.X), 0.0) * judge.usual


def _trees(learn: Rows, judge: Rows) -> Floats:
    parameters = {"objective": "reg:absoluteerror", "max_depth": 3, "eta": 0.1, "nthread": 1, "seed": SEED}
    matrix = xgboost.DMatrix(learn.X, label=learn.spent / learn.usual, weight=learn.usual)
    told = xgboost.train(parameters, matrix, 150).predict(xgboost.DMatrix(judge.X))
    return np.asarray(told * judge.usual, dtype=np.float64)


def _wape(spent: Floats, told: Floats) -> float:
    return float(np.abs(spent - told).sum() / np.abs(spent).sum())
