"""The shipped model of risk tolerance: what it tells, which words it doubts, and what any method could find.

    OMP_NUM_THREADS=1 python -m benchmarks.risk.mismatch

Trained as `make up` trains it, on the stated words of 2,000 synthetic households, judged on those held out.

A simulated population whose stated and true tolerance are equal: synthetic households that say what they are. Trained
on half of them as the product trains, asked as the product is asked, once with their true word and once with one two
levels off. The frontier: how many are found at how many false flags. The ceiling: what a prediction that knows the true
chances could find at 5 %, by how closely what is seen goes with tolerance, with the best test for words two levels off.
By signal: what the shipped classifier and interval find of people whose six figures tell of tolerance so closely.
"""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import spearmanr

from benchmarks.portfolio.demo import demo
from engine.enums import RiskLevel, RiskMismatch
from engine.facts import Codes, Facts, Flags, Floats, Positions
from engine.learning.model import Model
from engine.learning.trainer import Sample
from engine.learning.training import held_out, trained
from engine.population import generate
from engine.population.character import LEVEL_STARTS
from engine.recommenders.risk_assessment import RiskAssessor
from engine.recommenders.risk_assessment.model import ToleranceModel
from engine.recommenders.risk_assessment.trainer import ToleranceTrainer, figures
from engine.risk.features import NAMES, features
from engine.risk.interval import MIDDLE, place, reach
from engine.risk.ordinal import OrdinalClassifier

