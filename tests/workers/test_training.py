"""A training leaves a registered, signed and judged version, or says why not."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from engine.enums import TrainingEnding
from engine.errors import InsufficientData
from store.artifacts import Archive
from store.crypto import Vault
from store.models.endings import CategoryEnding
from store.models.manifest import metrics, verdict
from tests.workers.runs import OTHER, champion, claimed, endings, listed, run, work
from tests.workers.slopes import PART, TAUGHT, Slope, SlopeTrainer, add_spenders


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
