"""Scoring with the real advice, and retention, in this process and in a real child."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from engine.catalog import BY_NAME
from engine.errors import Infeasible
from store import jobs
from store.artifacts import Archive, Keyring
from store.crypto import Vault
from store.errors import ClaimLost
from store.ids import uuid7
from store.jobs import claims
from store.models.shelf import Shelf
from store.session import transaction
from store.tables import IdempotentResponse, KeptAnswer, MlRecommendation
from tests.households import add_household
from tests.store.learned import learned
from tests.workers.crew import Crew
from workers.assignment import Assignment
from workers.retention import forget_expired
from workers.scoring import score_everyone

HOUSEHOLDS = 5
CATEGORIES = frozenset(BY_NAME)
ARCHIVE = Archive(url="memory://scoring", keys=Keyring((b"no model is read or written here".ljust(32),)))


def assigned(engine: Engine, vault: Vault, kind: str = "SCORING", cursor: UUID | None = None) -> Assignment:
    with transaction(engine) as session:
        job = jobs.request(session, kind, {}, requested_by="test")
        claim = claims.claim(session, job.id, lease_seconds=60)
        assert claim is not None
        if cursor:
            claims.advance(session, claim, progress=0, stage="", cursor=str(cursor))
        held = claims.held(session, job.id, claim.fence)
        return Assignment(claim=held, engine=engine, vault=vault, archive=ARCHIVE)


@pytest.fixture
def households(engine: Engine) -> list[UUID]:
    with transaction(engine, everyone=True) as session:
        return sorted(add_household(session, today=datetime.now(UTC).date()) for _ in range(HOUSEHOLDS))


def answered(engine: Engine) -> dict[UUID, set[str]]:
    with transaction(engine, everyone=True) as session:
        found: dict[UUID, set[str]] = {}
        for answer in session.exec(select(KeptAnswer)):
            found.setdefault(answer.user_id, set()).add(answer.category)
        return found


def test_every_category_of_every_user_is_kept(engine: Engine, vault: Vault, households: list[UUID]) -> None:
    assert score_everyone(assigned(engine, vault), batch_users=2) == {"users": HOUSEHOLDS, "faults": {}}
    assert answered(engine) == dict.fromkeys(households, CATEGORIES)


def test_it_goes_on_behind_the_cursor(engine: Engine, vault: Vault, households: list[UUID]) -> None:
    assignment = assigned(engine, vault, cursor=households[2])
    assert score_everyone(assignment, batch_users=1)["users"] == 2
    assert set(answered(engine)) == set(households[3:])
    with transaction(engine) as session:
        job = jobs.find(session, assignment.claim.job_id)
    assert (job.progress, job.stage, job.cursor) == (1, "5 of 5 users", str(households[-1]))


def test_without_users_there_is_nothing_to_do(engine: Engine, vault: Vault) -> None:
    assert score_everyone(assigned(engine, vault)) == {"users": 0, "faults": {}}


def test_faults_are_counted_and_refusals_are_not(engine: Engine, vault: Vault, households: list[UUID]) -> None:
    def score(session: Session, vault: Vault, shelf: Shelf, users: Sequence[UUID], now: datetime) -> list[object]:
        return [ZeroDivisionError(), Infeasible("No."), "advice"]

    assert score_everyone(assigned(engine, vault), score=score, batch_users=2) == {
        "users": HOUSEHOLDS,
        "faults": {"ZeroDivisionError": 3},
    }


def test_a_claim_lost_in_the_middle_leaves_nothing_of_the_batch(
    engine: Engine, vault: Vault, households: list[UUID]
) -> None:
    assignment = assigned(engine, vault)
    with transaction(engine) as session:
        jobs.cancel(session, assignment.claim.job_id)
    with pytest.raises(ClaimLost):
        score_everyone(assignment)
    assert answered(engine) == {}


def test_the_real_child_scores(crew: Crew, households: list[UUID]) -> None:
    assert crew.ended("SCORING") == {"ended": "DONE", "result": {"users": 5, "faults": {}}}
    assert answered(crew.engine) == dict.fromkeys(households, CATEGORIES)


# --- retention -------------------------------------------------------------------------------------------------------


def test_only_what_has_had_its_time_is_forgotten(engine: Engine, vault: Vault) -> None:
    now = datetime.now(UTC)
    with transaction(engine, everyone=True) as session:
        user = add_household(session)
        session.add_all(
            [_response("old", now - timedelta(hours=25)), _response("new", now - timedelta(hours=23))],
        )
        for status, days in [("ACTIVE", -1), ("VIEWED", -1), ("ACCEPTED", -1), ("DISMISSED", -1), ("ACTIVE", 1)]:
            session.add(_recommendation(user, status, now + timedelta(days=days)))
    pruned = forget_expired(assigned(engine, vault, "RETENTION"))
    assert pruned == {"responses": 1, "recommendations": 2, "forecasts": 0, "newcomers": 0, "artifacts": 0}
    with transaction(engine, everyone=True) as session:
        left = session.exec(select(IdempotentResponse.key)).all()
        statuses = session.connection().execute(text("SELECT status FROM ml_recommendations ORDER BY status"))
        assert list(left) == ["new"]
        assert list(statuses.scalars()) == ["ACCEPTED", "ACTIVE", "DISMISSED", "EXPIRED", "EXPIRED"]


def test_artifacts_of_attempts_that_did_not_count_are_removed(
    engine: Engine, vault: Vault, archive: Archive, shelf: Shelf
) -> None:
    registered = learned(engine, archive, 7, in_place=False).path
    with transaction(engine) as session:
        open_job = jobs.request(session, "TRAINING", {}, requested_by="ann").id
    wanted = [registered, f"counter/{open_job}-1", "counter/by-hand"]
    for path in (*wanted[1:], f"counter/{uuid7()}-1", f"counter/{uuid7()}-2"):
        archive.write(path, {"step.json": b"{}"}, {"category": "counter"})
    assignment = replace(assigned(engine, vault, "RETENTION"), archive=archive)
    assert forget_expired(assignment)["artifacts"] == 2
    assert archive.paths() == sorted(wanted)


def _response(key: str, at: datetime) -> IdempotentResponse:
    return IdempotentResponse(viewer="somebody", key=key, fingerprint=b"", response=b"", created_at=at)


def _recommendation(user: UUID, status: str, until: datetime) -> MlRecommendation:
    return MlRecommendation(
        user_id=user,
        recommendation_type="savings_strategy",
        key=str(uuid7()),
        title=b"",
        description=b"",
        priority="LOW",
        status=status,
        model_name="rule",
        recommendation_data=b"",
        actionable_items=b"",
        valid_until=until,
    )
