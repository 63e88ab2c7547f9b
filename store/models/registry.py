"""The registry: the versions of each category's model, which of them is in place, and which one was when.

The champion is a row. Promotion and rollback move it in one transaction, and every process reads it anew in each of its
own. Changes of one category wait for each other.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from engine.catalog import BY_NAME
from engine.enums import VersionStage
from engine.experiments import arm
from store.errors import Conflict, NotFound
from store.ids import uuid7
from store.models.versions import Described, Places, Trial, Version, read_described, read_version


def register(
    session: Session,
    *,
    category: str,
    path: str,
    checksum: str,
    proven: bool,
    training_users: int,
    manifest: Mapping[str, Any],
    job_id: UUID | None = None,
) -> Described:
    """A new challenger, under the next number of its category; nothing is answered by it yet."""
    take_turn(session, category)
    values = {
        "id": uuid7(),
        "category": category,
        "path": path,
        "checksum": checksum,
        "proven": proven,
        "training_users": training_users,
        "manifest": json.dumps(dict(manifest)),
        "job_id": job_id,
    }
    return read_described(session.connection().execute(text(_REGISTER), values).one())


def find(session: Session, category: str, version: int) -> Described:
    """One version; raises `NotFound`, and `Conflict` for a category that has none."""
    row = session.connection().execute(text(_FIND), {"category": category, "version": version}).one_or_none()
    if row is None:
        _check_learns(category)
        last = newest(session, [category]).get(category)
        known = "none is trained yet" if last is None else f"the newest is {last.version}"
        raise NotFound(f"There is no version {version} of {category}: {known}.")
    return read_described(row)


def newest(session: Session, categories: Collection[str]) -> dict[str, Version]:
    """The last version of each category that has any."""
    rows = session.connection().execute(text(_NEWEST), {"categories": list(categories)})
    return {row.category: read_version(row) for row in rows}


def champion(session: Session, category: str) -> Described | None:
    """The version in place; None where rules answer."""
    return champions(session, [category]).get(category)


def champions(session: Session, categories: Collection[str]) -> dict[str, Described]:
    """The versions in place, by category."""
    rows = session.connection().execute(text(_CHAMPIONS), {"categories": list(categories)})
    return {row.category: read_described(row) for row in rows}


def in_place(session: Session, categories: Collection[str]) -> Places:
    """The champions, and the challengers of experiments that compare with them, in one short query."""
    rows = session.connection().execute(text(_IN_PLACE), {"categories": list(categories)}).all()
    trials = {
        row.category: Trial(id=row.trial, share=row.share, challenger=read_version(row)) for row in rows if row.trial
    }
    return Places(champions={row.category: read_version(row) for row in rows if not row.trial}, trials=trials)


def promote(session: Session, category: str, version: int, *, actor: str, reason: str) -> Described:
    """Puts a version in place; the one before retires.

    Raises `NotFound` for a version that there is not, and `Conflict` for the one that is in place or a category that
    has none.
    """
    _check_learns(category)
    take_turn(session, category)
    wanted = find(session, category, version)
    if wanted.stage is VersionStage.CHAMPION:
        raise Conflict(f"Version {version} of {category} is in place already.")
    _put_in_place(session, category, version, actor, reason)
    return find(session, category, version)


def rollback(
    session: Session, category: str, version: int | None = None, *, actor: str, reason: str
) -> Described | None:
    """Puts an earlier version in place; without a number the one that the champion replaced.

    Rolling back again goes one further back, never forth to the version that was taken out, and behind the first one
    to the rules (None). Raises as `promote` does, and `Conflict` where rules answer already.
    """
    _check_learns(category)
    take_turn(session, category)
    place = next(iter(before(session, category)), None) if version is None else version
    if place is not None:
        return promote(session, category, place, actor=actor, reason=reason)
    serve_rules(session, category, actor=actor, reason=reason)
    return None


def serve_rules(session: Session, category: str, *, actor: str, reason: str) -> None:
    """Takes the champion out of place; raises `Conflict` where rules answer already or the category has no versions."""
    _check_learns(category)
    take_turn(session, category)
    if champion(session, category) is None:
        raise Conflict(f"No version of {category} is in place: its rules answer already.")
    _put_in_place(session, category, None, actor, reason)


def before(session: Session, category: str) -> list[int]:
    """The versions that the champion replaced one after the other, the last first.

    What a rollback took out of place is not among them, nor what was before a return to the rules.
    """
    rows = session.connection().execute(text(_HISTORY), {"category": category})
    standing: list[int] = []
    for row in rows:
        known = standing.index(row.version) if row.version in standing else len(standing)
        standing = [] if row.version is None else [*standing[:known], row.version]
    return standing[-2::-1]


def live_at(session: Session, category: str, user_id: UUID, at: datetime) -> Described | None:
    """The version that answered this user then: the champion of the time, or the challenger of an experiment."""
    where = {"category": category, "at": at}
    version = session.connection().execute(text(_IN_PLACE_AT), where).scalar()
    if version is None:
        return None
    experiment = session.connection().execute(text(_RUNNING_AT), where | {"champion": version}).one_or_none()
    if experiment and arm(experiment.id, user_id, experiment.challenger_share):
        version = experiment.challenger
    return find(session, category, version)


def _check_learns(category: str) -> None:
    if BY_NAME[category].trainer is None:
        raise Conflict(f"There are no versions of {category}: it does not learn from people.")


def take_turn(session: Session, category: str) -> None:
    """Numbers and champions of a category are given by one transaction after the other."""
    session.connection().execute(
        text("SELECT pg_advisory_xact_lock(hashtext('model_versions'), hashtext(:category))"), {"category": category}
    )


def _put_in_place(session: Session, category: str, version: int | None, actor: str, reason: str) -> None:
    """The version, or without one the rules."""
    values = {"id": uuid7(), "category": category, "version": version, "actor": actor, "reason": reason}
    for statement in (_RETIRE, _CROWN, _NOTE):
        session.connection().execute(text(statement), values)


_REGISTER = """
INSERT INTO model_versions
    (id, category, version, stage, path, checksum, proven, trained_at, training_users, manifest, job_id)
