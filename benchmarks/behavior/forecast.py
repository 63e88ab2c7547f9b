"""The next three months beside other ways to tell them, and what one huge purchase does to them."""

from dataclasses import replace
from typing import Any

import numpy as np
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from benchmarks.behavior.demo import Demo
from benchmarks.timing import timed
from engine.behavior.lags import AHEAD_MONTHS, CURRENT, lags
from engine.behavior.series import series
from engine.facts import CashFlows, Floats
from engine.learning.metrics import rounded
from engine.learning.trainer import Sample
from engine.learning.training import SEED, held_out
from engine.recommenders.behavioral_insights.model import BehaviorModel
from engine.recommenders.behavioral_insights.sample import LAST, Moments, moments
from engine.recommenders.behavioral_insights.trainer import BehaviorTrainer

SERIES = 50
"""That are fitted one at a time."""
HUGE, HUGE_IN, WITHIN_MONTHS = 10.0, ("shopping", "transport", "travel", "other"), 24
"""Usual months that one purchase costs, where, and in how many last months."""


def forecast(rows: Sample, model: BehaviorModel) -> dict[str, Any]:
    """On people held out and the last three months: the model, the rule, and two other ways (by history length)."""
    trainer, unseen = BehaviorTrainer(), rows.take(held_out(rows.users))
    later = moments(unseen, (LAST,))
    return {
        "model": rounded(trainer.judge(model, unseen).metrics),
        "median_of_12_months": rounded(trainer.judge(None, unseen).metrics),
        "seasonal_naive_24_months_wape": round(_seasonal_naive(later), 4),
        "holt_winters_24_months_wape": _holt_winters(unseen, later),
        "people": len(unseen),
    }


def _seasonal_naive(later: Moments) -> float:
    from_year = later.X[:, -4 * AHEAD_MONTHS :: 4]
    long = later.X[:, 20] >= 1.0
    return _wape(later.y[long], from_year[long])


def _holt_winters(unseen: Sample, later: Moments) -> dict[str, float]:
    """Additive trend and season of statsmodels, one series at a time."""
    rows = later.row[-min(SERIES, len(later.row)) :]
    spent = unseen.y[rows, LAST - 24 : LAST]
    months = CURRENT + AHEAD_MONTHS
    told, seconds = timed(
        lambda: [
            ExponentialSmoothing(each, trend="add", seasonal="add", seasonal_periods=12).fit().forecast(months)
            for each in spent
        ]
    )
    came = unseen.y[rows, LAST + CURRENT : LAST + months]
    return rounded(
        {"wape_in_money": _wape(came, np.array(told)[:, CURRENT:]), "us_a_series": 1e6 * seconds / len(rows)}
    )


def huge_purchase(drawn: Demo, model: BehaviorModel) -> dict[str, Any]:
    """By how much the next three months' median moves, for the median household and for nine of ten."""
    before, found = drawn.facts.cash_flows, {}
    for category in HUGE_IN:
        told = [
            model.forecaster.predict(X).expected.sum(axis=1) * unit
            for X, unit in (lags(series(flows)) for flows in (before, with_huge_purchase(before, category)))
        ]
        moved = np.abs(told[1] / np.maximum(told[0], 1.0) - 1.0)
        found[category] = rounded({"median_household": float(np.median(moved)), "nine_of_ten": _ninth(moved)})
    return found


def with_huge_purchase(flows: CashFlows, category: str) -> CashFlows:
    """Ten usual months more in one month of the last two years, in this category."""
    amount, people, months = flows.amount.copy(), np.arange(len(flows.amount)), len(flows.months)
    month = np.random.default_rng(SEED).integers(months - WITHIN_MONTHS, months, len(people))
    amount[people, month, flows.categories.index(category)] -= HUGE * np.median(series(flows).spending, axis=1)
    return replace(flows, amount=amount)


def _ninth(values: Floats) -> float:
    return float(np.quantile(values, 0.9))


def _wape(came: Floats, told: Floats) -> float:
    return float(np.abs(came - told).sum() / np.abs(came).sum())
