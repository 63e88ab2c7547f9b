"""What the embedded servers have in common."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A server that runs: what it is called, where it answers, its process."""

    name: str
    url: str
    process: subprocess.Popen[bytes]


def log_file(data: Path, name: str) -> Path:
    """Where a process of this data folder writes what it has to say."""
    folder = data / "logs"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.log"


def log_tail(log: Path) -> str:
    """The last line of a log, for a sentence about why a server ended."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return f"{lines[-1]} (see {log})" if lines else f"its log {log} is empty"