DEMO_HOUSEHOLDS, HOUSEHOLDS, SEED = 2_000, 8_000, 5
TODAY = date(2026, 9, 15)
FALSE_BAR, FOUND_BAR = 0.05, 0.80
TWO = 2
FALSE_SHARES = (0.02, 0.05, 0.10, 0.15, 0.20, 0.30)
STRENGTHS = (0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
LEAST_STRENGTH, FIGURES = 0.8, 6
DRAWN, DRAWS = 100_000, 50


def main() -> None:
    """Prints the figures as JSON."""
    told = {"on_the_demo": on_the_demo(), "mismatch": measured(), "ceiling_at_5_percent": ceiling()}
    json.dump(_rounded(told | {"by_signal": by_signal()}), sys.stdout, indent=2)
    sys.stdout.write("\n")


def on_the_demo() -> dict[str, Any]:
    """The training of the product, people held out."""
    start, trainer = time.perf_counter(), ToleranceTrainer()
    sample = trainer.sample(demo(DEMO_HOUSEHOLDS, SEED, TODAY))
    outcome = trained(trainer, sample, None, lambda *_: None)
    told: dict[str, dict[str, Any]] = {
        metric.name: {"model": metric.value, "rule": metric.baseline, "bar": metric.bar}
        for metric in outcome.metrics
        if not metric.name.startswith("cv_")
    }
    told["calibration_error"]["of_a_perfect_model"] = _by_luck(outcome.model, sample.take(held_out(sample.users)))
    return {"people": outcome.users, "seconds": time.perf_counter() - start, "held_out": told, "gate": outcome.reason}


def _by_luck(model: Model, unseen: Sample) -> float:
    """The calibration error of so few people where every chance is right: words drawn from the chances themselves."""
    if not isinstance(model, ToleranceModel):
        raise TypeError(type(model))
    chances = model.chances(unseen.X[:, : len(NAMES)], unseen.users)
    random = np.random.default_rng(SEED)
    drawn = [(random.random((len(unseen), 1)) > np.cumsum(chances, axis=1)).sum(axis=1) for _ in range(DRAWS)]
    return float(np.mean([figures(np.minimum(level, 4), chances)["calibration_error"] for level in drawn]))


def measured() -> dict[str, Any]:
    """The shipped model on synthetic households."""
    facts, latent = _honest()
    taught = np.arange(len(facts)) < HOUSEHOLDS // 2
    trainer = ToleranceTrainer()
    sample = trainer.sample(facts)
    model = trainer.fit(sample.take(taught), SEED)
    level = facts.profile.stated_risk_tolerance.astype(np.int64)
    far, chances = two_off(level), model.chances(features(facts), facts.users)
    expected = chances @ np.arange(len(RiskLevel))
    return {
        "households": len(facts),
        "correlation_with_true_latent": float(spearmanr(expected[~taught], latent[~taught]).statistic),
        "on_people_not_seen": figures(level[~taught], chances[~taught]),
        "false_flags": {"bar": FALSE_BAR, **_by_side(taught, _flagged(facts, level, model))},
        "found_two_levels_off": {"bar": FOUND_BAR, **_by_side(taught, _flagged(facts, far, model))},
        "frontier": frontier(chances[~taught], level[~taught], far[~taught]),
    }


def frontier(chances: Floats, level: Positions, far: Positions) -> dict[str, float]:
    """Found at each share of false flags, and what share would have to be borne to find four of five."""
    honest, off = (np.abs(place(chances, each) - MIDDLE) for each in (level, far))
    found = {f"found_at_{share:g}": float((off > np.quantile(honest, 1.0 - share)).mean()) for share in FALSE_SHARES}
    return found | {"false_flags_to_find_80_percent": float((honest > np.quantile(off, 1.0 - FOUND_BAR)).mean())}


def ceiling() -> list[dict[str, float]]:
    """With the true chances of a normal latent: by the interval, and by the likelihood ratio, which nothing beats."""
    return [_ceiling(strength) for strength in STRENGTHS]


def _ceiling(strength: float) -> dict[str, float]:
    random = np.random.default_rng(SEED)
    true = random.standard_normal(DRAWN)
    seen = strength * true + np.sqrt(1.0 - strength**2) * random.standard_normal(DRAWN)
    below = ndtr((ndtri(_shares()) - strength * seen[:, None]) / np.sqrt(1.0 - strength**2))
    chances = np.diff(below, axis=1, prepend=0.0, append=1.0)
    level = np.searchsorted(LEVEL_STARTS, true)
    far = two_off(level)
    found = {
        name: float((measure(chances, far) > np.quantile(measure(chances, level), 1.0 - FALSE_BAR)).mean())
        for name, measure in {"found_by_interval": _distance, "found_at_best": _ratio}.items()
    }
    return {"correlation": strength, **found}


def by_signal() -> list[dict[str, float]]:
    """The shipped machinery where people's figures tell more of their tolerance than here."""
    return [_by_signal(strength) for strength in STRENGTHS if strength >= LEAST_STRENGTH]


def _by_signal(strength: float) -> dict[str, float]:
    random = np.random.default_rng(SEED)
    true = random.standard_normal(HOUSEHOLDS)
    noise = np.sqrt(FIGURES * (1.0 / strength**2 - 1.0))  # so that the mean of all figures goes with it so closely
    X = true[:, None] + noise * random.standard_normal((HOUSEHOLDS, FIGURES))
    level, taught = np.searchsorted(LEVEL_STARTS, true), np.arange(HOUSEHOLDS) < HOUSEHOLDS // 2
    model = OrdinalClassifier(levels=len(RiskLevel), seed=SEED).fit(X[taught], level[taught], np.flatnonzero(taught))
    allowed, chances = reach(model.left_out_, level[taught]), model.predict_proba(X[~taught])
    false, found = (_distance(chances, said[~taught]) > allowed for said in (level, two_off(level)))
    return {"correlation": strength, "false_flags": float(false.mean()), "found": float(found.mean())}


def _distance(chances: Floats, level: Positions) -> Floats:
    return np.abs(place(chances, level) - MIDDLE)


def _ratio(chances: Floats, level: Positions) -> Floats:
    """Of the chance of being two levels off to that of being what one says (Neyman and Pearson)."""
    row = np.arange(len(level))
    padded = np.pad(chances, ((0, 0), (TWO, TWO)))
    return np.asarray((padded[row, level] + padded[row, level + 2 * TWO]) / np.maximum(chances[row, level], 1e-12))


def _shares() -> Floats:
    return np.asarray(ndtr(LEVEL_STARTS), dtype=np.float64)


def two_off(level: Positions) -> Positions:
    """Two levels more or less, each as likely where both exist."""
    luck = np.random.default_rng(SEED).random(len(level)) < 0.5
    more = np.where(level + TWO >= len(RiskLevel), False, (level < TWO) | luck)
    return np.where(more, level + TWO, level - TWO)


def _honest() -> tuple[Facts, Floats]:
    """Synthetic households that say what they are."""
    facts = demo(HOUSEHOLDS, SEED, TODAY)
    truth: Mapping[str, Any] = generate(users=HOUSEHOLDS, seed=SEED, today=TODAY, months=1).truth.households
    return _saying(facts, truth["true_tolerance"].astype(np.int8)), np.asarray(
        truth["true_tolerance_latent"], dtype=np.float64
    )


def _saying(facts: Facts, words: Codes) -> Facts:
    profile = replace(facts.profile, stated_risk_tolerance=words)
    return replace(facts, sources={**facts.sources, "profile": profile})


def _flagged(facts: Facts, said: Positions, model: ToleranceModel) -> Flags:
    recommender = RiskAssessor()
    asked = _saying(facts, said.astype(np.int8))
    told = recommender.predict(asked, {}, recommender.options(), {recommender.name: model})
    return np.array([answer.mismatch in (RiskMismatch.OVERSTATED, RiskMismatch.UNDERSTATED) for answer in told])


def _by_side(taught: Flags, flagged: Flags) -> dict[str, float]:
    """Of people whose word was learned from, and of others."""
    return {"learned_from": float(flagged[taught].mean()), "others": float(flagged[~taught].mean())}


def _rounded(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _rounded(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_rounded(each) for each in node]
    return round(node, 4) if isinstance(node, float) else node


if __name__ == "__main__":
    main()
