"""Limits on a document before it is validated, each counted in one pass: the work grows with the length alone."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from server.graphql.refusals import InvalidOperation

INTROSPECTION = ("__schema", "__type")

TOKEN = re.compile(
    r"""
      \"{3} (?: [^"\\] | \\"{3} | \\ | "(?!"") )*+ (?: "{3} | \Z )  # block string
    | " (?: [^"\\\r\n] | \\. )*+ "?
    | \#[^\r\n]*+
    | \.{3}
    | [\w.+-]++
    | [^\s,\ufeff]
    """,
    re.ASCII | re.VERBOSE,
)
"""Strings and comments count as one token each, closed or not, so that no text is looked at twice."""

NUL = re.compile(r'"(?!"").*?(?<!\\)(?:\\\\)*\\u(?:0000|\{0+\})')
"""An escaped NUL in a string: PostgreSQL's text cannot hold it. In block strings it is no escape."""

OPENING, CLOSING = frozenset("{[("), frozenset("}])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may be: twice as much as it takes to ask for all that there is of one user."""

    characters: int = 50_000
    tokens: int = 2_500
    nesting: int = 40
    depth: int = 20
    aliases: int = 50
    repeats: int = 50
    directives: int = 50
    fragments: int = 100
    cost: int = 20_000
    introspection: bool = True

    def check(self, measure: str, number: int, unit: str = "") -> None:
        """Raises an error where the document has more of this measure than is allowed."""
        limit = getattr(self, measure)
        if number > limit:
            sentence = f"This document has {number:,} {unit or measure}, and at most {limit:,} are allowed."
            raise too_costly(sentence, measure=measure, number=number, limit=limit)


def too_costly(sentence: str, *, measure: str, number: int, limit: int) -> InvalidOperation:
    return InvalidOperation("QUERY_TOO_COSTLY", sentence, measure=measure, number=number, limit=limit)


def check_text(text: str, limits: Limits) -> None:
    """Before parsing: length, tokens, brackets in brackets, and NUL in strings."""
    limits.check("characters", len(text))
    tokens = TOKEN.findall(text)
    limits.check("tokens", len(tokens))
    limits.check("nesting", _nesting(tokens), "levels of brackets")
    if any(NUL.match(token) for token in tokens):
        raise InvalidOperation("BAD_USER_INPUT", "A text in the document contains NUL: leave it out.", field="query")


def check_document(document: DocumentNode, limits: Limits) -> None:
    """Before validation: depth, aliases, repeated names, directives, fragments, introspection."""
    census = Census()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            census.count(definition)
    for measure in ("aliases", "repeats", "directives", "fragments"):
        limits.check(measure, census.counts[measure], "repeated field names" if measure == "repeats" else "")
    limits.check("depth", census.depth(), "levels of fields")
    if census.counts["introspection"] and not limits.introspection:
        raise InvalidOperation("GRAPHQL_VALIDATION_FAILED", "Introspection is off on this server.")


@dataclass(slots=True)
class Body:
    """The depth of an operation or a fragment by itself, and which fragments it spreads at which depth."""

    depth: int = 0
    spreads: list[tuple[str, int]] = field(default_factory=list)


class Census:
    """What one pass over a document has counted."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.operations: list[Body] = []
        self.fragments: dict[str, Body] = {}

    def count(self, definition: OperationDefinitionNode | FragmentDefinitionNode) -> None:
        body = Body()
        self.counts["directives"] += len(definition.directives or ())
        if isinstance(definition, FragmentDefinitionNode):
            self.counts["fragments"] += 1
            self.fragments[definition.name.value] = body
        else:
            self.operations.append(body)
        self._selections(definition.selection_set, 1, body, set())

    def depth(self) -> int:
        """The deepest field of any operation, fragments included; a cycle of fragments ends where it closes."""
        known: dict[str, int] = {}
        return max((self._depth(body, known) for body in (*self.operations, *self.fragments.values())), default=0)

    def _depth(self, body: Body, known: dict[str, int]) -> int:
        deepest = body.depth
        for name, depth in body.spreads:
            if name in self.fragments and name not in known:
                known[name] = 0
                known[name] = self._depth(self.fragments[name], known)
            deepest = max(deepest, depth + known.get(name, 0))
        return deepest

    def _selections(self, selections: SelectionSetNode, depth: int, body: Body, names: set[str]) -> None:
        for node in selections.selections:
            self.counts["directives"] += len(node.directives or ())
            if isinstance(node, FieldNode):
                self._field(node, depth, body, names)
            elif isinstance(node, FragmentSpreadNode):
                self.counts["fragments"] += 1
                body.spreads.append((node.name.value, depth - 1))
            elif isinstance(node, InlineFragmentNode):
                self._selections(node.selection_set, depth, body, names)

    def _field(self, node: FieldNode, depth: int, body: Body, names: set[str]) -> None:
        name = (node.alias or node.name).value
        self.counts["aliases"] += node.alias is not None
        self.counts["repeats"] += name in names
        self.counts["introspection"] += node.name.value in INTROSPECTION
        names.add(name)
        body.depth = max(body.depth, depth)
        if node.selection_set:
            self._selections(node.selection_set, depth + 1, body, set())


def _nesting(tokens: Iterable[str]) -> int:
    deepest = depth = 0
    for token in tokens:
        if token in OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif token in CLOSING:
            depth -= 1
    return deepest
