"""Figures of merit of amounts and chances, which way each is better, and intervals by resampling people."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from engine.facts import Flags, Floats, Positions

BINS = 10
RESAMPLES = 500

LOWER_IS_BETTER = frozenset(
    {"rmse", "mae", "wape", "brier", "calibration_error", "coverage_error", "log_loss", "pinball_loss"}
)
"""By name, without the prefix `cv_` of five folds; of every other metric more is better."""
COUNTS = frozenset({"ledger_judged", "ledger_unknown"})
"""How much stands behind figures: neither more nor less is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of a model, beside that of the rule on the same people, and the bar that it must meet."""

    name: str
    value: float
    baseline: float | None = None
    bar: float | None = None

    @property
    def meets_bar(self) -> bool | None:
        """None where there is no bar."""
        if self.bar is None:
            return None
        return bool(self.value <= self.bar if is_lower_better(self.name) else self.value >= self.bar)


def is_lower_better(name: str) -> bool:
    """Whether less is better; a prefix or suffix such as `cv_` and `_dollars` does not change it."""
    return any(part in name for part in LOWER_IS_BETTER)


def of_amount(y: Floats, told: Floats) -> Mapping[str, float]:
    """Of amounts, in their unit; R² is one less the share of the variance that is left."""
    missed = told - y
    spread = float(((y - y.mean()) ** 2).sum())
    return {
        "rmse": float(np.sqrt((missed**2).mean())),
        "mae": float(np.abs(missed).mean()),
        "r2": 1.0 - float((missed**2).sum()) / spread if spread else 0.0,
    }


def of_levels(y: Positions, chance: Floats) -> Mapping[str, float]:
    """Of chances over ordered levels; AUC of one level against the others, their plain mean."""
    hit = np.eye(chance.shape[1])[y]
    errors = [calibration_error(hit[:, level] > 0, chance[:, level]) for level in range(chance.shape[1])]
    return {
        "accuracy": float((chance.argmax(axis=1) == y).mean()),
        "auc": float(roc_auc_score(y, chance, multi_class="ovr")),
        "brier": float(((chance - hit) ** 2).sum(axis=1).mean()),
        "calibration_error": float(np.mean(errors)),
    }


def of_event(y: Flags, chance: Floats) -> Mapping[str, float]:
    """Of the chance of one event."""
    return {
        "accuracy": float(((chance >= 0.5) == y).mean()),
        "auc": auc(y, chance),
        "brier": float(((chance - y) ** 2).mean()),
        "calibration_error": calibration_error(y, chance),
    }


def auc(y: Flags, chance: Floats) -> float:
    """Half where all chances are alike."""
    return float(roc_auc_score(y, chance))


def calibration_error(y: Flags, chance: Floats) -> float:
    """Mean distance between what was told and what came, over tenths of people by what was told."""
    order = np.argsort(chance, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    return float(sum(len(part) * abs(chance[part].mean() - y[part].mean()) for part in parts) / len(y))


def worst_bin(y: Flags, chance: Floats) -> float:
    """The largest such distance over a tenth of people."""
    order = np.argsort(chance, kind="stable")
    return float(max(abs(chance[part].mean() - y[part].mean()) for part in np.array_split(order, BINS) if len(part)))


def brier_skill(y: Flags, chance: Floats, base: Floats, people: Positions) -> tuple[float, float]:
    """Share of the base's Brier score that is saved, and its 2.5 % quantile over resampled people."""
    ours, theirs = (chance - y) ** 2, (base - y) ** 2
    names, member = np.unique(people, return_inverse=True)
    sums = np.array([np.bincount(member, weights=loss, minlength=len(names)) for loss in (ours, theirs)])
    drawn = np.random.default_rng(7).multinomial(len(names), np.full(len(names), 1.0 / len(names)), size=RESAMPLES)
    resampled: NDArray[np.float64] = drawn @ sums.T
    return float(1.0 - ours.sum() / theirs.sum()), float(np.quantile(1.0 - resampled[:, 0] / resampled[:, 1], 0.025))


def rounded(figures: Mapping[str, float]) -> dict[str, float]:
    """To print."""
    return {name: round(value, 4) for name, value in figures.items()}
