"""A training leaves a registered, signed and judged version; nothing of an attempt that was lost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from engine.errors import InsufficientData
from store import claims, jobs
from store.artifacts import Archive, Keyring
from store.crypto import Vault
from store.models import registry
from store.models.manifest import metrics
from store.models.registry import Version
from store.session import transaction
from tests.workers.slopes import PART, TAUGHT, TRAINERS, Slope, add_spenders
from workers.assignment import Assignment
from workers.registration import register_trained
from workers.training import train


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(url=str(tmp_path), keys=Keyring((b"a key that protects nothing".ljust(32),)))


def run(engine: Engine, vault: Vault, archive: Archive, **arguments: Any) -> tuple[UUID, Mapping[str, Any]]:
    """What a worker's child and then its parent do."""
    with transaction(engine) as session:
        job = jobs.request(session, "TRAINING", arguments, requested_by="test")
        claim = claims.claim(session, job.id, lease_seconds=60)
        assert claim is not None
    result = train(Assignment(claim=claim, engine=engine, vault=vault, archive=archive), TRAINERS)
    with transaction(engine, everyone=True) as session:
        assert claims.finish(session, claim)
        register_trained(session, claim, result)
    return job.id, result


def champion(engine: Engine) -> Version | None:
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
    with transaction(engine) as session:
        (only,) = registry.versions(session, TAUGHT)
    assert not only.proven


def test_the_same_data_give_the_same_checksum(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    _, first = run(engine, vault, archive)
    _, second = run(engine, vault, archive, retrain=True)
    assert first["trained"][TAUGHT]["path"] != second["trained"][TAUGHT]["path"]
    assert first["trained"][TAUGHT]["checksum"] == second["trained"][TAUGHT]["checksum"]


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


def test_who_lost_the_race_for_the_champion_stays_a_challenger(engine: Engine, vault: Vault, archive: Archive) -> None:
    add_spenders(engine, 300)
    with transaction(engine) as session:
        job = jobs.request(session, "TRAINING", {}, requested_by="test")
        claim = claims.claim(session, job.id, lease_seconds=60)
    assert claim is not None
    slow = train(Assignment(claim=claim, engine=engine, vault=vault, archive=archive), TRAINERS)
    run(engine, vault, archive)
    with transaction(engine, everyone=True) as session:
        register_trained(session, claim, slow)
    found = champion(engine)
    assert found is not None
    assert found.version == 1
