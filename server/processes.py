"""Child processes that end when they are told to, and when their parent dies."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

import psutil

PR_SET_PDEATHSIG = 1  # linux/prctl.h
KILL_SECONDS = 5.0


def start(
    command: Sequence[str],
    *,
    log: Path | None = None,
    user: int | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    ends_with_parent: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
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
            preexec_fn=_tether(ends_with_parent),  # noqa: PLW1509 - one system call, no lock is taken
            **identity(user),
        )
    finally:
        if output is not None:
            os.close(output)


def stop(process: subprocess.Popen[bytes], first: signal.Signals = signal.SIGTERM, seconds: float = 20.0) -> None:
    """Ask, wait, then kill the whole group."""
    if process.poll() is None:
        process.send_signal(first)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to whatever of the child's session is left."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        pass
    process.wait(KILL_SECONDS)


def stop_strangers(processes: Sequence[psutil.Process], first: signal.Signals, seconds: float) -> None:
    """The same for processes that are not our children: a killed parent left them."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(first)
    for process in psutil.wait_procs(processes, timeout=seconds)[1]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


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


def _tether(signum: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tether() -> None:
        prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return tether
