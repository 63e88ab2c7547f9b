"""`docs/loading.md` says what the loader does: every column, every account of the survey, every assumption."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.loading.columns import Column, Type
from store.loading.kinds import KINDS
from store.loading.scf.accounts import ALL_DEBTS, ASSETS
from store.loading.scf.assumptions import assumptions

DOCUMENT = Path(__file__).parents[3] / "docs" / "loading.md"
SHORT = 8


def row(column: Column) -> str:
    """The line of a column in the document."""
    holds = ", ".join(f"`{word}`" for word in column.words) if column.type is Type.WORD else str(column.type)
    limits = f"; {column.limits}" if column.limits else ""
    needed = "yes" if column.required else f"no; else `{column.default}`" if column.default else "no"
    many = column.type is Type.WORD and len(column.words) > SHORT
    return (
        f"| `{column.name}` | {needed} | {'a word of the list below' if many else holds}{limits} | {column.meaning} |"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_documented(kind: str) -> None:
    lines = section(f"### {kind}").splitlines()
    assert [line for line in lines if line.startswith("| `")] == [row(column) for column in KINDS[kind].columns]


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_of_a_long_list_is_documented(kind: str) -> None:
    words = {word for column in KINDS[kind].columns if column.type is Type.WORD for word in column.words}
    assert {word for word in words if f"`{word}`" not in section(f"### {kind}")} == set()


@pytest.mark.parametrize("item", [*ASSETS, *ALL_DEBTS], ids=lambda item: str(item.external_id))
def test_every_account_of_the_survey_is_documented(item: Any) -> None:
    lines = [line for line in section("### Accounts").splitlines() if f"| `{item.external_id}` |" in line]
    assert len(lines) == 1
    assert f"`{item.kind}`" in lines[0]
    assert all(column in lines[0] for column in item.columns)


def test_every_assumption_is_documented_with_its_source() -> None:
    text = section("### Assumptions")
    missing = [(value, source) for value, source in _values(assumptions()) if source not in text or value not in text]
    assert missing == []


def _values(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each value as text, with its source."""
    for entry in table.values():
        if isinstance(entry, list):
            yield f"{entry[0]:g}", entry[1]
        elif "source" in entry:
            numbers = [value for value in entry.values() if isinstance(value, int | float)]
            yield from ((f"{number:,g}", entry["source"]) for number in numbers)
        else:
            yield from _values(entry)


def section(title: str) -> str:
    """The text under a heading."""
    _, _, rest = DOCUMENT.read_text("utf-8").partition(f"\n{title}\n")
    return rest.partition("\n### ")[0].partition("\n## ")[0]
