"""Payments that stand out: what is told of planted ones, of ordinary ones, and by an isolation forest.

    OMP_NUM_THREADS=1 python -m benchmarks.behavior.alerts [SEED ...]

Of other draws of the demo population (synthetic); nothing was chosen on the one that it takes where none is named.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score

from benchmarks.behavior.demo import Demo, demo
from benchmarks.behavior.injected import taken, told_of_injected
from benchmarks.timing import timed
from engine.behavior.anomalies import KNOWN_DAYS, Kind, Tail, anomalies
from engine.behavior.purchases import Purchases, purchases
from engine.behavior.usual import usual
from engine.facts import Floats
from engine.learning.metrics import rounded
from engine.learning.training import SEED
from engine.recommenders.behavioral_insights.sample import sample, tail

TODAY = date(2026, 9, 15)
USERS, DRAWN = 4_000, (90_437,)
FOREST_USERS = 40
NOMINAL = (0.01, 0.005, 0.002, 0.001)
UNUSUAL = int(Kind.UNUSUAL_AMOUNT)
TOLD = ("DOUBLE_CHARGE", "PRICE_RISE", "TENFOLD_AMOUNT", "NEW_MERCHANT")


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
        "unusual_amounts_kept_at_precision_0.9": _at_nine_of_ten(compared.score, planted, known & (alert == UNUSUAL)),
        "new_merchants_where_no_hour_is_known": _without_hours(bought, learned, planted, known),
        "put_into_quiet_households": told_of_injected(taken(bought, np.flatnonzero(quiet[bought.user])), learned, SEED),
        "alerts_a_quiet_user_week": round(float(quiet[bought.user[found.place]].sum() / weeks), 5),
        "us_a_user": round(1e6 * seconds / len(drawn.facts), 1),
        **_forest(bought, planted != "", alert, compared.score),
    }


def _at_nine_of_ten(score: Floats, planted: np.ndarray, told: np.ndarray) -> float:
    """Share of the planted ones among these that would be told, were only so many told that nine of ten are planted."""
    right = np.cumsum(planted[told][np.argsort(-score[told], kind="stable")] != "")
    enough = np.flatnonzero(right >= 0.9 * np.arange(1, len(right) + 1))
    return round(float(right[enough[-1]] / right[-1]), 4) if len(enough) else 0.0


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


def main(seeds: Sequence[int]) -> None:
    """Prints the figures as JSON."""
    draws = ((seed, demo(USERS, seed, TODAY)) for seed in seeds)
    json.dump({seed: alerts(drawn, tail(sample(drawn.facts))) for seed, drawn in draws}, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or DRAWN)
