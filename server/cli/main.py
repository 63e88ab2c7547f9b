"""The entry point: one sentence and exit code 1 for whatever goes wrong."""

import os
import signal
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import NoReturn

import typer

from engine.errors import EngineError
from server.cli.app import app
from server.errors import ServerError
from store.errors import StoreError

KNOWN = (EngineError, ServerError, StoreError)
LOG_NAME = "finrec.log"
TERMINATED = 128 + signal.SIGTERM


def main() -> NoReturn:
    """Runs the command of the command line."""
    sys.excepthook = report_bug
    signal.signal(signal.SIGTERM, _leave)
    try:
        code = typer.main.get_command(app)(prog_name="finrec", standalone_mode=False)
    except typer.TyperException as error:
        fail(_misuse(error))
    except KNOWN as error:
        fail(str(error))
    except typer.Abort:
        fail("Stopped.")
    sys.exit(code if isinstance(code, int) else 0)


def fail(sentence: str) -> NoReturn:
    """What went wrong, on standard error; nothing where the help has been printed instead."""
    if sentence:
        sys.stderr.write(f"finrec: {sentence}\n")
    sys.exit(1)


def report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A traceback is for a log; the terminal gets one sentence."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    log = _write(f"{when} {' '.join(sys.argv)}\n{''.join(traceback.format_exception(kind, error, trace))}\n")
    sys.stderr.write(f"finrec: An unforeseen error ({kind.__name__}); the details are in {log}.\n")


def _misuse(error: typer.TyperException) -> str:
    """What is wrong with the command line, and where its help is; nothing where that has been printed instead."""
    sentence, asked = error.format_message().replace(": Value error, ", ": "), getattr(error, "ctx", None)
    return f"{sentence.rstrip('.')}; see `{asked.command_path} --help`." if sentence and asked else sentence


def _write(text: str) -> Path:
    """To the log of the data folder; where that cannot be written, to one of its own."""
    try:
        return _append(Path(os.environ.get("FINREC_DATA_DIR", ".finrec")) / "logs", text)
    except OSError:
        return _append(Path(tempfile.mkdtemp(prefix="finrec-")), text)


def _append(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOG_NAME).open("a") as log:
        log.write(text)
    return folder / LOG_NAME


def _leave(*_: object) -> NoReturn:
    sys.exit(TERMINATED)