SELECT :id, wanted.category, coalesce(max(other.version), 0) + 1, 'CHALLENGER', :path, :checksum, :proven,
       clock_timestamp(), :training_users, CAST(:manifest AS jsonb), CAST(:job_id AS uuid)
FROM (VALUES (CAST(:category AS text))) AS wanted (category)
LEFT JOIN model_versions AS other ON other.category = wanted.category
GROUP BY wanted.category
RETURNING *
"""

_FIND = "SELECT * FROM model_versions WHERE category = :category AND version = :version"

_NEWEST = """
SELECT DISTINCT ON (category) category, version, stage, path, checksum, proven, trained_at, training_users
FROM model_versions WHERE category = ANY(:categories) ORDER BY category, version DESC
"""

_CHAMPIONS = "SELECT * FROM model_versions WHERE stage = 'CHAMPION' AND category = ANY(:categories)"

_IN_PLACE = """
SELECT category, version, stage, path, checksum, proven, trained_at, training_users,
       CAST(NULL AS uuid) AS trial, CAST(NULL AS float) AS share
FROM model_versions WHERE stage = 'CHAMPION' AND category = ANY(:categories)
UNION ALL
SELECT other.category, other.version, other.stage, other.path, other.checksum, other.proven, other.trained_at,
       other.training_users, running.id, running.challenger_share
FROM experiments AS running
JOIN model_versions AS champion
    ON champion.category = running.category AND champion.version = running.champion AND champion.stage = 'CHAMPION'
JOIN model_versions AS other ON other.category = running.category AND other.version = running.challenger
WHERE running.concluded_at IS NULL AND running.category = ANY(:categories)
"""

_RETIRE = "UPDATE model_versions SET stage = 'RETIRED' WHERE category = :category AND stage = 'CHAMPION'"

_CROWN = "UPDATE model_versions SET stage = 'CHAMPION' WHERE category = :category AND version = :version"

_NOTE = """
INSERT INTO model_promotions (id, category, version, at, actor, reason)
VALUES (:id, :category, :version, clock_timestamp(), :actor, :reason)
"""

_HISTORY = "SELECT version FROM model_promotions WHERE category = :category ORDER BY at, id"

_IN_PLACE_AT = """
SELECT version FROM model_promotions WHERE category = :category AND at <= :at ORDER BY at DESC, id DESC LIMIT 1
"""

_RUNNING_AT = """
SELECT id, challenger, challenger_share FROM experiments
WHERE category = :category AND champion = :champion
  AND started_at <= :at AND (concluded_at IS NULL OR concluded_at > :at)
ORDER BY started_at DESC LIMIT 1
"""
