"""What is served agrees with the public contract to the letter, and what is still missing is listed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
)

from schema.glossary import glossary, places
from schema.schema import print_sdl
from tests.schema.conftest import Api

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SNAPSHOT = ROOT / "schema" / "schema.graphql"
AGREED = ROOT.parent / "shared" / "contract" / "schema.graphql"

CONTRACT = build_schema((HERE / "contract.graphql").read_text())
SERVED = build_schema(print_sdl())

STILL_TO_COME = {"Field Mutation.eraseUser", "Field Mutation.exportUser"}
"""All else of the contract is served, and stays so."""

COMPOSITES = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)


def test_the_snapshot_is_what_is_served() -> None:
    assert SNAPSHOT.read_text() == print_sdl(), "read the difference, then: finrec schema > schema/schema.graphql"


def test_our_copy_of_the_contract_is_the_agreed_one() -> None:
    copy = (HERE / "contract.graphql").read_text()
    assert copy == (AGREED.read_text() if AGREED.exists() else copy)
    assert CONTRACT.query_type is not None


def test_what_is_missing_is_listed_and_nothing_else_breaks() -> None:
    broken = [change.description for change in find_breaking_changes(CONTRACT, SERVED)]
    missing = [line.removesuffix(" was removed.") for line in broken]
    listed = (HERE / "missing.txt").read_text().splitlines()
    assert sorted(missing) == listed
    assert set(listed) <= STILL_TO_COME


def test_every_field_is_written_as_in_the_contract() -> None:
    """Arguments of ours follow the agreed ones."""
    agreed, served = dict(_signatures(CONTRACT)), dict(_signatures(SERVED, CONTRACT))
    both = agreed.keys() & served.keys()
    assert len(both) > 100
    assert {place: served[place] for place in both} == {place: agreed[place] for place in both}


def test_what_the_contract_describes_is_described_in_the_same_words() -> None:
    agreed, served = dict(_descriptions(CONTRACT)), dict(_descriptions(SERVED))
    told = {place: text for place, text in agreed.items() if text and place in served}
    assert len(told) > 15
    assert {place: served[place] for place in told} == told


def test_every_type_field_and_argument_is_described() -> None:
    """What lacks a sentence gets one where it is written, or in schema/glossary.txt."""
    assert [names[0] for names, definition in places(SERVED) if not definition.description] == []
    assert all(kind.description for _, kind in _types(SERVED))


def test_the_schema_says_where_to_begin(api: Api) -> None:
    told = api.ask("{ __schema { description } }", None).data
    assert "Begin with `viewer`" in told["__schema"]["description"]


def test_the_glossary_has_no_line_that_nothing_reads() -> None:
    known = {name for names, _ in places(SERVED) for name in names}
    assert sorted(set(glossary()) - known) == []


def _types(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLNamedType]]:
    own = (*COMPOSITES, GraphQLEnumType)
    return ((name, kind) for name, kind in schema.type_map.items() if isinstance(kind, own) and name[:2] != "__")


def _fields(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    for name, kind in _types(schema):
        if isinstance(kind, COMPOSITES):
            yield from ((f"{name}.{field}", definition) for field, definition in kind.fields.items())


def _signatures(schema: GraphQLSchema, agreed: GraphQLSchema | None = None) -> Iterator[tuple[str, object]]:
    """Of a field no more arguments than are agreed."""
    known = {place: len(getattr(field, "args", {})) for place, field in _fields(agreed or schema)}
    for place, field in _fields(schema):
        given = getattr(field, "args", {})
        yield place, (str(field.type), _default(field), list(given)[: known.get(place)])
        for name, argument in given.items():
            yield f"{place}({name})", (str(argument.type), _default(argument))


def _default(definition: Any) -> object:
    return getattr(definition, "default_value", None)


def _descriptions(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    yield from ((name, kind.description) for name, kind in _types(schema))
    yield from ((place, field.description) for place, field in _fields(schema))
