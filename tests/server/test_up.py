"""`finrec up`, really run: started, used, stopped, crashed and killed."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from server.children import check
from server.embedded import Service
from server.errors import Busy, Ended, ServerError, Unreachable
from server.processes import start
from server.running import find_running, owned
from server.up import Plan, up
from server.up.welcome import welcome
from store.settings import Settings
from tests.waiting import has_ended, until

ROOT = Path(__file__).parents[2]
END_SECONDS = 120
STAGES = (
    "PostgreSQL and Redis",
    "compiled solvers",
    "migrations",
    "demo population of 20",
    "API, worker and scheduler",
)
KEY_ERROR = ": the process crashes: KeyError: 7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A `finrec up` that is ready."""

    process: subprocess.Popen[str]
    data: Path
    url: str
    environment: dict[str, str]

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def pid(self, name: str) -> int:
        running = find_running(self.data)
        assert running
        return running.pids[name]

    def users(self) -> list[str]:
        """Their ids, by the command line, which finds us through the data folder."""
        command = [sys.executable, "-m", "server", "users"]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.split()


@contextmanager
def served(data: Path) -> Iterator[Served]:
    """`finrec up` on a free port."""
    environment = os.environ | {"FINREC_DATA_DIR": str(data), "OMP_NUM_THREADS": "1"}
    with free_port() as port:
        command = [sys.executable, "-m", "server", "up", "--users", "20", "--port", str(port)]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout
                line = process.stdout.readline().split()
                assert line[:1] == ["ready"], process.communicate()[1]
                yield Served(process=process, data=data, url=line[1], environment=environment)
            finally:
                process.kill()


@contextmanager
def free_port() -> Iterator[int]:
    """A port that nobody is given who asks for any, while who asks for this one may listen on it."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def all_ended(family: list[psutil.Process]) -> bool:
    return all(has_ended(process) for process in family)


def test_everything_is_served_until_ctrl_c_and_nothing_is_left(module_data_dir: Path) -> None:
    is_first = not any(module_data_dir.iterdir())
    with served(module_data_dir) as running:
        assert httpx.get(f"{running.url}/health/ready", timeout=END_SECONDS).status_code == 200
        assert len(running.users()) == 20
        family = running.family()
        running.process.send_signal(signal.SIGINT)
        said = running.process.communicate(timeout=END_SECONDS)[1]
        assert running.process.returncode == 0
    begun = [line.strip() for line in said.splitlines() if line.endswith(" ...")]
    assert begun[: len(STAGES)] == [f"{stage} ..." for stage in STAGES] or not is_first
    assert len(family) > 6
    until(lambda: all_ended(family))
    assert not (module_data_dir / "run.json").exists()


def test_a_second_start_keeps_the_data_and_nothing_outlives_a_kill(module_data_dir: Path) -> None:
    with served(module_data_dir) as running:
        assert len(running.users()) == 20
        family = running.family()
        running.process.kill()
        running.process.wait()
    until(lambda: all_ended(family))


def test_it_starts_after_a_kill_and_a_crashed_child_ends_everything(module_data_dir: Path) -> None:
    with served(module_data_dir) as running:
        family = running.family()
        os.kill(running.pid("worker"), signal.SIGKILL)
        said = running.process.communicate(timeout=END_SECONDS)[1]
        assert running.process.returncode == 1
    assert "finrec: The worker process ended with signal 9: somebody killed it" in said.splitlines()[-1]
    until(lambda: all_ended(family))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no such table", ": no such table"),
        ("7", ": 7"),
        ('{"event": "the process crashes", "level": "critical", "exception": "Traceback\\nKeyError: 7"}', KEY_ERROR),
        (
            "2026-11-23 15:21:56 UTC [7] FATAL:  no room\n2026-11-23 15:21:57 UTC [7] LOG:  shut down",
            ".*FATAL:  no room",
        ),
        ("7:M 23 Nov 2026 15:21:56.266 # Redis is now ready to exit, bye bye...", ""),
    ],
)
def test_a_process_that_ended_is_named_with_the_last_error_of_its_own(said: str, told: str, tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    log.write_text("an error of the run before\n")
    begins = log.stat().st_size
    slot = '{"event": "slot taken", "level": "info"}'
    process = start([sys.executable, "-c", f"import sys; print({said!r}); print({slot!r}); sys.exit(1)"], log=log)
    process.wait()
    with pytest.raises(Ended, match=rf"The api process ended with exit code 1{told} \(see .*api\.log\)"):
        check([Service(name="api", process=process, log=log, log_begins=begins)])


def test_a_second_finrec_on_the_same_folder_is_refused(module_data_dir: Path) -> None:
    with free_port() as port, owned(module_data_dir), pytest.raises(Busy, match=f"Process {os.getpid()} works on"):
        up(Settings(data_dir=module_data_dir), Plan(port=port, users=0))


def test_a_taken_port_is_refused_before_anything_starts(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServerError, match=r"Port \d+ cannot be used \(Address already in use\)"):
            up(Settings(data_dir=data_dir), Plan(port=taken.getsockname()[1], users=0))
    assert list(data_dir.iterdir()) == []


def test_an_unreachable_database_is_refused_before_anything_starts(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, database_url="postgresql://postgres@127.0.0.1:1/finrec")
    with free_port() as port, pytest.raises(Unreachable, match="DATABASE_URL cannot be reached"):
        up(settings, Plan(port=port, users=0))
    assert not (data_dir / "logs").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_data_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with free_port() as port, pytest.raises(ServerError, match=r"cannot be written \(Permission denied\)"):
        up(Settings(data_dir=tmp_path), Plan(port=port, users=0))


def test_the_welcome_tells_how_to_get_in(tmp_path: Path) -> None:
    text = welcome("http://127.0.0.1:1", Settings(data_dir=tmp_path / "my data"), "abc")
    first, *rest = text.splitlines()
    body = json.loads(text.split("-d '")[1].split("'")[0])
    assert first == "ready http://127.0.0.1:1"
    assert f"FINREC_DATA_DIR='{tmp_path}/my data'" in text
    assert any("token --user abc" in line for line in rest)
    assert body["query"].startswith("{ viewer {")
