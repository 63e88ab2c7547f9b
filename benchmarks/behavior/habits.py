"""Habits: who is told of each, and how many of them have it."""

from benchmarks.behavior.demo import Demo
from engine.learning.metrics import rounded
from engine.recommenders.behavioral_insights.model import BehaviorModel
from engine.recommenders.behavioral_insights.study import study


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
