"""A model in place of the solver: its fit, and what its contributions do to the probability that was asked for."""

import time

import numpy as np
from numpy.typing import NDArray
from xgboost import XGBRegressor

from engine.goals.columns import Goals
from engine.goals.contribution import required_contribution
from engine.goals.probability import success_probability
from engine.goals.returns import GLIDES

TRAINING, HELD_OUT = 100_000, 20_000
ASKED = 0.8


def surrogate() -> None:
    """Trees as the specification sets them (100 of depth 6), in dollars and in ratios to the target."""
    goals = _goals(TRAINING + HELD_OUT)
    answer = required_contribution(goals, ASKED)
    raw = np.stack([goals.glide, goals.months, goals.saved, goals.target], axis=1)
    ratios = np.stack([goals.glide, goals.months, goals.saved / goals.target], axis=1)
    unit = goals.target / goals.months
    print(f"XGBoost in place of the solver: {TRAINING:,} goals to learn from, {HELD_OUT:,} held out, {ASKED} asked for")
    held = goals.rows(slice(TRAINING, None))
    _report("in dollars", held, answer, _learned(raw, answer))
    _report("in ratios", held, answer, _learned(ratios, answer / unit) * unit[TRAINING:])
    began = time.thread_time()
    required_contribution(held, ASKED)
    print(f"  the solver itself: exact, {1e6 * (time.thread_time() - began) / HELD_OUT:.2f} us a goal")


def _goals(count: int) -> Goals:
    generator = np.random.default_rng(17)
    target = np.exp(generator.normal(11, 1, count))
    return Goals.of(
        glide=generator.integers(len(GLIDES), size=count),
        months=np.rint(np.exp(generator.uniform(np.log(12), np.log(480), count))).astype(np.int64),
        saved=target * generator.beta(1, 4, count),
        target=target,
    )


def _learned(features: NDArray[np.float64], answer: NDArray[np.float64]) -> NDArray[np.float64]:
    model = XGBRegressor(n_estimators=100, max_depth=6, learning_rate=0.1, n_jobs=1, random_state=0)
    model.fit(features[:TRAINING], answer[:TRAINING])
    predicted: NDArray[np.float64] = model.predict(features[TRAINING:]).astype(float)
    return predicted


def _report(what: str, held: Goals, answer: NDArray[np.float64], predicted: NDArray[np.float64]) -> None:
    truth = answer[TRAINING:]
    fit = 1 - ((predicted - truth) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()
    asked = truth > 0
    off = 100 * np.abs(success_probability(held.paying(np.maximum(predicted, 0)))[asked] - ASKED)
    rms, worst = np.sqrt((off**2).mean()), np.quantile(off, 0.99)
    print(f"  {what:11s} R2 {fit:.3f}   probability off by {rms:.1f} points rms, {worst:.0f} at the 99th percentile")
