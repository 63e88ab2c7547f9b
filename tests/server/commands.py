"""`finrec` as the tests run it."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one sentence of a command that could not be done, behind what it was at."""
        assert (self.code, self.out) == (1, "")
        *stages, sentence = self.err.splitlines()
        assert all(stage.endswith(" ...") for stage in stages)
        return sentence.removeprefix("finrec: ")


Run = Callable[..., Done]


def finrec(*arguments: str, **environment: str) -> Done:
    """Runs `finrec` as a process of its own."""
    command = [sys.executable, "-m", "server", *arguments]
    given = environment | {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=120)
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)
