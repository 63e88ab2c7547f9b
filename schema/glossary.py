"""Descriptions of what the code leaves unsaid, so that whoever opens the explorer reads what every field means."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Protocol

from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

FILES = ("glossary.txt", "glossary_admin.txt")
COMPOSITES = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)


class Described(Protocol):
    """A type, a field or an argument."""

    description: str | None


def describe(schema: GraphQLSchema) -> None:
    """Fills in what has no description; what the code says stands."""
    sentences = glossary()
    for names, definition in places(schema):
        if not definition.description:
            definition.description = next((sentences[name] for name in names if name in sentences), None)


def glossary() -> Mapping[str, str]:
    """Sentences by place."""
    lines = (line for name in FILES for line in (files("schema") / name).read_text("utf-8").splitlines())
    parted = (line.partition(" | ") for line in lines if line and not line.startswith("#"))
    return {place: sentence for place, _, sentence in parted}


def places(schema: GraphQLSchema) -> Iterator[tuple[tuple[str, ...], Described]]:
    """Our own types, their fields and arguments, each with the names that a sentence may have for it."""
    for name, kind in schema.type_map.items():
        if not isinstance(kind, COMPOSITES) or name.startswith("__"):
            continue
        yield (name,), kind
        for field, definition in kind.fields.items():
            yield (f"{name}.{field}", f"*.{field}"), definition
            for given, argument in getattr(definition, "args", {}).items():
                yield (f"{name}.{field}({given})", f"*({given})"), argument
