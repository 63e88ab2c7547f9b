"""What the processes of a data folder have in common."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

LOG_BYTES = 10 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A process that serves: what it is called, where it answers, where it says what goes wrong."""

    name: str
    process: subprocess.Popen[bytes]
    url: str = ""
    log: Path | None = None


def log_file(data: Path, name: str) -> Path:
    """Where a process of this data folder writes what it has to say."""
    path = data / "logs" / f"{name}.log"
    path.parent.mkdir(exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.rename(path.with_suffix(".old.log"))
    return path


def log_tail(log: Path) -> str:
    """The last line of a log, for a sentence about why a server ended."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return f"{lines[-1]} (see {log})" if lines else f"its log {log} is empty"
