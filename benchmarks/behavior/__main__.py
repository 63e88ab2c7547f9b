"""How households spend: parts of series, three months ahead, payments that stand out, habits; then real people.

    OMP_NUM_THREADS=1 python -m benchmarks.behavior [HOUSEHOLDS] [FOLDER]

The demo population is synthetic and says nothing of real people; bank accounts and retail purchases of real people are
judged where the study data are (FOLDER, else FINREC_STUDY_DATA, else ../shared/data).
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.seasonal import STL

from benchmarks.behavior import people
from benchmarks.behavior.bars import bars
from benchmarks.behavior.demo import Demo, demo
from benchmarks.behavior.unjudged import unjudged
from benchmarks.study import study_data
from benchmarks.timing import timed
from engine.advise import advise
from engine.behavior import stl
from engine.behavior.anomalies import KNOWN_DAYS, Kind, Tail, anomalies
from engine.behavior.lags import AHEAD_MONTHS, CURRENT, lags
from engine.behavior.purchases import Purchases, purchases
from engine.behavior.robust import fitted
from engine.behavior.series import series
from engine.behavior.usual import usual
from engine.facts import CashFlows, Floats
from engine.learning.metrics import rounded
from engine.learning.trainer import Sample
from engine.learning.training import SEED, held_out
from engine.recommenders.behavioral_insights.model import BehaviorModel
from engine.recommenders.behavioral_insights.sample import LAST, Moments, moments, sample, tail
from engine.recommenders.behavioral_insights.study import study
from engine.recommenders.behavioral_insights.trainer import BehaviorTrainer

TODAY = date(2026, 9, 15)
DRAWN = 41_077
"""Seed of the population, on which nothing was chosen: constants were set on other draws."""
MANY, FEW, MONTHS = 1_000_000, 50, 36
OUTLIERS, LEAST_OUTLIER, MOST_OUTLIER = 0.03, 2_000.0, 8_000.0
FOREST_USERS = 40
NAME = "behavioral_insights"
HUGE, HUGE_IN = 10.0, ("shopping", "transport", "travel", "other")
NOMINAL = (0.01, 0.005, 0.002, 0.001)
TOLD = ("DOUBLE_CHARGE", "PRICE_RISE", "TENFOLD_AMOUNT", "NEW_MERCHANT")


def main(users: int, folder: Path) -> None:
    """Prints the figures as JSON."""
    drawn = demo(users, DRAWN, TODAY)
    rows = sample(drawn.facts)
    model = BehaviorTrainer().fit(rows.take(~held_out(rows.users)), SEED)
    found: dict[str, Any] = {
        "decomposition": decomposition(),
        "forecast": forecast(rows, model),
        "one_huge_purchase": huge_purchase(drawn, model),
        "anomalies": alerts(drawn, tail(rows)),
        "habits": habits(drawn, model),
        "habits_not_judged": unjudged(drawn),
        "segments": [f"{each.name}: {each.share:.2f}" for each in model.segmentation.segments],
        "microseconds_a_user": speed(drawn, model),
    }
    known = (folder / "berka_transactions_1993.parquet").exists()
    found["real_people"] = people.main(folder) if known else f"no study data in {folder}"
    json.dump({**found, "bars": bars(found)}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def decomposition() -> dict[str, float]:
    """One matrix product beside statsmodels one by one; the robust fit beside robust STL, where 3 % are outliers."""
    values, season = _months()
    linear, product = timed(lambda: stl.decomposed(values[:FEW]))
    references, one_by_one = timed(lambda: [STL(each, period=12).fit() for each in values[:FEW]])
    apart = max(np.abs(linear.seasonal[row] - each.seasonal).max() for row, each in enumerate(references))
    trend, seasonal = stl.operators(MONTHS)
    both, room = np.ascontiguousarray(np.vstack([trend, seasonal]).T), np.empty((len(values), 2 * MONTHS))
    _, million = timed(lambda: [np.matmul(values, both, out=room) for _ in range(MANY // len(values))])
    robust, ours = timed(lambda: fitted(values).parts)
    theirs, slow = timed(lambda: [STL(each, period=12, robust=True).fit().seasonal for each in values[:FEW]])
    return {"largest_difference": float(apart)} | rounded(
        {
            "stl_us_a_series": 1e6 * million / MANY,
            "statsmodels_us_a_series": 1e6 * one_by_one / FEW,
            "small_batch_us_a_series": 1e6 * product / FEW,
            "robust_us_a_series": 1e6 * ours / len(values),
            "statsmodels_robust_us_a_series": 1e6 * slow / FEW,
            "season_rmse_robust": _rmse(robust.seasonal[:FEW], season[:FEW]),
            "season_rmse_statsmodels_robust": _rmse(np.array(theirs), season[:FEW]),
            "season_rmse_stl": _rmse(linear.seasonal, season[:FEW]),
        }
    )


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
    rows = later.row[-min(FEW, len(later.row)) :]
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
    amount, people = flows.amount.copy(), np.arange(len(flows.amount))
    month = np.random.default_rng(SEED).integers(MONTHS - 24, MONTHS, len(people))
    amount[people, month, flows.categories.index(category)] -= HUGE * np.median(series(flows).spending, axis=1)
    return replace(flows, amount=amount)


def _ninth(values: Floats) -> float:
    return float(np.quantile(values, 0.9))


def alerts(drawn: Demo, learned: Tail) -> dict[str, Any]:
    """Precision and recall on planted anomalies, false alarms beside the nominal rate, quiet households, a forest."""
    bought = purchases(drawn.facts.transactions)
    found, seconds = timed(lambda: anomalies(bought, learned))
    alert = np.full(len(bought), -1)
    alert[found.place] = found.kind
    planted = drawn.planted[bought.row].astype(str)
    first = np.full(len(drawn.facts), np.iinfo(np.int64).max)
    np.minimum.at(first, bought.user, bought.day)
    known = bought.day - first[bought.user] >= KNOWN_DAYS
    compared = usual(bought)
    ordinary = compared.score[(planted == "") & (compared.compared >= 3)]
    quiet = ~np.isin(np.arange(len(drawn.facts)), bought.user[planted != ""])
    weeks = np.maximum(int(bought.day.max()) - first[quiet], 1).sum() / 7.0
    return {
        "recall": {kind: round(float((alert >= 0)[known & (planted == kind)].mean()), 4) for kind in TOLD},
        "precision": {kind.name: round(float((planted[known & (alert == kind)] != "").mean()), 4) for kind in Kind},
        "precision_of_all": round(float((planted[known & (alert >= 0)] != "").mean()), 4),
        "recall_of_all": round(float((alert >= 0)[known & (planted != "")].mean()), 4),
        "recall_without_new_merchants": round(float((alert >= 0)[known & np.isin(planted, TOLD[:3])].mean()), 4),
        "false_alarms_of_nominal": {
            f"at_{level}": round(float((learned.beyond(ordinary) <= level).mean()) / level, 3) for level in NOMINAL
        },
        "new_merchants_where_no_hour_is_known": _without_hours(bought, learned, planted, known),
        "alerts_a_quiet_user_week": round(float(quiet[bought.user[found.place]].sum() / weeks), 5),
        "us_a_user": round(1e6 * seconds / len(drawn.facts), 1),
        **_forest(bought, planted != "", alert, compared.score),
    }


def _without_hours(bought: Purchases, learned: Tail, planted: np.ndarray, known: np.ndarray) -> dict[str, float]:
    """Precision and recall of new merchants, planted at night, where nobody knows when it was."""
    found = anomalies(replace(bought, hour=np.full(len(bought), np.nan)), learned)
    alert = np.full(len(bought), -1)
    alert[found.place] = found.kind
    told = known & (alert == Kind.NEW_MERCHANT)
    return rounded(
        {
            "precision": float((planted[told] != "").mean()),
            "recall": float((alert >= 0)[known & (planted == "NEW_MERCHANT")].mean()),
        }
    )


def _forest(bought: Purchases, planted: np.ndarray, alert: np.ndarray, score: Floats) -> dict[str, float]:
    """Average precision of an isolation forest for each household, of ours on the same ones."""
    rows = np.flatnonzero(bought.user < FOREST_USERS)
    X = np.column_stack([np.log(bought.amount), bought.category, bought.merchant, (bought.day + 3) % 7])
    theirs = np.empty(len(bought))

    def judge() -> None:
        for user in np.unique(bought.user[rows]):
            own = bought.user == user
            theirs[own] = -IsolationForest(random_state=SEED).fit(X[own]).score_samples(X[own])

    _, seconds = timed(judge)
    ours = np.where(alert >= 0, 100.0, 0.0) + score
    return rounded(
        {
            "average_precision": float(average_precision_score(planted[rows], ours[rows])),
            "average_precision_of_forest": float(average_precision_score(planted[rows], theirs[rows])),
            "forest_us_a_user": 1e6 * seconds / FOREST_USERS,
        }
    )


def habits(drawn: Demo, model: BehaviorModel) -> dict[str, dict[str, float]]:
    """Of each habit that is judged: who is told of it, how many of them have it, how many who have it are told."""
    found: dict[str, dict[str, float]] = {}
    for name, bias in study(drawn.facts, model).biases.items():
        present, judged, planted = bias.present, bias.judged, drawn.biases[name] > 0
        found[name] = rounded(
            {
                "judged": float(judged.mean()),
                "told": float(present.mean()),
                "precision": float(planted[present].mean()) if present.any() else 0.0,
                "recall_where_judged": float(present[planted & judged].mean()),
                "recall": float(present[planted].mean()),
                "told_without_it": float(present[~planted].mean()),
            }
        )
    return found


def speed(drawn: Demo, model: BehaviorModel) -> dict[str, float]:
    """Of the parts of an answer, over the whole batch."""
    known, bought = series(drawn.facts.cash_flows), purchases(drawn.facts.transactions)
    X, _ = lags(known)
    columns = BehaviorTrainer().columns(drawn.facts)[:, -model.segmentation.centres.shape[1] :]
    parts: dict[str, Callable[[], object]] = {
        "lags": lambda: lags(known),
        "forecast": lambda: model.forecaster.predict(X),
        "anomalies": lambda: anomalies(bought, model.tail),
        "segment": lambda: model.segmentation.assigned(columns),
        "everything": lambda: study(drawn.facts, model),
        "answer": lambda: advise(drawn.facts, [NAME], models={NAME: model}),
    }
    return rounded({name: 1e6 * timed(part)[1] / len(drawn.facts) for name, part in parts.items()})


def _months() -> tuple[Floats, Floats]:
    """Series with 3 % outliers, and their true season."""
    random, time_ = np.random.default_rng(SEED), np.arange(MONTHS)
    waves = [
        random.normal(0, 150, (2_000, 1)) / k * wave(2 * np.pi * k * time_ / 12)
        for k in (1, 2, 3)
        for wave in (np.cos, np.sin)
    ]
    season = np.sum(waves, axis=0)
    noise = random.normal(0, 150, season.shape)
    out = (random.random(season.shape) < OUTLIERS) * random.uniform(LEAST_OUTLIER, MOST_OUTLIER, season.shape)
    return 2_000 + random.normal(0, 10, (2_000, 1)) * time_ + season + noise + out, season


def _rmse(told: Floats, truth: Floats) -> float:
    return float(np.sqrt(((told - truth) ** 2).mean()))


def _wape(came: Floats, told: Floats) -> float:
    return float(np.abs(came - told).sum() / np.abs(came).sum())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000, study_data(2))
