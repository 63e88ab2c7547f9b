"""Claims: who works on a job, for how long, and what a sweep gives to others."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, text

from store import jobs
from store.errors import ClaimLost
from store.jobs import claims
from store.session import transaction
from tests.store.jobs.rows import claimed, found, requested, swept


def test_a_claim_counts_the_attempt_and_raises_the_fence(engine: Engine) -> None:
    claim = claimed(engine, requested(engine))
    job = found(engine, claim.job_id)
    assert (job.status, job.attempts, job.fence, claim.fence, claim.attempts) == ("RUNNING", 1, 1, 1, 1)
    assert job.lease_until is not None
    assert job.started_at is not None


def test_of_many_workers_one_gets_the_claim(engine: Engine) -> None:
    job_id, barrier, got = requested(engine), Barrier(4), []

    def take() -> None:
        barrier.wait()
        with transaction(engine) as session:
            got.append(claims.claim(session, job_id, lease_seconds=60))

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(claim is not None for claim in got) == 1
    assert found(engine, job_id).attempts == 1


@pytest.mark.parametrize("status", ["RUNNING", "SUCCEEDED", "FAILED", "DEAD", "CANCELLED"])
def test_only_a_queued_job_can_be_claimed(engine: Engine, status: str) -> None:
    job_id = requested(engine)
    with transaction(engine) as session:
        session.connection().execute(text("UPDATE jobs SET status = :status"), {"status": status})
        assert claims.claim(session, job_id, lease_seconds=60) is None


def test_the_lease_is_prolonged_by_its_holder_alone(engine: Engine) -> None:
    claim = claimed(engine, requested(engine), lease_seconds=1)
    before = found(engine, claim.job_id).lease_until
    with transaction(engine) as session:
        assert claims.renew(session, claim, lease_seconds=60)
    after = found(engine, claim.job_id).lease_until
    assert before is not None
    assert after is not None
    assert after > before
    with transaction(engine) as session:
        jobs.cancel(session, claim.job_id)
        assert not claims.renew(session, claim, lease_seconds=60)


def test_a_stale_fence_changes_nothing(engine: Engine) -> None:
    stale = claimed(engine, requested(engine), lease_seconds=-1)
    assert swept(engine).requeued == (stale.job_id,)
    mine = claimed(engine, stale.job_id)
    assert mine.fence == stale.fence + 1
    with transaction(engine) as session:
        assert not claims.finish(session, stale)
        assert not claims.fail(session, stale, code="X", message="x")
        assert claims.retry(session, stale, code="X", message="x") is None
        assert not claims.release(session, stale)
        assert not claims.renew(session, stale, lease_seconds=60)
        with pytest.raises(ClaimLost):
            claims.advance(session, stale, progress=0.9, stage="late", cursor="z")
        with pytest.raises(ClaimLost):
            claims.held(session, stale.job_id, stale.fence)
    job = found(engine, mine.job_id)
    assert (job.status, job.fence, job.progress, job.cursor, job.error_code) == (
        "RUNNING",
        mine.fence,
        0,
        None,
        "LEASE_EXPIRED",
    )


def test_what_was_written_before_the_claim_was_lost_is_rolled_back_with_it(engine: Engine) -> None:
    claim = claimed(engine, requested(engine))

    def write_late() -> None:
        with transaction(engine, everyone=True) as late:
            late.connection().execute(text("INSERT INTO assets VALUES ('X', 'x', 'CASH')"))
            with transaction(engine) as session:
                jobs.cancel(session, claim.job_id)
            claims.advance(late, claim, progress=1, stage="done")

    with pytest.raises(ClaimLost):
        write_late()
    with transaction(engine) as session:
        assert session.connection().execute(text("SELECT count(*) FROM assets")).scalar() == 0


def test_progress_and_cursor_are_what_the_next_claim_goes_on_from(engine: Engine) -> None:
    first = claimed(engine, requested(engine))
    with transaction(engine) as session:
        claims.advance(session, first, progress=0.4, stage="4 of 10", cursor="d")
        claims.advance(session, first, progress=1.5, stage="5 of 10")
        claims.release(session, first)
    assert claimed(engine, first.job_id).cursor == "d"
    job = found(engine, first.job_id)
    assert (job.progress, job.stage) == (1, "5 of 10")


def test_a_finished_job_shows_no_error_of_an_earlier_attempt(engine: Engine) -> None:
    first = claimed(engine, requested(engine))
    with transaction(engine) as session:
        assert claims.retry(session, first, code="CRASHED", message="It fell.") == "QUEUED"
    second = claimed(engine, first.job_id)
    with transaction(engine) as session:
        assert claims.finish(session, second)
    job = found(engine, first.job_id)
    assert (job.status, job.progress, job.attempts, job.error_code, job.lease_until) == ("SUCCEEDED", 1, 2, None, None)
    assert job.finished_at is not None


def test_a_released_attempt_does_not_count(engine: Engine) -> None:
    claim = claimed(engine, requested(engine))
    with transaction(engine) as session:
        assert claims.release(session, claim)
    job = found(engine, claim.job_id)
    assert (job.status, job.attempts, job.fence) == ("QUEUED", 0, 1)


def test_the_third_failed_attempt_is_the_last(engine: Engine) -> None:
    job_id, statuses = requested(engine), []
    for _ in range(3):
        claim = claimed(engine, job_id)
        with transaction(engine) as session:
            statuses.append(claims.retry(session, claim, code="CRASHED", message="It fell."))
    job = found(engine, job_id)
    assert statuses == ["QUEUED", "QUEUED", "DEAD"]
    assert (job.status, job.error_code, job.error_message) == ("DEAD", "CRASHED", "It fell.")
    assert job.finished_at is not None


def test_cancelling_ends_a_job_once(engine: Engine) -> None:
    claim = claimed(engine, requested(engine))
    with transaction(engine) as session:
        assert jobs.cancel(session, claim.job_id).status == "CANCELLED"
        assert not claims.finish(session, claim)
    done = claimed(engine, requested(engine))
    with transaction(engine) as session:
        claims.finish(session, done)
        assert jobs.cancel(session, done.job_id).status == "SUCCEEDED"


# --- sweeps ----------------------------------------------------------------------------------------------------------


def test_a_sweep_queues_again_what_lost_its_worker_and_ends_it_after_three_attempts(engine: Engine) -> None:
    job_id, seen = requested(engine), []
    for _ in range(3):
        claimed(engine, job_id, lease_seconds=-1)
        seen.append(swept(engine, queued_seconds=60))
    job = found(engine, job_id)
    assert [bool(sweep.requeued) for sweep in seen] == [True, True, False]
    assert seen[2].dead == (job_id,)
    assert (job.status, job.error_code, job.attempts) == ("DEAD", "LEASE_EXPIRED", 3)


def test_no_lease_ends_while_the_server_has_just_started(engine: Engine) -> None:
    claim = claimed(engine, requested(engine), lease_seconds=-1)
    assert swept(engine, grace_seconds=10**9) == claims.Swept()
    assert found(engine, claim.job_id).status == "RUNNING"


def test_a_sweep_leaves_a_lease_that_holds(engine: Engine) -> None:
    claim = claimed(engine, requested(engine))
    assert swept(engine) == claims.Swept()
    assert found(engine, claim.job_id).status == "RUNNING"


def test_a_sweep_finds_what_has_waited_for_long(engine: Engine) -> None:
    job_id = requested(engine)
    assert swept(engine, queued_seconds=60).waiting == ()
    assert swept(engine, queued_seconds=0).waiting == (job_id,)


def test_of_two_sweeps_at_once_one_does_nothing(engine: Engine) -> None:
    requested(engine)
    with transaction(engine) as session:
        assert claims.sweep(session, queued_seconds=0, grace_seconds=0).waiting
        assert swept(engine) == claims.Swept()
