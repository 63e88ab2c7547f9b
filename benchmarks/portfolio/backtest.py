"""The walk-forward back-test on twelve funds to 2016, from the study data.

    OMP_NUM_THREADS=1 python -m benchmarks.portfolio.backtest [FOLDER] [SINCE]

The folder is the argument, else FINREC_STUDY_DATA, else `../shared/data`; SINCE is a day such as 2007-10-01.
"""

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.priors.population.market import FUNDS
from benchmarks.study import study_data
from engine.facts import Prices
from engine.portfolio.backtest import backtest


def main(folder: Path, since: date | None) -> None:
    """Prints the outcomes as JSON."""
    json.dump(asdict(backtest(prices(folder), since)), sys.stdout, indent=2)
    sys.stdout.write("\n")


def prices(folder: Path) -> Prices:
    """The last level of each week of a fund a class."""
    funds = [fund for fund, _ in FUNDS.values()]
    frame = pl.read_parquet(folder / "etf_total_return_to_2016.parquet")
    weekly = (
        frame.rename({frame.columns[0]: "date"})
        .with_columns(pl.col("date").cast(pl.Date))
        .sort("date")
        .group_by(pl.col("date").dt.truncate("1w").alias("week"), maintain_order=True)
        .agg(pl.col(funds).last())
    )
    levels = weekly.select(pl.col(funds).cast(pl.Float64).fill_null(np.nan)).to_numpy().T
    weeks = weekly["week"].to_numpy().astype("datetime64[D]")
    return Prices(
        symbol=np.array(funds, dtype=object),
        asset_class=np.array(list(FUNDS), dtype=object),
        rank=np.ones(len(funds), dtype=np.int64),
        latest=np.full(len(funds), weeks[-1]),
        weeks=weeks,
        close=levels,
        total_return=levels,
    )


if __name__ == "__main__":
    main(
        study_data(),
        date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else None,
    )
