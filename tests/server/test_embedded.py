"""The embedded servers, really started, killed and started again."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
import pytest
from redis import Redis

from server.embedded import postgres_server, redis_server
from server.embedded.folders import copy_once, private, socket_folder
from server.embedded.postgres import service_user
from server.errors import ServerError
from tests.waiting import DEADLINE_SECONDS, has_ended, until


def sockets_of(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def test_postgres_has_vectors_utf8_and_checksums(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("create extension vector")
        row = connection.execute(
            "select '[1,2]'::vector <-> '[4,6]', upper('é'), current_setting('data_checksums'), uuidv7() is not null"
        ).fetchone()
        connection.rollback()
    assert row == (5.0, "É", "on", True)


def test_postgres_keeps_its_data_from_one_start_to_the_next(data_dir: Path) -> None:
    with postgres_server(data_dir, durable=False) as first, psycopg.connect(first.url) as connection:
        connection.execute("create table kept (n int)")
    with postgres_server(data_dir, durable=False) as second, psycopg.connect(second.url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)
        assert second.url == first.url


def test_postgres_listens_on_a_private_socket_alone(data_dir: Path) -> None:
    with postgres_server(data_dir, durable=False) as service:
        folder = sockets_of(service.url).stat()
        process = psutil.Process(service.process.pid)
        assert stat.S_IMODE(folder.st_mode) == 0o700
        assert folder.st_uid == process.uids().real == service_user()
        assert process.uids().real != 0
        assert {connection.family.name for connection in process.net_connections("all")} == {"AF_UNIX"}
    assert not process.is_running()


def test_postgres_recovers_from_kill_9(data_dir: Path) -> None:
    with postgres_server(data_dir) as killed:
        with psycopg.connect(killed.url) as connection:
            connection.execute("create table kept (n int)")
        killed.process.kill()
        killed.process.wait()
        lock = data_dir / "postgres" / "postmaster.pid"
        lock.write_text(lock.read_text().replace(str(killed.process.pid), str(os.getpid()), 1))
    with postgres_server(data_dir, durable=False) as again, psycopg.connect(again.url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_postgres_takes_over_from_a_server_that_was_left_behind(data_dir: Path) -> None:
    with postgres_server(data_dir, durable=False) as left, postgres_server(data_dir, durable=False) as service:
        assert left.process.wait(DEADLINE_SECONDS) == 0
        with psycopg.connect(service.url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_postgres_that_cannot_start_says_why(data_dir: Path) -> None:
    with postgres_server(data_dir, durable=False):
        pass
    (data_dir / "postgres" / "postgresql.conf").write_text("no_such_parameter = 1\n")
    with pytest.raises(ServerError, match=r"did not start.*postgres\.log"), postgres_server(data_dir):
        pass


def test_servers_end_with_the_process_that_started_them(data_dir: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from server.embedded import postgres_server, redis_server\n"
        "data_dir = Path(sys.argv[1])\n"
        "with postgres_server(data_dir, durable=False) as pg, redis_server(data_dir) as queue:\n"
        "    print(pg.process.pid, queue.process.pid, flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        children = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
        until(lambda: all(has_ended(child) for child in children))
    assert len(children) == 2
    with (
        postgres_server(data_dir, durable=False) as again,
        redis_server(data_dir),
        psycopg.connect(again.url) as connection,
    ):
        assert connection.execute("select 1").fetchone() == (1,)


def test_redis_has_no_port_and_evicts_nothing(redis_url: str) -> None:
    with Redis.from_url(redis_url, decode_responses=True) as client:
        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "no"}


def test_redis_recovers_from_kill_9_and_from_one_left_behind(data_dir: Path) -> None:
    with redis_server(data_dir) as left, redis_server(data_dir) as killed:
        assert left.process.wait(DEADLINE_SECONDS) is not None
        killed.process.kill()
        killed.process.wait()
        with redis_server(data_dir) as service, Redis.from_url(service.url) as client:
            assert client.ping()


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = private(tmp_path / "ours", os.geteuid())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(ServerError, match="belongs to somebody else"):
        private(tmp_path / "link", os.geteuid())


def test_a_socket_path_is_short_however_long_the_folders_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    folder = socket_folder(long, os.geteuid())
    folder.rmdir()
    assert len(str(folder)) < 60


def test_binaries_are_copied_completely_or_not_at_all(tmp_path: Path) -> None:
    source, target = tmp_path / "from", tmp_path / "to" / "here"
    source.mkdir()
    (source / "postgres").write_text("binary")
    assert (copy_once(source, target) / "postgres").read_text() == "binary"
    assert copy_once(source, target) == target
    assert [path.name for path in target.parent.iterdir()] == ["here"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run PostgreSQL as somebody else")
def test_as_root_an_unreachable_folder_keeps_its_permissions_and_its_data(data_dir: Path) -> None:
    closed = data_dir / "closed" / "data"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    with postgres_server(closed, durable=False) as service, psycopg.connect(service.url) as connection:
        connection.execute("create table kept (n int)")
    elsewhere = Path((closed / "postgres.path").read_text().strip())
    try:
        assert elsewhere.parent.name.startswith("finrec-")
        assert stat.S_IMODE(closed.parent.stat().st_mode) == 0o700
        with postgres_server(closed, durable=False) as service, psycopg.connect(service.url) as connection:
            assert connection.execute("select count(*) from kept").fetchone() == (0,)
    finally:
        remove(elsewhere.parent)


def remove(folder: Path) -> None:
    subprocess.run(["rm", "-rf", str(folder)], check=True)
