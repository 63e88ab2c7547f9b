"""Versions, of the learner above all: written, registered and put in place."""

from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session

from store.artifacts import Archive, Manifest
from store.ids import uuid7
from store.models import registry
from store.models.versions import Described, Version
from store.session import transaction
from tests.store.artifact_samples import MANIFEST
from tests.store.learner import Step


def learned(engine: Engine, archive: Archive, step: int, *, proven: bool = True, in_place: bool = True) -> Version:
    """A version whose model answers with this step."""
    path = f"counter/{uuid7()}-1"
    checksum = archive.write(path, Step(step).files(), MANIFEST)
    with transaction(engine) as session:
        version = registered(session, path=path, checksum=checksum, proven=proven)
        if in_place:
            registry.promote(session, "counter", version.version, actor="ann", reason="by hand")
    return version


def registered(
    session: Session,
    category: str = "counter",
    *,
    path: str | None = None,
    checksum: str = "0" * 64,
    proven: bool = True,
    manifest: Manifest = MANIFEST,
) -> Described:
    """A challenger; without a path one whose artifact nobody reads."""
    return registry.register(
        session,
        category=category,
        path=path or f"{category}/{uuid7()}-1",
        checksum=checksum,
        proven=proven,
        training_users=400,
        manifest=manifest,
    )


def start_experiment(session: Session, *, champion: int, challenger: int, share: float = 0.5) -> None:
    """Lets the challenger answer a share of the users."""
    statement = """
        INSERT INTO experiments
            (id, category, champion, challenger, challenger_share, started_at, started_by, samples)
        VALUES (:id, 'counter', :champion, :challenger, :share, clock_timestamp(), 'ann', 0)
    """
    values = {"id": uuid7(), "champion": champion, "challenger": challenger, "share": share}
    session.connection().execute(text(statement), values)


def corrupt(archive: Archive, version: Version) -> None:
    """One bit of the model's file."""
    file = Path(archive.url) / version.path / "step.json"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def alerts(engine: Engine) -> list[tuple[str, str]]:
    """Severity and cause of each."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT severity, cause FROM alerts ORDER BY raised_at"))
        return [(row.severity, row.cause) for row in rows]
