"""Child processes that end when they are told to, and when their parent dies."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import TypedDict

import psutil

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_SECONDS = 15.0
KILL_SECONDS = 5.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Child = subprocess.Popen[bytes]


def start(
    command: Sequence[str],
    *,
    log: Path | None = None,
    user: int | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    ends_with_parent: signal.Signals = signal.SIGTERM,
) -> Child:
    """A child in a session of its own, so that Ctrl-C reaches only us and we choose the order of the end."""
    output = None if log is None else os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_tether(ends_with_parent, os.getpid()),  # noqa: PLW1509 - one system call, no lock is taken
            **identity(user),
        )
    finally:
        if output is not None:
            os.close(output)


def stop(*processes: Child, first: signal.Signals = signal.SIGTERM, seconds: float = STOP_SECONDS) -> None:
    """Ask all of them, wait, then kill what is left of them and of what they started."""
    descendants = [each for process in processes for each in _descendants(process)]
    for process in processes:
        process.send_signal(first)  # does nothing where it has ended
    deadline = time.monotonic() + seconds
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        process.kill()
        process.wait(KILL_SECONDS)
    for each in descendants:
        with suppress(psutil.NoSuchProcess):
            each.kill()


def _descendants(process: Child) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def stop_strangers(processes: Sequence[psutil.Process], first: signal.Signals, seconds: float) -> None:
    """The same for processes that are not our children: a killed parent left them."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(first)
    for process in psutil.wait_procs(processes, timeout=seconds)[1]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


class Stopped(KeyboardInterrupt):
    """We were asked to end; no error, so it passes every handler of errors.

    By this base psycopg knows that it must end the statement: else the connection is left in the middle of it.
    """


@contextmanager
def until_stopped() -> Iterator[None]:
    """The block until its end, or until the first Ctrl-C or SIGTERM; later ones do not disturb the cleaning up."""

    def handle(*_: object) -> None:
        for each in STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    with suppress(Stopped), _handled_by(handle):
        yield


@contextmanager
def stops_held() -> Iterator[Callable[[float], None]]:
    """Holds Ctrl-C and SIGTERM back until the block is left, so that nothing in it is torn.

    The function that it yields waits so many seconds, and leaves the block with `Stopped` where one came.
    """
    held: SimpleQueue[int] = SimpleQueue()  # safe in a signal handler, as an Event is not

    def wait(seconds: float) -> None:
        with suppress(Empty):
            held.put(held.get(timeout=seconds))
            raise Stopped

    try:
        with _handled_by(lambda signum, _: held.put(signum)):
            yield wait
    finally:
        if not held.empty():
            signal.raise_signal(held.get())


@contextmanager
def _handled_by(handle: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    heard = [each for each in STOPPING if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN]  # nohup
    before = {each: signal.signal(each, handle) for each in heard}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def end_with_parent() -> None:
    """We too are told to end when our own parent dies (on Linux)."""
    if tether := _tether(signal.SIGTERM, os.getppid()):
        tether()


class Identity(TypedDict):
    """The arguments of subprocess that say whom a child runs as."""

    user: int | None
    group: int | None
    extra_groups: tuple[int, ...] | None


def identity(user: int | None) -> Identity:
    """That user with its own group and no other; None, or our own number, is ourselves."""
    if user is None or user == os.geteuid():
        return Identity(user=None, group=None, extra_groups=None)
    return Identity(user=user, group=pwd.getpwuid(user).pw_gid, extra_groups=())


def _tether(signum: signal.Signals, parent: int) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tether() -> None:
        prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if os.getppid() != parent:  # it died before the call
            os.kill(os.getpid(), signum)

    return tether
