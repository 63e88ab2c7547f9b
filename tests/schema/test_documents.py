"""What the documentation tells readers to paste can be asked, and is answered as the README shows."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import parse, validate
from sqlalchemy import Engine

from schema.schema import schema
from store.loading import load_file
from store.session import transaction
from store.users import find_user
from tests.households import NOW
from tests.schema.conftest import Api

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```graphql\n(.*?)```", re.DOTALL)
ANSWER = re.compile(r"```json\n(.*?)```", re.DOTALL)
HOUSEHOLD = re.compile(r"<<'END'\n(.*?)END", re.DOTALL)


def found() -> Iterator[tuple[str, str]]:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for number, block in enumerate(BLOCK.findall(page.read_text()), start=1):
            yield f"{page.name}:{number}", block


BLOCKS = dict(found())


@pytest.mark.parametrize("place", BLOCKS)
def test_a_query_of_the_documentation_is_valid(place: str) -> None:
    assert validate(schema._schema, parse(BLOCKS[place])) == []


def test_the_household_of_the_readme_is_answered_as_the_readme_shows(api: Api, engine: Engine, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    file = tmp_path / "households.csv"
    file.write_text(HOUSEHOLD.findall(readme)[0])
    load_file(engine, file, today=NOW.date())
    with transaction(engine, everyone=True) as session:
        user = find_user(session, "h-1")
    assert user is not None
    assert api.ask(BLOCKS["README.md:1"], user.id).data == json.loads(ANSWER.findall(readme)[0])
