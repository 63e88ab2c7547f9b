"""Kernels must work where nothing can be written."""

import os
import subprocess
import sys
from pathlib import Path

from engine.compiled import compiled

ROOT = Path(__file__).parents[2]


def test_a_function_without_a_folder_for_its_cache_is_compiled_all_the_same() -> None:
    scope: dict[str, object] = {}
    exec(compile("def double(x):\n    return 2 * x", "<nowhere>", "exec"), scope)
    double = compiled(scope["double"])  # type: ignore[type-var]
    assert double(21) == 42  # type: ignore[operator]


def test_an_installation_that_cannot_be_written_to_answers(tmp_path: Path) -> None:
    """Neither beside the file nor in the home folder: a file stands where each folder would be."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    package = tmp_path / "engine"
    package.mkdir()
    (package / "__pycache__").write_text("")
    (package / "kernel.py").write_text(
        "from engine.compiled import compiled\n\n@compiled\ndef double(x):\n    return 2 * x\n\nprint(double(21))\n"
    )
    done = subprocess.run(
        [sys.executable, str(package / "kernel.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(blocked), "HOME": str(blocked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "42\n"), done.stderr
