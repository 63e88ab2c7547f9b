"""A thousand artifacts that were changed in every way we could think of: none is parsed, and every one is told."""

import pickle
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import dramatiq
import pytest
from sqlalchemy import Engine

from engine import catalog
from store.artifacts import Archive, Keyring, archive_of
from store.models import registry
from store.models.shelf import Shelf
from store.models.versions import Version
from store.session import transaction
from store.settings import Settings
from tests.store.artifact_samples import KEY, MANIFEST
from tests.store.learned import alerts, corrupt, learned
from tests.store.learner import Learner, Step, StepTrainer
from tests.waiting import pause, until
from workers.schedule import scheduling

pytestmark = pytest.mark.drill

MUTANTS = 1_000
QUIET_SECONDS = 7.0
TOLD_SECONDS = 10.0
FOREIGN = Archive(url="memory://foreign", keys=Keyring((b"f" * 32,)))

Mutation = Callable[[Path, Path, random.Random], object]
"""Changes the first folder; the second holds another version that is in order."""


class Noticed(Step):
    """Notes what it is asked to parse."""

    parsed: list[Mapping[str, bytes]] = []  # noqa: RUF012 - shared on purpose

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        cls.parsed.append(files)
        return cls(1)


class NoticedTrainer(StepTrainer):
    model = Noticed


class NoticedLearner(Learner):
    trainer = NoticedTrainer()


@pytest.fixture(autouse=True)
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, bytes]]:
    monkeypatch.setitem(catalog.BY_NAME, "counter", NoticedLearner())
    Noticed.parsed.clear()
    return Noticed.parsed


def a_file(folder: Path, drawn: random.Random) -> Path:
    return drawn.choice(sorted(folder.iterdir()))


def flip(folder: Path, _: Path, drawn: random.Random) -> None:
    file = a_file(folder, drawn)
    content = bytearray(file.read_bytes())
    content[drawn.randrange(len(content))] ^= 1 << drawn.randrange(8)
    file.write_bytes(content)


def truncate(folder: Path, _: Path, drawn: random.Random) -> None:
    file = a_file(folder, drawn)
    content = file.read_bytes()
    file.write_bytes(content[: drawn.randrange(len(content))])


def append(folder: Path, _: Path, drawn: random.Random) -> None:
    file = a_file(folder, drawn)
    file.write_bytes(file.read_bytes() + drawn.randbytes(drawn.randint(1, 100)))


def overwrite(folder: Path, _: Path, drawn: random.Random) -> None:
    file = a_file(folder, drawn)
    file.write_bytes(drawn.randbytes(len(file.read_bytes())))


def take_from_another_version(folder: Path, other: Path, drawn: random.Random) -> None:
    name = a_file(folder, drawn).name
    different = [file for file in other.iterdir() if file.name != "manifest.sig"]
    file = other / name if name != "manifest.sig" else drawn.choice(different)
    shutil.copy(file, folder / file.name)


def take_all_from_another_version(folder: Path, other: Path, _: random.Random) -> None:
    shutil.rmtree(folder)
    shutil.copytree(other, folder)


def remove(folder: Path, _: Path, drawn: random.Random) -> None:
    a_file(folder, drawn).unlink()


def rename(folder: Path, _: Path, drawn: random.Random) -> None:
    file = a_file(folder, drawn)
    file.rename(file.with_name(drawn.choice(["step.ubj", "step.pkl", "Step.json", "manifest.bak", "model.joblib"])))


def add_a_pickle(folder: Path, _: Path, drawn: random.Random) -> None:
    name = drawn.choice(["model.pkl", "extra.json", "trees.ubj", "array.npy", ".hidden", "__init__.py"])
    (folder / name).write_bytes(pickle.dumps(Step(1)))


def put_a_pickle_in(folder: Path, _: Path, drawn: random.Random) -> None:
    a_file(folder, drawn).write_bytes(pickle.dumps({"step": 1}))


def link(folder: Path, other: Path, drawn: random.Random) -> None:
    file = a_file(folder, drawn)
    file.unlink()
    file.symlink_to(drawn.choice([other / file.name, folder.parent, Path("/etc/hostname"), Path("/dev/zero")]))


def sign_with_a_foreign_key(folder: Path, _: Path, drawn: random.Random) -> None:
    step = {"step.json": Step(drawn.randrange(1000)).files()["step.json"]}
    with_key = Archive(url=str(folder.parent.parent), keys=FOREIGN.keys)
    with_key.write(f"counter/{folder.name}", step, MANIFEST)


def sign_nothing(folder: Path, _: Path, drawn: random.Random) -> None:
    (folder / "manifest.sig").write_bytes(drawn.choice([b"", bytes(64), drawn.randbytes(64)]))


MUTATIONS: list[Mutation] = [
    flip,
    truncate,
    append,
    overwrite,
    take_from_another_version,
    take_all_from_another_version,
    remove,
    rename,
    add_a_pickle,
    put_a_pickle_in,
    link,
    sign_with_a_foreign_key,
    sign_nothing,
]


def test_of_a_thousand_changed_artifacts_none_is_parsed(
    engine: Engine, archive: Archive, parsed: list[Mapping[str, bytes]]
) -> None:
    version, other = learned(engine, archive, 7), learned(engine, archive, 8, in_place=False)
    good, sound = Path(archive.url) / version.path, Path(archive.url) / other.path
    pristine = Path(shutil.copytree(good, Path(archive.url) / "pristine"))
    drawn = random.Random(11)
    for number in range(MUTANTS):
        shutil.rmtree(good)
        shutil.copytree(pristine, good)
        MUTATIONS[number % len(MUTATIONS)](good, sound, drawn)
        assert _served(engine, archive) is None, f"mutant {number}: {MUTATIONS[number % len(MUTATIONS)].__name__}"
    assert parsed == []
    assert alerts(engine) == [("CRITICAL", "artifact:counter@1")]
    shutil.rmtree(good)
    shutil.copytree(pristine, good)
    assert _served(engine, archive) is not None
    assert len(parsed) == 1


def test_a_file_that_goes_bad_is_told_within_ten_seconds(
    engine: Engine, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    settings = Settings(
        database_url=database_url, redis_url=redis_url, data_dir=tmp_path, encryption_keys=(KEY,), signing_keys=(KEY,)
    )
    archive = archive_of(settings)
    version, shelf = learned(engine, archive, 7), Shelf(archive)
    with transaction(engine) as session:
        assert shelf.serving(session, ["counter"]).champions
    with scheduling(settings, schedules=()):
        pause(QUIET_SECONDS)
        assert alerts(engine) == []
        corrupt(archive, version)
        until(lambda: alerts(engine), seconds=TOLD_SECONDS)
    assert alerts(engine) == [("CRITICAL", "artifact:counter@1")]
    with transaction(engine) as session:
        assert shelf.serving(session, ["counter"]).champions["counter"].version.version == 1
    dramatiq.set_broker(None)  # type: ignore[arg-type]


def _served(engine: Engine, archive: Archive) -> Version | None:
    """As a process that starts anew would answer."""
    with transaction(engine) as session:
        served = Shelf(archive).serving(session, ["counter"]).champions.get("counter")
        assert registry.champion(session, "counter") is not None
    return None if served is None else served.version
