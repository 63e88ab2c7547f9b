"""Which PostgreSQL and Redis a command ends up with."""

import json
import os
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from server.embedded import services
from server.embedded.attach import environment
from server.errors import Busy, ServerError, Unreachable
from server.running import RUN_FILE, Running, find_running, owned, published
from store.settings import Settings

NOBODY = "postgresql://postgres@127.0.0.1:1/finrec"


@pytest.fixture
def running(postgres_url: str, redis_url: str) -> Running:
    return Running(url=None, database_url=postgres_url, redis_url=redis_url, cache_url=None, pids={})


def test_what_is_configured_is_used(data_dir: Path, postgres_url: str, redis_url: str) -> None:
    with services(Settings(data_dir=data_dir, database_url=postgres_url, redis_url=redis_url)) as settings:
        assert (settings.database_url, settings.redis_url) == (postgres_url, redis_url)
    assert list(data_dir.iterdir()) == []


def test_what_is_not_configured_is_started_and_stopped(data_dir: Path) -> None:
    with services(Settings(data_dir=data_dir)) as settings:
        assert settings.database_url
        assert settings.cache_url is None
        with psycopg.connect(settings.database_url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        with Redis.from_url(str(settings.redis_url)) as client:
            assert client.ping()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(settings.database_url)


def test_a_configured_database_gets_an_embedded_redis(data_dir: Path, postgres_url: str) -> None:
    with services(Settings(data_dir=data_dir, database_url=postgres_url)) as settings:
        assert settings.database_url == postgres_url
        assert str(settings.redis_url).startswith("unix://")
    assert not (data_dir / "postgres").exists()


def test_a_running_finrec_is_found_through_the_data_folder(data_dir: Path, running: Running) -> None:
    with published(running, data_dir), services(Settings(data_dir=data_dir)) as settings:
        assert (settings.database_url, settings.redis_url) == (running.database_url, running.redis_url)
        assert (data_dir / RUN_FILE).stat().st_mode & 0o077 == 0
    assert not (data_dir / RUN_FILE).exists()


def test_services_that_last_are_shared(data_dir: Path) -> None:
    with services(Settings(data_dir=data_dir), lasting=True) as ours, services(Settings(data_dir=data_dir)) as found:
        assert (found.database_url, found.redis_url) == (ours.database_url, ours.redis_url)


def test_a_run_file_that_a_killed_finrec_left_names_nobody(data_dir: Path, running: Running) -> None:
    with published(running, data_dir):
        left = json.loads((data_dir / RUN_FILE).read_text())
        assert find_running(data_dir) == running
        (data_dir / RUN_FILE).write_text(json.dumps(left | {"started": running.started - 1}))
        assert find_running(data_dir) is None
        (data_dir / RUN_FILE).write_text("{")
        assert find_running(data_dir) is None


def test_a_data_folder_has_one_owner(data_dir: Path) -> None:
    with owned(data_dir), pytest.raises(Busy, match="works on"), owned(data_dir):
        pass
    with owned(data_dir):
        assert (data_dir / "lock").read_text().isdigit()


@pytest.mark.parametrize(
    ("urls", "sentence"),
    [
        ({"database_url": NOBODY}, "DATABASE_URL cannot be reached: .*Connection refused"),
        ({"redis_url": "redis://127.0.0.1:1"}, "REDIS_URL cannot be reached: .*Connection refused"),
        ({"redis_url": "nonsense"}, "REDIS_URL cannot be reached: Redis URL must specify"),
    ],
)
def test_an_unreachable_server_is_said_in_one_sentence(data_dir: Path, urls: dict[str, str], sentence: str) -> None:
    with (
        pytest.raises(Unreachable, match=sentence) as caught,
        services(Settings.model_validate({"data_dir": data_dir} | urls)),
    ):
        pass
    assert "\n" not in str(caught.value)


def test_a_data_folder_that_cannot_be_written_is_named(data_dir: Path) -> None:
    (data_dir / "file").touch()
    with (
        pytest.raises(ServerError, match=r"data folder .*/file cannot be written"),
        services(Settings(data_dir=data_dir / "file")),
    ):
        pass


def test_children_are_told_where_everything_is(data_dir: Path) -> None:
    told = environment(Settings(data_dir=data_dir, database_url="postgresql://a", redis_url="redis://b"))
    assert told["DATABASE_URL"] == "postgresql://a"
    assert told["FINREC_DATA_DIR"] == str(data_dir)
    assert "FINREC_CACHE_URL" not in told


def test_a_command_says_for_whom_it_waits(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("server.embedded.attach.WAIT_SECONDS", 0.0)
    with owned(data_dir), pytest.raises(Busy), services(Settings(data_dir=data_dir)):
        pass
    assert capsys.readouterr().err == f"finrec: Waiting for process {os.getpid()}, which works on {data_dir} ...\n"
