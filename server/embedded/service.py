"""What the processes of a data folder have in common."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

LOG_BYTES = 10 * 2**20
HARMLESS = re.compile(
    r'"level": "(debug|info|warning)"'  # the workers, and the API in production
    r"|\[(debug|info|warning) *\]"  # the API in development
    r"|\] (LOG|DETAIL|HINT|STATEMENT): "  # PostgreSQL
    r"|^\d+:\w .{20,30} [.*#-] "  # Redis
)
"""Lines of a log that tell of no error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A process that serves: what it is called, where it answers, where it says what goes wrong."""

    name: str
    process: subprocess.Popen[bytes]
    url: str = ""
    log: Path | None = None
    log_begins: int = 0
    """Bytes that the log held before this process."""


def log_file(data: Path, name: str) -> Path:
    """Where a process of this data folder writes what it has to say."""
    path = data / "logs" / f"{name}.log"
    path.parent.mkdir(exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.rename(path.with_suffix(".old.log"))
    return path


def size_of(log: Path) -> int:
    """How much of a log is there already."""
    return log.stat().st_size if log.exists() else 0


def last_error(service: Service) -> str | None:
    """The last line of its own log in which a process told of an error, in words; None where it told of none."""
    if service.log is None or not service.log.exists():
        return None
    with service.log.open(errors="replace") as log:
        log.seek(service.log_begins)
        errors = [line.strip() for line in log if line.strip() and not HARMLESS.search(line)]
    return _in_words(errors[-1]) if errors else None


def log_tail(log: Path) -> str:
    """The last line of a log, for a sentence about why a server ended."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return f"{lines[-1]} (see {log})" if lines else f"its log {log} is empty"


def _in_words(line: str) -> str:
    """An event of ours without its marks: what it is called, and the error or the end of the traceback."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    if not isinstance(told, dict):
        return line
    why = str(told.get("exception") or told.get("error") or "").strip().splitlines()
    return ": ".join(filter(None, [str(told.get("event", line)), *why[-1:]]))
