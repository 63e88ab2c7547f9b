"""What the survey does not ask: the table of assumptions, each with its source."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def assumptions() -> dict[str, Any]:
    """The table; a pair is a value and its source."""
    table: dict[str, Any] = json.loads((files(__package__) / "assumptions.json").read_text("utf-8"))
    return table


def assumed(name: str) -> float:
    """The value of one assumption."""
    return float(assumptions()[name][0])
