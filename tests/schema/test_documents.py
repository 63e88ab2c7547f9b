"""What the documentation tells readers to paste can be asked."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import parse, validate

from schema.schema import schema

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```graphql\n(.*?)```", re.DOTALL)


def found() -> Iterator[tuple[str, str]]:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for number, block in enumerate(BLOCK.findall(page.read_text()), start=1):
            yield f"{page.name}:{number}", block


BLOCKS = dict(found())


@pytest.mark.parametrize("place", BLOCKS)
def test_a_query_of_the_documentation_is_valid(place: str) -> None:
    assert validate(schema._schema, parse(BLOCKS[place])) == []
