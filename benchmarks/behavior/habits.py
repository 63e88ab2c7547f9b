"""Habits: who is told of each, and how many of them have it."""

from benchmarks.behavior.demo import Demo
from engine.behavior.biases import Bias
from engine.facts import Flags
from engine.learning.metrics import rounded
from engine.recommenders.behavioral_insights.model import BehaviorModel
from engine.recommenders.behavioral_insights.study import study


def habits(drawn: Demo, model: BehaviorModel) -> dict[str, dict[str, float]]:
    """Of each habit that is judged."""
    found = study(drawn.facts, model).biases
    return {name: judged(bias, drawn.biases[name] > 0) for name, bias in found.items()}


def judged(bias: Bias, planted: Flags) -> dict[str, float]:
    """Who is told of it, how many of them have it, how many who have it are told."""
    present, known = bias.present, bias.judged
    return rounded(
        {
            "judged": float(known.mean()),
            "told": float(present.mean()),
            "precision": float(planted[present].mean()) if present.any() else 0.0,
            "recall_where_judged": float(present[planted & known].mean()),
            "recall": float(present[planted].mean()),
            "told_without_it": float(present[~planted].mean()),
        }
    )
