"""An artifact is read as it was written, or not at all."""

import pickle
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
from fsspec import AbstractFileSystem

from store.artifacts import Archive, Keyring, archive_of
from store.errors import CorruptArtifact, Misconfigured, Unavailable
from store.settings import Settings
from tests.store.artifact_samples import FILES, KEY, MANIFEST, OTHER_KEY, PATH, archive_in


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return archive_in(tmp_path)


def test_what_was_written_is_read(archive: Archive) -> None:
    artifact = archive.read(PATH, archive.write(PATH, FILES, MANIFEST))
    assert artifact.files == FILES
    assert artifact.manifest["features"] == ["income"]
    assert artifact.manifest["files"]["trees.ubj"]["bytes"] == len(FILES["trees.ubj"])


def test_the_same_model_has_the_same_checksum_wherever_it_is_written(archive: Archive) -> None:
    backwards = dict(reversed(list(FILES.items())))
    again = archive.write("counter/018f-2", backwards, dict(reversed(list(MANIFEST.items()))))
    assert archive.write(PATH, FILES, MANIFEST) == again
    assert archive.write(PATH, FILES, {**MANIFEST, "seed": 2}) != again


def test_artifacts_are_kept_behind_any_url() -> None:
    archive = Archive(url="memory://bucket/finrec", keys=Keyring((KEY,)))
    assert archive.read(PATH, archive.write(PATH, FILES, MANIFEST)).files == FILES


def test_artifacts_are_listed_and_removed(archive: Archive) -> None:
    assert archive.paths() == []
    archive.write(PATH, FILES, MANIFEST)
    archive.write("counter/018f-2", FILES, MANIFEST)
    archive.remove(PATH)
    assert archive.paths() == ["counter/018f-2"]


def test_a_new_key_signs_and_the_old_one_still_verifies(tmp_path: Path) -> None:
    old = archive_in(tmp_path, KEY).write(PATH, FILES, MANIFEST)
    both = archive_in(tmp_path, OTHER_KEY, KEY)
    assert both.read(PATH, old).files == FILES
    new = both.write("counter/018f-2", FILES, MANIFEST)
    assert archive_in(tmp_path, OTHER_KEY).read("counter/018f-2", new).files == FILES
    with pytest.raises(CorruptArtifact, match="FINREC_SIGNING_KEYS"):
        archive_in(tmp_path, OTHER_KEY).read(PATH, old)


def _flip(folder: Path) -> None:
    content = bytearray((folder / "trees.ubj").read_bytes())
    content[100] ^= 1
    (folder / "trees.ubj").write_bytes(content)


def _link(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere.json"
    (folder / "weights.json").rename(elsewhere)
    (folder / "weights.json").symlink_to(elsewhere)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_flip, "trees.ubj has been changed"),
        (_link, "'weights.json' is not a plain file"),
        (lambda folder: (folder / "trees.ubj").write_bytes(b"{"), "'trees.ubj' is missing, unexpected or of another"),
        (lambda folder: (folder / "trees.ubj").unlink(), "'trees.ubj' is missing"),
        (lambda folder: (folder / "more.json").write_bytes(b"{}"), "'more.json' is missing, unexpected"),
        (lambda folder: (folder / "model.pkl").write_bytes(pickle.dumps(1)), "'model.pkl' is missing, unexpected"),
        (lambda folder: (folder / "inner").mkdir(), "'inner' is not a plain file"),
        (lambda folder: (folder / "manifest.sig").unlink(), "a file of it is missing"),
        (lambda folder: (folder / "manifest.sig").write_bytes(bytes(64)), "signature"),
        (lambda folder: (folder / "manifest.sig").write_bytes(bytes(65)), "larger than 64 bytes"),
        (lambda folder: (folder / "manifest.json").write_bytes(b"{}"), "signature"),
        (lambda folder: folder.rename(folder.parent / "gone"), "a file of it is missing"),
    ],
)
def test_what_was_changed_is_not_read(
    archive: Archive, tmp_path: Path, change: Callable[[Path], object], reason: str
) -> None:
    checksum = archive.write(PATH, FILES, MANIFEST)
    change(tmp_path / PATH)
    with pytest.raises(CorruptArtifact, match=reason):
        archive.read(PATH, checksum)


def test_another_version_in_its_place_is_not_read(archive: Archive, tmp_path: Path) -> None:
    checksum = archive.write(PATH, FILES, MANIFEST)
    archive.write("counter/018f-2", FILES, {**MANIFEST, "seed": 2})
    (tmp_path / PATH).rename(tmp_path / "aside")
    (tmp_path / "counter/018f-2").rename(tmp_path / PATH)
    with pytest.raises(CorruptArtifact, match="not the one of this version"):
        archive.read(PATH, checksum)


def test_a_model_of_another_category_is_not_read(archive: Archive, tmp_path: Path) -> None:
    checksum = archive.write("peers/018f-1", FILES, MANIFEST)
    with pytest.raises(CorruptArtifact, match="a model of counter, not of peers"):
        archive.read("peers/018f-1", checksum)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.pkl", pickle.dumps({})),
        ("model.json", pickle.dumps({})),
        ("array.npy", pickle.dumps({})),
        ("../outside.json", b"{}"),
        ("inner/model.json", b"{}"),
        ("manifest.json", b"{}"),
        ("model.joblib", b"{}"),
    ],
)
def test_what_could_hold_code_or_leave_its_folder_is_not_written(
    archive: Archive, tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(CorruptArtifact):
        archive.write(PATH, {name: content}, MANIFEST)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", ["../counter/1", "counter/../../etc", "/etc/passwd", "counter", "counter/1/2", "C/1"])
def test_a_path_stays_in_the_archive(archive: Archive, path: str) -> None:
    with pytest.raises(CorruptArtifact, match="no path of an artifact"):
        archive.read(path, "0" * 64)


def test_an_archive_that_cannot_be_used_or_reached_is_told_apart_from_a_corrupt_artifact(tmp_path: Path) -> None:
    keys = Keyring((KEY,))
    with pytest.raises(Misconfigured, match="FINREC_ARTIFACTS_URL"):
        Archive(url="nowhere://bucket", keys=keys).read(PATH, "0" * 64)
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="FINREC_ARTIFACTS_URL"):
        archive_in(tmp_path / "file").write(PATH, FILES, MANIFEST)


class Lost(AbstractFileSystem):  # type: ignore[misc]
    """A bucket whose client fails in a way of its own."""

    protocol = "lost"

    def ls(self, path: str, detail: bool = True, **options: object) -> list[object]:
        raise RuntimeError("no credentials")


def test_whatever_a_file_system_raises_means_that_it_cannot_be_reached() -> None:
    fsspec.register_implementation("lost", Lost, clobber=True)
    with pytest.raises(Unavailable, match="RuntimeError: no credentials"):
        Archive(url="lost://bucket", keys=Keyring((KEY,))).read(PATH, "0" * 64)


def test_artifacts_are_kept_in_the_data_folder_unless_a_url_is_set(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, signing_keys=(KEY,))
    archive_of(settings).write(PATH, FILES, MANIFEST)
    assert (tmp_path / "artifacts" / PATH / "manifest.sig").is_file()
    elsewhere = Settings(data_dir=tmp_path, signing_keys=(KEY,), artifacts_url=str(tmp_path / "other"))
    assert archive_of(elsewhere).url == str(tmp_path / "other")
