"""Whether a new model may take the place of the one before, judged on the same people, whom neither has seen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.facts import Floats, Objects

SURE = 1.96
"""Standard errors of a mean over people: 95 % confidence."""
WORSE_MARGIN = 0.05
"""Of the incumbent's mean loss: how much worse a group may fare."""
LEAST_GROUP = 30
"""People; the mean of fewer says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the challenger is better, and why (or why not) in words.

    `gain` is the share of the incumbent's loss that it saves, from `low` to `high` with 95 % confidence.
    """

    better: bool
    gain: float
    low: float
    high: float
    reason: str


def judged(
    challenger: Floats, incumbent: Floats, users: Objects, groups: Mapping[str, Objects], *, than: str = "the rule"
) -> Verdict:
    """From losses by row (smaller is better) of both on the same rows; a user's rows count as one person."""
    scale = float(incumbent.mean())
    if len(challenger) == 0 or not scale > 0:
        nothing = f"There is nothing in which {than} could be improved on."
        return Verdict(better=False, gain=0.0, low=0.0, high=0.0, reason=nothing)
    saved = (incumbent - challenger) / scale
    gain, error = _mean_by_person(saved, users)
    low, high = gain - SURE * error, gain + SURE * error
    worse = _worse(saved, groups)
    return Verdict(
        better=low > 0 and not worse, gain=gain, low=low, high=high, reason=_reason((gain, low, high), worse, than)
    )


def _mean_by_person(saved: Floats, users: Objects) -> tuple[float, float]:
    """Mean over rows and its standard error, people drawn as wholes."""
    _, member = np.unique(users.astype(str), return_inverse=True)
    people = int(member.max()) + 1
    mean = float(saved.mean())
    apart = np.bincount(member, weights=saved - mean)
    return mean, float(np.sqrt((apart**2).sum() * people / max(people - 1, 1)) / len(saved))


def _worse(saved: Floats, groups: Mapping[str, Objects]) -> list[str]:
    """The groups that lose more than the margin."""
    found = []
    for name, labels in groups.items():
        for label in sorted(set(labels.tolist())):
            inside = labels == label
            if inside.sum() >= LEAST_GROUP and saved[inside].mean() < -WORSE_MARGIN:
                found.append(f"{name.replace('_', ' ')} {label} ({_percent(saved[inside].mean())})")
    return found


def _reason(figures: tuple[float, float, float], worse: list[str], than: str) -> str:
    gain, low, high = figures
    if low == high == 0:
        return f"On people held out it errs as {than} does, row by row: it has nothing of its own to say."
    told = f"On people held out it errs {_saved(gain)} than {than} (95 %: {_saved(low)} to {_saved(high)})"
    if high < 0:
        return f"{told}, so it is worse."
    if low <= 0:
        return f"{told}, so it is not better for certain."
    if worse:
        return f"{told}, but over {_percent(WORSE_MARGIN)} more for: {', '.join(worse)}."
    return f"{told}, and for no group over {_percent(WORSE_MARGIN)} more."


def _saved(part: float) -> str:
    return f"{_percent(part)} {'less' if part >= 0 else 'more'}"


def _percent(part: float) -> str:
    return f"{abs(part):.1%}".replace(".0%", "%").replace("%", " %")
