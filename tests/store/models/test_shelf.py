"""What answers: the version in place, seen by every process at once, or the last good one where it cannot be loaded."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Self
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from engine import catalog
from store.artifacts import Archive
from store.models import registry
from store.models.inspection import Inspector
from store.models.manifest import importance, metrics
from store.models.shelf import Shelf
from store.monitoring.alerts import open_alerts
from store.monitoring.deliveries import take_due
from store.session import clock, connect, transaction
from tests.store.learned import alerts, corrupt, learned, start_experiment
from tests.store.learner import Learner, Step, StepTrainer


class Taller(Step):
    """A model of another release, which keeps it in another file."""

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        return cls(len(files["steps.npy"]))


class TallerTrainer(StepTrainer):
    model = Taller


class WiderTrainer(StepTrainer):
    features = ("income", "age")


class Other(Learner):
    """The learner of another release."""

    def __init__(self, trainer: StepTrainer) -> None:
        super().__init__()
        self.trainer = trainer  # type: ignore[misc]


@pytest.fixture(autouse=True)
def learner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalog.BY_NAME, "counter", Learner())


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Engine]:
    """Connections of another process."""
    made = connect(database_url)
    yield made
    made.dispose()


def step(engine: Engine, shelf: Shelf) -> int | None:
    """What the champion answers with; None where rules do."""
    with transaction(engine) as session:
        served = shelf.serving(session, ["counter"]).champions.get("counter")
    if served is None:
        return None
    assert isinstance(served.model, Step)
    return served.model.step


def test_without_a_champion_rules_answer(engine: Engine, archive: Archive, shelf: Shelf) -> None:
    assert step(engine, shelf) is None
    learned(engine, archive, 7, in_place=False)
    assert step(engine, shelf) is None


def test_a_promotion_and_a_rollback_are_seen_by_every_process_at_once(
    engine: Engine, elsewhere: Engine, archive: Archive, shelf: Shelf
) -> None:
    other = Shelf(archive)
    learned(engine, archive, 7)
    assert (step(engine, shelf), step(elsewhere, other)) == (7, 7)
    learned(elsewhere, archive, 8)
    assert (step(engine, shelf), step(elsewhere, other)) == (8, 8)
    with transaction(engine) as session:
        registry.rollback(session, "counter", actor="ann", reason="by hand")
    assert (step(engine, shelf), step(elsewhere, other)) == (7, 7)


def test_a_version_tells_what_its_artifact_says_of_it(engine: Engine, archive: Archive, shelf: Shelf) -> None:
    learned(engine, archive, 7)
    with transaction(engine) as session:
        version = shelf.serving(session, ["counter"]).champions["counter"].version
    assert [metric.name for metric in metrics(version.manifest)] == ["rmse"]
    assert next(iter(importance(version.manifest))) == "income"


def test_a_corrupt_champion_gives_way_to_the_last_good_one_and_is_told_once(
    engine: Engine, archive: Archive, shelf: Shelf
) -> None:
    for number in (5, 6, 7):
        version = learned(engine, archive, number)
        if number > 5:
            corrupt(archive, version)
    assert [step(engine, shelf) for _ in range(3)] == [5, 5, 5]
    assert alerts(engine) == [("CRITICAL", "artifact:counter@3"), ("CRITICAL", "artifact:counter@2")]


def test_where_no_version_can_be_loaded_rules_answer(engine: Engine, archive: Archive, shelf: Shelf) -> None:
    corrupt(archive, learned(engine, archive, 7))
    assert step(engine, shelf) is None
    assert alerts(engine) == [("CRITICAL", "artifact:counter@1")]


def test_an_artifact_that_is_restored_serves_again(engine: Engine, archive: Archive, shelf: Shelf) -> None:
    version = learned(engine, archive, 7)
    corrupt(archive, version)
    assert step(engine, shelf) is None
    corrupt(archive, version)
    assert step(engine, shelf) == 7


def test_a_failure_is_not_tried_again_at_once(engine: Engine, archive: Archive) -> None:
    patient = Shelf(archive, retry_seconds=600.0)
    version = learned(engine, archive, 7)
    corrupt(archive, version)
    assert step(engine, patient) is None
    corrupt(archive, version)
    assert step(engine, patient) is None


def test_a_model_in_memory_serves_on_when_its_file_goes_bad(engine: Engine, archive: Archive, shelf: Shelf) -> None:
    version = learned(engine, archive, 7)
    assert step(engine, shelf) == 7
    corrupt(archive, version)
    assert step(engine, shelf) == 7
    assert alerts(engine) == []


@pytest.mark.parametrize("trainer", [TallerTrainer(), WiderTrainer()], ids=["other files", "other features"])
def test_a_model_of_another_release_does_not_answer(
    engine: Engine, archive: Archive, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, trainer: StepTrainer
) -> None:
    learned(engine, archive, 7)
    monkeypatch.setitem(catalog.BY_NAME, "counter", Other(trainer))
    assert step(engine, shelf) is None
    assert alerts(engine) == [("CRITICAL", "artifact:counter@1")]


def test_an_archive_out_of_reach_leaves_the_rules_answering(engine: Engine, archive: Archive, tmp_path: Path) -> None:
    learned(engine, archive, 7)
    nowhere = Shelf(Archive(url="nowhere://bucket", keys=archive.keys))
    assert step(engine, nowhere) is None
    assert alerts(engine) == [("CRITICAL", "artifact:counter@1")]


def test_threads_share_what_one_of_them_loads(engine: Engine, archive: Archive, shelf: Shelf) -> None:
    learned(engine, archive, 7)
    together = Barrier(4)

    def ask(_: int) -> object:
        together.wait()
        with transaction(engine) as session:
            return shelf.serving(session, ["counter"]).champions["counter"].model

    with ThreadPoolExecutor(4) as threads:
        assert len({id(model) for model in threads.map(ask, range(4))}) == 1


def test_a_challenger_answers_its_share_while_the_experiment_runs_and_its_champion_is_in_place(
    engine: Engine, archive: Archive, shelf: Shelf
) -> None:
    learned(engine, archive, 7)
    learned(engine, archive, 8, in_place=False)
    users = [uuid4() for _ in range(200)]

    def drawn() -> int:
        with transaction(engine) as session:
            serving = shelf.serving(session, ["counter"])
        hands = [serving.hand(serving.drawn(user))["counter"].version.version for user in users]
        return hands.count(2)

    assert drawn() == 0
    with transaction(engine) as session:
        start_experiment(session, champion=1, challenger=2, share=0.3)
    assert 30 < drawn() < 90
    learned(engine, archive, 9)
    assert drawn() == 0


def test_what_is_in_place_is_inspected_and_a_change_is_told(engine: Engine, archive: Archive) -> None:
    inspector = Inspector(archive, every_seconds=0.0)
    learned(engine, archive, 7)
    version = learned(engine, archive, 8)
    assert inspector.inspect(engine) == []
    corrupt(archive, version)
    assert [one.version for one in inspector.inspect(engine)] == [2]
    inspector.inspect(engine)
    assert alerts(engine) == [("CRITICAL", "artifact:counter@2")]
    corrupt(archive, version)
    assert inspector.inspect(engine) == []


def open_causes(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return [alert.cause for alert in open_alerts(session)]


def test_an_alert_about_an_artifact_is_over_once_it_is_restored(engine: Engine, archive: Archive) -> None:
    inspector = Inspector(archive, every_seconds=0.0)
    version = learned(engine, archive, 7)
    for _ in range(2):
        corrupt(archive, version)
        inspector.inspect(engine)
        assert open_causes(engine) == ["artifact:counter@1"]
        corrupt(archive, version)
        inspector.inspect(engine)
        assert open_causes(engine) == []
    assert len(alerts(engine)) == 2


def test_alerts_about_artifacts_are_over_once_a_sound_version_or_the_rules_answer(
    engine: Engine, archive: Archive, shelf: Shelf
) -> None:
    inspector = Inspector(archive, every_seconds=0.0)
    for number in (6, 7, 8):
        version = learned(engine, archive, number)
        if number > 6:
            corrupt(archive, version)
    assert step(engine, shelf) == 6
    inspector.inspect(engine)
    assert open_causes(engine) == ["artifact:counter@2", "artifact:counter@3"]
    with transaction(engine) as session:
        registry.rollback(session, "counter", actor="ann", reason="by hand")
    inspector.inspect(engine)
    assert open_causes(engine) == ["artifact:counter@2", "artifact:counter@3"]
    with transaction(engine) as session:
        registry.serve_rules(session, "counter", actor="ann", reason="by hand")
    inspector.inspect(engine)
    assert open_causes(engine) == []


def test_what_was_mended_while_nobody_looked_is_over_at_the_first_look(engine: Engine, archive: Archive) -> None:
    version = learned(engine, archive, 7)
    corrupt(archive, version)
    Inspector(archive).inspect(engine)
    corrupt(archive, version)
    Inspector(archive).inspect(engine)
    assert open_causes(engine) == []


def test_what_only_another_process_cannot_read_is_told_once_and_stays(engine: Engine, archive: Archive) -> None:
    inspector = Inspector(archive, every_seconds=0.0)
    learned(engine, archive, 7)
    inspector.inspect(engine)
    nowhere = Shelf(Archive(url="nowhere://bucket", keys=archive.keys), retry_seconds=0.0)
    for _ in range(3):
        assert step(engine, nowhere) is None
        inspector.inspect(engine)
    assert alerts(engine) == [("CRITICAL", "artifact:counter@1")]
    assert open_causes(engine) == ["artifact:counter@1"]


def test_an_alert_that_is_just_being_sent_is_over_at_the_next_look(
    engine: Engine, elsewhere: Engine, archive: Archive
) -> None:
    inspector = Inspector(archive, every_seconds=0.0)
    version = learned(engine, archive, 7)
    corrupt(archive, version)
    inspector.inspect(engine)
    corrupt(archive, version)
    with transaction(elsewhere) as session:
        take_due(session, "a place", clock(session))
        inspector.inspect(engine)
        assert open_causes(engine) == ["artifact:counter@1"]
    inspector.inspect(engine)
    assert open_causes(engine) == []


def test_the_inspection_sees_a_model_of_another_release(
    engine: Engine, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned(engine, archive, 7)
    monkeypatch.setitem(catalog.BY_NAME, "counter", Other(WiderTrainer()))
    assert len(Inspector(archive).inspect(engine)) == 1
    assert open_causes(engine) == ["artifact:counter@1"]


def test_an_inspection_that_is_asked_for_too_often_rests(engine: Engine, archive: Archive) -> None:
    inspector = Inspector(archive, every_seconds=600.0)
    corrupt(archive, learned(engine, archive, 7))
    assert len(inspector.inspect(engine)) == 1
    assert inspector.inspect(engine) == []
