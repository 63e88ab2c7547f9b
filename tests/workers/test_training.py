"""A training leaves a registered, signed and judged version; nothing of an attempt that was lost."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from typing_extensions import override

from engine.enums import TrainingEnding
from engine.errors import InsufficientData
from engine.learning.trainer import Judged, Sample
from store import jobs
from store.artifacts import Archive, Keyring
from store.crypto import Vault
from store.errors import ClaimLost
from store.jobs import claims
from store.jobs.claims import Claim
from store.models import registry
from store.models.endings import CategoryEnding, endings_in
from store.models.manifest import metrics, verdict
from store.models.versions import Described
from store.session import transaction
from tests.workers.slopes import PART, TAUGHT, TRAINERS, Slope, SlopeTrainer, add_spenders
from workers.assignment import Assignment
from workers.training import Trainers, train

OTHER = "life_planning"
"""A category that learns the same beside it."""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(url=str(tmp_path), keys=Keyring((b"a key that protects nothing".ljust(32),)))


def claimed(engine: Engine, **arguments: Any) -> Claim:
    """The claim on a training that was just asked for."""
    with transaction(engine) as session:
        job = jobs.request(session, "TRAINING", arguments, requested_by="test")
        claim = claims.claim(session, job.id, lease_seconds=60)
    assert claim is not None
    return claim


def work(
    engine: Engine, vault: Vault, archive: Archive, claim: Claim, trainers: Trainers = TRAINERS
) -> Mapping[str, Any]:
    """What a worker's child does."""
    return train(Assignment(claim=claim, engine=engine, vault=vault, archive=archive), trainers)


def run(engine: Engine, vault: Vault, archive: Archive, **arguments: Any) -> tuple[UUID, Mapping[str, Any]]:
    claim = claimed(engine, **arguments)
    return claim.job_id, work(engine, vault, archive, claim)


def endings(engine: Engine, job_id: UUID) -> dict[str, CategoryEnding]:
    """What administrators are told of a run, by category."""
    with transaction(engine) as session:
        return {each.category: each for each in endings_in(jobs.find(session, job_id).result)}


def listed(engine: Engine, category: str = TAUGHT) -> list[Described]:
    """All versions, the first one first."""
    with transaction(engine) as session:
        return registry.versions(session, category)[::-1]


def champion(engine: Engine) -> Described | None:
    with transaction(engine) as session:
        return registry.champion(session, TAUGHT)


def test_a_model_with_skill_becomes_champion(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    run(engine, vault, archive)
    found = champion(engine)
    assert found is not None
    assert (found.version, found.proven, found.training_users) == (1, True, 300)
    model = Slope.from_files(archive.read(found.path, found.checksum).files)
    assert model.slope == pytest.approx(PART, rel=0.1)
    figures = {metric.name: metric for metric in metrics(found.manifest)}
    assert figures["r2"].meets_bar
    assert figures["r2"].baseline == pytest.approx(0.0, abs=0.01)
    assert "cv_r2" in figures


def test_its_figures_are_kept(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    run(engine, vault, archive)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT model_name, metric_name, baseline_value FROM ml_model_performance"))
        kept = {row.metric_name: row for row in rows}
    assert {"rmse", "mae", "r2", "cv_rmse"} <= set(kept)
    assert kept["rmse"].model_name == f"{TAUGHT}@1"
    assert kept["rmse"].baseline_value > 0


def test_a_run_says_what_it_came_to(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    promoted, again, skipped = (run(engine, vault, archive, retrain=retrain)[0] for retrain in (False, True, False))
    first, second = listed(engine)
    assert endings(engine, promoted) == {
        TAUGHT: CategoryEnding(
            category=TAUGHT, ending=TrainingEnding.PROMOTED, reason=str(verdict(first.manifest)), version=1
        )
    }
    assert endings(engine, again)[TAUGHT].ending is TrainingEnding.NOT_PROMOTED
    assert endings(engine, again)[TAUGHT].reason == verdict(second.manifest)
    assert endings(engine, skipped)[TAUGHT].ending is TrainingEnding.FRESH
    assert endings(engine, skipped)[TAUGHT].reason.startswith("Version 2 is fresh until ")


def test_what_failed_for_want_of_data_says_so_of_each_category(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 99)
    claim = claimed(engine)
    with pytest.raises(InsufficientData):
        work(engine, vault, archive, claim, {TAUGHT: SlopeTrainer(), OTHER: SlopeTrainer()})
    found = endings(engine, claim.job_id)
    assert set(found) == {TAUGHT, OTHER}
    for ended in found.values():
        assert (ended.ending, ended.required, ended.available) == (TrainingEnding.INSUFFICIENT_DATA, 100, 99)
        assert (ended.version, ended.reason) == (None, "Training needs 100 people with the needed data; 99 have it.")


def test_the_promotion_is_in_the_audit_log(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    job_id, _ = run(engine, vault, archive)
    with engine.connect() as connection:
        entry = connection.execute(text("SELECT actor, action, subject, detail FROM audit_log")).one()
    assert tuple(entry) == ("training", "promote_model", str(job_id), f"{TAUGHT}@1")


def test_what_has_no_skill_stays_a_challenger(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300, part=0.0)
    run(engine, vault, archive)
    assert champion(engine) is None
    (only,) = listed(engine)
    assert not only.proven
    assert str(verdict(only.manifest)).startswith("Not put in place by the training. ")


def test_the_same_data_give_the_same_checksum(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    run(engine, vault, archive)
    run(engine, vault, archive, retrain=True)
    first, second = listed(engine)
    assert first.path != second.path
    assert first.checksum == second.checksum


def test_an_equal_challenger_does_not_replace_the_champion(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    run(engine, vault, archive)
    run(engine, vault, archive, retrain=True)
    found = champion(engine)
    assert found is not None
    assert found.version == 1


def test_what_is_fresh_is_skipped(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    run(engine, vault, archive)
    _, result = run(engine, vault, archive)
    assert result["trained"] == {}
    assert "fresh until" in result["skipped"][TAUGHT]


def test_below_a_hundred_people_nothing_is_trained(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 99)
    with pytest.raises(InsufficientData) as refused:
        run(engine, vault, archive)
    assert (refused.value.required, refused.value.available) == (100, 99)


def test_what_keeps_several_from_being_trained_is_told_of_each(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 99)
    why = "Training .* 99 have it."
    with pytest.raises(InsufficientData, match=f"^{TAUGHT}: {why} {OTHER}: {why}$"):
        work(engine, vault, archive, claimed(engine), {TAUGHT: SlopeTrainer(), OTHER: SlopeTrainer()})


def test_the_schedule_skips_what_cannot_be_trained_yet(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 99)
    _, result = run(engine, vault, archive, scheduled=True)
    assert result["trained"] == {}
    assert "100 people" in result["skipped"][TAUGHT]


def test_nobody_at_all_is_told_as_well(engine: Engine, vault: Vault, archive: Archive) -> None:
    with pytest.raises(InsufficientData, match="nobody"):
        run(engine, vault, archive)


def test_a_corrupt_champion_is_replaced(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    run(engine, vault, archive)
    before = champion(engine)
    assert before is not None
    (Path(archive.url) / before.path / "slope.json").write_text("[9]")
    run(engine, vault, archive, retrain=True)
    after = champion(engine)
    assert after is not None
    assert after.version == 2


# --- while it goes on ------------------------------------------------------------------------------------------------


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
