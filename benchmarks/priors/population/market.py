"""Volatilities, correlations and yields of twelve asset classes from funds, with equilibrium returns."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

# class -> (fund, weight in the market portfolio that the expected returns are in equilibrium with: an assumption)
FUNDS = {
    "US_EQUITY": ("VTI", 0.28),
    "INTL_EQUITY": ("EFA", 0.17),
    "EM_EQUITY": ("EEM", 0.06),
    "REAL_ESTATE": ("VNQ", 0.04),
    "COMMODITIES": ("GSG", 0.01),
    "US_BONDS": ("AGG", 0.16),
    "TREASURIES": ("IEF", 0.06),
    "TIPS": ("TIP", 0.02),
    "CORPORATE_BONDS": ("LQD", 0.06),
    "HIGH_YIELD": ("HYG", 0.02),
    "INTL_BONDS": ("BWX", 0.12),
    "CASH": ("BIL", 0.0),
}
WEEK_DAYS, WEEKS = 5, 52
MARKET_SHARPE = 0.30
CASH_RETURN = 0.02
SPLIT = 0.2  # log points in a day between total return and price: a split, no dividend


def fit(folder: Path) -> dict[str, Any]:
    """Weekly log returns over the days that all twelve funds have."""
    funds = [fund for fund, _ in FUNDS.values()]
    total = _levels(folder / "etf_total_return_to_2016.parquet", funds)
    price = _levels(folder / "etf_prices_to_2016.parquet", funds).filter(pl.col("date").is_in(total["date"].implode()))
    weekly = np.diff(np.log(total.select(funds).to_numpy()[::WEEK_DAYS]), axis=0)
    covariance = np.cov(weekly.T) * WEEKS
    risk = np.sqrt(np.diag(covariance))
    paid = np.diff(np.log(total.select(funds).to_numpy()), axis=0) - np.diff(
        np.log(price.select(funds).to_numpy()), axis=0
    )
    growth = np.where(np.abs(paid) < SPLIT, paid, 0.0).mean(axis=0) * WEEKS * WEEK_DAYS
    return {
        "window": [str(day)[:10] for day in (total["date"].min(), total["date"].max())],
        "assumed": {"market_sharpe": MARKET_SHARPE, "cash_return": CASH_RETURN},
        "classes": [
            {
                "asset_class": name,
                "fund": fund,
                "market_weight": weight,
                "volatility": round(float(risk[i]), 4),
                "yield": round(max(float(growth[i]), 0.0), 4),
                "expected_return": round(float(_equilibrium(covariance)[i]), 4),
            }
            for i, (name, (fund, weight)) in enumerate(FUNDS.items())
        ],
        "correlations": [
            [round(float(covariance[i, j] / risk[i] / risk[j]), 3) for j in range(i)] for i in range(len(FUNDS))
        ],
    }


def _equilibrium(covariance: np.ndarray) -> np.ndarray:
    """The returns at which the market portfolio is optimal, at the assumed Sharpe ratio (reverse optimisation)."""
    weights = np.array([weight for _, weight in FUNDS.values()])
    weights /= weights.sum()
    excess = MARKET_SHARPE * (covariance @ weights) / np.sqrt(weights @ covariance @ weights)
    return np.asarray(CASH_RETURN + excess)


def _levels(path: Path, funds: list[str]) -> pl.DataFrame:
    frame = pl.read_parquet(path)
    return frame.rename({frame.columns[0]: "date"}).select("date", *funds).drop_nulls().sort("date")
