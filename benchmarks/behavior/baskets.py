"""Real baskets (2017): how often an ordinary one is told to be rare, and what is told of payments put among them."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.behavior.injected import taken, told_of_injected
from engine.behavior.anomalies import LEAST_COMPARED, Tail
from engine.behavior.purchases import LEAST_AMOUNT, Purchases
from engine.behavior.usual import usual
from engine.recommenders.behavioral_insights.sample import tail_of
from engine.transactions import CATEGORY_NAMES

SEED = 12
NOMINAL = (0.05, 0.01, 0.005, 0.002, 0.001)
AHEAD = "5h"
"""Of local time, as the hour of fewest purchases tells; the source does not say."""


def unusual_baskets(folder: Path) -> dict[str, Any]:
    """The tail is learned from one half of the households, the other half is judged."""
    bought = _baskets(folder)
    compared = usual(bought)
    told, judged = compared.compared >= LEAST_COMPARED, bought.user % 2 == 1
    learned = tail_of(compared.score[told & ~judged])
    chance = learned.beyond(compared.score[told & judged])
    theirs = taken(bought, np.flatnonzero(judged))
    return {
        "baskets": int((told & judged).sum()),
        **{f"at_{level}": round(float((chance <= level).mean()), 5) for level in NOMINAL},
        "put_among_them": told_of_injected(theirs, learned, SEED),
        "put_among_them_tail_of_the_demo": told_of_injected(theirs, Tail(), SEED),
    }


def _baskets(folder: Path) -> Purchases:
    """One row a basket: what a household paid in a store at a time."""
    baskets = (
        pl.read_parquet(folder / "household_purchases_2017.parquet")
        .with_columns(time=pl.col("transaction_timestamp").dt.offset_by(f"-{AHEAD}"))
        .group_by("household_id", "time", "store_id")
        .agg(pl.col("sales_value").sum())
        .filter(pl.col("sales_value") >= LEAST_AMOUNT)
        .sort("household_id", "time", "store_id")
    )
    return Purchases(
        row=np.arange(len(baskets)),
        user=_numbers(baskets["household_id"]),
        day=baskets["time"].dt.epoch("d").to_numpy().astype(np.int64),
        amount=baskets["sales_value"].to_numpy(),
        category=np.full(len(baskets), CATEGORY_NAMES.index("groceries")),
        merchant=_numbers(baskets["store_id"]),
        hour=baskets["time"].dt.hour().to_numpy().astype(np.float64),
    )


def _numbers(names: pl.Series) -> np.ndarray:
    return np.unique(names.to_numpy(), return_inverse=True)[1]
