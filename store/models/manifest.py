"""What the manifest of a version says: that of its artifact, and beside it in the row the verdict of the gate."""

from engine.learning.metrics import Metric
from store.artifacts import Manifest


def metrics(manifest: Manifest) -> tuple[Metric, ...]:
    """Its figures on people held out, when it was trained."""
    return tuple(Metric(**metric) for metric in manifest.get("metrics", ()))


def importance(manifest: Manifest) -> dict[str, float]:
    """What each feature weighs, the greatest first."""
    told: dict[str, float] = manifest.get("importance", {})
    return dict(sorted(told.items(), key=lambda pair: -pair[1]))


def verdict(manifest: Manifest) -> str | None:
    """Why it was put in place when it was trained, or was not."""
    told: str | None = manifest.get("verdict")
    return told
