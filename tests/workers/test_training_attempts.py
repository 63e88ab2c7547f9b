"""Trainings that crash, are cancelled or lose their claim: each version counts once, and no lost attempt leaves one."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from typing_extensions import override

from engine.learning.trainer import Judged, Sample
from store import jobs
from store.artifacts import Archive
from store.crypto import Vault
from store.errors import ClaimLost
from store.jobs import claims
from store.jobs.claims import Claim
from store.models.manifest import verdict
from store.models.versions import Described
from store.session import transaction
from tests.workers.runs import OTHER, champion, claimed, endings, listed, run, work
from tests.workers.slopes import TAUGHT, Slope, SlopeTrainer, add_spenders


class Interrupted(SlopeTrainer):
    """Something happens when it has been fitted, and stands beside the rule."""

    def __init__(self, happening: Callable[[], object]) -> None:
        self.happening = happening

    @override
    def judge(self, model: Slope | None, sample: Sample) -> Judged:
        if model is None:
            self.happening()
        return super().judge(model, sample)


class Crash(Exception):
    """Ends an attempt."""


def crash() -> None:
    raise Crash


def given_back(engine: Engine, claim: Claim) -> Claim:
    """The claim of the next attempt, once this one has crashed."""
    with transaction(engine) as session:
        assert claims.retry(session, claim, code="CRASHED", message="It crashed.") == "QUEUED"
        again = claims.claim(session, claim.job_id, lease_seconds=60)
    assert again is not None
    return again


def test_a_version_counts_as_soon_as_it_is_trained(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    seen: list[Described | None] = []
    later = Interrupted(lambda: seen.append(champion(engine)))
    work(engine, vault, archive, claimed(engine), {TAUGHT: SlopeTrainer(), OTHER: later})
    assert [one and one.name for one in seen] == [f"{TAUGHT}@1"]


def test_another_attempt_does_not_train_again_what_was_registered(
    engine: Engine, vault: Vault, archive: Archive
) -> None:
    add_spenders(engine, 300)
    claim = claimed(engine, retrain=True)
    with pytest.raises(Crash):
        work(engine, vault, archive, claim, {TAUGHT: SlopeTrainer(), OTHER: Interrupted(crash)})
    again = given_back(engine, claim)
    result = work(engine, vault, archive, again, {TAUGHT: Interrupted(crash), OTHER: SlopeTrainer()})
    assert result == {"trained": {TAUGHT: "CHAMPION", OTHER: "CHAMPION"}, "skipped": {}}
    for category in (TAUGHT, OTHER):
        (only,) = listed(engine, category)
        assert only.path in archive.paths()
    assert {name: ended.version for name, ended in endings(engine, claim.job_id).items()} == {TAUGHT: 1, OTHER: 1}
    with transaction(engine) as session:
        job = jobs.find(session, claim.job_id)
    assert (job.progress, job.stage) == (1, f"{OTHER}@1 trained, champion; {TAUGHT}@1 trained, champion")


def test_an_attempt_that_lost_its_claim_registers_nothing(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    claim = claimed(engine)
    with pytest.raises(ClaimLost):
        work(engine, vault, archive, claim, {TAUGHT: Interrupted(lambda: given_back(engine, claim))})
    assert listed(engine) == []
    with engine.connect() as connection:
        for table in ("ml_model_performance", "model_promotions", "audit_log"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_what_was_trained_before_a_run_was_cancelled_stays(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    claim = claimed(engine)

    def cancel() -> None:
        with transaction(engine) as session:
            jobs.cancel(session, claim.job_id)

    with pytest.raises(ClaimLost):
        work(engine, vault, archive, claim, {TAUGHT: SlopeTrainer(), OTHER: Interrupted(cancel)})
    assert (len(listed(engine)), listed(engine, OTHER)) == (1, [])
    assert set(endings(engine, claim.job_id)) == {TAUGHT}


def test_who_lost_the_race_for_the_champion_stays_a_challenger(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    work(engine, vault, archive, claimed(engine), {TAUGHT: Interrupted(lambda: run(engine, vault, archive))})
    found = champion(engine)
    assert found is not None
    assert (found.version, len(listed(engine))) == (1, 2)
    assert "another version came in place while it was fitted" in str(verdict(listed(engine)[1].manifest))
