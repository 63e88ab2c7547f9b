"""DRIFT: compares the users of today with those that each champion was trained on.

The cursor names the categories that are done. A report, its alert and the training that it asks for are one step.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlmodel import Session

from engine.catalog import BY_NAME, TRAINERS
from engine.enums import Severity
from engine.learning.trainer import Trainer
from engine.monitoring.drift import Drift, Reference, compare
from engine.monitoring.retraining import Change
from store import jobs
from store.models import performance, registry
from store.models.learning import chunks
from store.models.versions import Described, Version
from store.monitoring import upkeep
from store.monitoring.alerts import raise_alert, settle
from store.monitoring.drift import write_report
from store.session import clock
from workers.assignment import Assignment

MOST_USERS = 100_000
"""Of more users a part that is the same every time: it tells a PSI of 0.01 from none."""
MOST_NAMED = 3

Trainers = Mapping[str, Trainer[Any]]


def check_drift(assignment: Assignment, trainers: Trainers = TRAINERS) -> dict[str, Any]:
    """How far each category has drifted, and which could not be checked, with the reason."""
    wanted = assignment.claim.arguments.get("categories") or list(BY_NAME)
    with assignment.reading() as session:
        today, champions = clock(session).date(), registry.champions(session, wanted)
    skipped = {name: reason for name in wanted if (reason := _reason(trainers.get(name), champions.get(name)))}
    done = (assignment.claim.cursor or "").split(",")
    left = [name for name in wanted if name not in skipped and name not in done]
    found = {}
    for place, name in enumerate(left):
        assignment.report(place / len(left), f"{name}: reading users")
        drift = _drift(assignment, trainers[name], champions[name], today)
        done.append(name)
        cursor, stage = ",".join(filter(None, done)), f"{name}: {_in_words(drift.score, drift.severity)}"
        with assignment.step(progress=(place + 1) / len(left), stage=stage, cursor=cursor) as session:
            _note(session, trainers[name], champions[name], drift, assignment.claim.job_id)
        found[name] = {"score": round(drift.score, 4), "severity": drift.severity.value}
    assignment.report(1.0, _summary(found, skipped))
    return {"checked": found, "skipped": skipped}


def _reason(trainer: Trainer[Any] | None, champion: Described | None) -> str | None:
    """Why a category cannot be checked."""
    if trainer is None:
        return "It fits the market, not people."
    if champion is None:
        return "No version is in place: rules answer."
    if "reference" not in champion.manifest:
        return "Its version holds no reference."
    if champion.manifest["reference"]["features"] != list(trainer.features):
        return "Its version was trained on other features."
    return None


def _drift(assignment: Assignment, trainer: Trainer[Any], champion: Described, today: date) -> Drift:
    columns = [np.empty((0, len(trainer.features)), dtype=np.float32)]
    for facts in chunks(assignment.reading, trainer, today, MOST_USERS):
        with np.errstate(over="ignore"):
            columns.append(trainer.columns(facts).astype(np.float32))
    return compare(Reference.from_dict(champion.manifest["reference"]), np.concatenate(columns))


# --- what follows ----------------------------------------------------------------------------------------------------


def _note(session: Session, trainer: Trainer[Any], champion: Version, drift: Drift, job_id: UUID) -> None:
    """The report; an alert where something is sure, and none any more of what was sure before; where it is critical a
    training, unless one was just in vain."""
    now = clock(session)
    write_report(session, category=champion.category, version=champion.version, drift=drift, at=now, job_id=job_id)
    degraded = [each for each in performance.changes(session, champion.name) if each.is_degraded]
    settle(session, champion.name, holding=[_drifted(champion, drift), *(_worse(champion, one) for one in degraded)])
    for change in degraded:
        _tell_degraded(session, champion, change)
    if drift.severity is Severity.NONE:
        return
    is_due = drift.severity is Severity.CRITICAL and upkeep.due(session, {champion.category: trainer})
    if is_due:
        key = f"drift/{champion.category}/{now.date()}"
        wanted = {"categories": [champion.category], "retrain": False}
        jobs.request(session, "TRAINING", wanted, requested_by="drift", idempotency_key=key)
    _tell_drift(session, champion, drift, "A training was requested." if is_due else _NEXT[drift.severity])


def _tell_drift(session: Session, champion: Version, drift: Drift, follows: str) -> None:
    worst = ", ".join(f"{each.feature} by {each.psi:.2f}" for each in drift.found[:MOST_NAMED])
    raise_alert(
        session,
        severity=drift.severity,
        category=champion.category,
        cause=_drifted(champion, drift),
        model_name=champion.name,
        title=f"{_spoken(champion.category)}: users are no longer like those it was trained on",
        description=f"{champion.name} was trained on {drift.reference_rows} users and checked on {drift.current_rows}; "
        f"drifted: {worst}. {follows}",
    )


def _tell_degraded(session: Session, champion: Version, change: Change) -> None:
    raise_alert(
        session,
        severity=Severity.WARNING,
        category=champion.category,
        cause=_worse(champion, change),
        model_name=champion.name,
        title=f"{_spoken(champion.category)}: {change.metric} got worse by {change.worse:.0%}",
        description=f"{champion.name}: {change.was:.4g} at first, {change.now:.4g} now. {_NEXT[Severity.WARNING]}",
    )


def _drifted(champion: Version, drift: Drift) -> str:
    return f"drift/{champion.name}/{drift.severity}"


def _worse(champion: Version, change: Change) -> str:
    return f"degraded/{champion.name}/{change.metric}"


def _spoken(category: str) -> str:
    return category.replace("_", " ").capitalize()


def _summary(found: Mapping[str, Mapping[str, Any]], skipped: Mapping[str, str]) -> str:
    told = [f"{name}: {_in_words(each['score'], each['severity'])}" for name, each in found.items()]
    for reason in dict.fromkeys(skipped.values()):
        names = ", ".join(name for name in skipped if skipped[name] == reason)
        told.append(f"not checked: {names} ({reason[0].lower()}{reason[1:].rstrip('.')})")
    return "; ".join(told)


def _in_words(score: float, severity: str) -> str:
    if severity == Severity.NONE:
        return f"drift of {score:.2f}, below every level" if score > 0 else "no drift"
    return f"drift of {score:.2f} ({severity})"


_NEXT = {
    Severity.CRITICAL: "A newer version was tried a short while ago; the next one follows in some days.",
    Severity.WARNING: "It is trained again at the next slot, unless a newer version was tried a short while ago.",
    Severity.INFO: "Nothing follows from this yet.",
}
