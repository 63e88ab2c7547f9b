"""The child of a claim: a process group that is started, measured, killed, and read."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Literal

import psutil

from store.jobs.claims import Claim

KILL_SECONDS = 30.0  # freeing gigabytes takes its time on a busy machine
THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
"""Threads that wait for each other in a loop take many times as long where others use the processors too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended: DONE and FAILED are final, CRASHED is tried again, STOPPED was not its fault."""

    ended: Literal["DONE", "FAILED", "CRASHED", "STOPPED", "LOST"]
    code: str = "INTERNAL"
    message: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Group:
    """A child that leads a session of its own, the file that it reports to, and the most memory it was seen to use."""

    process: subprocess.Popen[bytes]
    report: IO[bytes]
    began: float = field(default_factory=time.monotonic)
    peak_bytes: int = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def ended(self) -> bool:
        return self.process.poll() is not None

    def resident_bytes(self) -> int:
        """Memory that is in use, not address space; what processes of the group share counts for each of them."""
        used = sum(_resident(pid) for pid in psutil.pids() if _group_of(pid) == self.process.pid)
        self.peak_bytes = max(self.peak_bytes, used)
        return used

    def outcome(self) -> Outcome:
        """What the child reported, once it has ended."""
        code = self.process.returncode
        if code < 0:
            return _crashed(signal.Signals(-code).name)
        self.report.seek(0)
        try:
            return Outcome(**json.load(self.report))
        except (ValueError, TypeError):
            return _crashed(f"exit code {code} and without a report")


@contextmanager
def started(command: Sequence[str], claim: Claim) -> Iterator[Group]:
    """The child at work. Its standard input ends with us; at the end of the block nothing of the group is left."""
    with tempfile.TemporaryFile() as report:
        process = subprocess.Popen(
            [*command, str(claim.job_id), str(claim.fence)],
            stdin=subprocess.PIPE,
            stdout=report,
            start_new_session=True,
            env=THREADS | os.environ,
        )
        try:
            yield Group(process=process, report=report)
        finally:
            _kill(process)


def _crashed(end: str) -> Outcome:
    return Outcome(ended="CRASHED", code="CRASHED", message=f"The process of the work ended with {end}.")


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        pass
    process.wait(KILL_SECONDS)
    if process.stdin:
        process.stdin.close()


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
