"""Documents that cost more than they are worth are refused before they are validated, by work in proportion to them."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import httpx
import pytest
from graphql import GraphQLObjectType, OperationDefinitionNode, get_introspection_query, get_named_type, parse

from schema.schema import schema as public_schema
from server.graphql.cost import Costing
from server.graphql.documents import KEPT_CHARACTERS, Documents
from server.graphql.guard import Limits, check_text
from server.graphql.refusals import InvalidOperation
from tests.server import toy
from tests.server.conftest import codes

Attack = Callable[[int], str]


def chain(size: int) -> str:
    links = " ".join(f"fragment F{n} on User {{ me {{ ...F{n + 1} }} }}" for n in range(size))
    return f"{{ viewer {{ ...F0 }} }} {links} fragment F{size} on User {{ id }}"


def doubling(size: int) -> str:
    links = " ".join(
        f"fragment F{n} on User {{ a: me {{ ...F{n + 1} }} b: me {{ ...F{n + 1} }} }}" for n in range(size)
    )
    return f"{{ viewer {{ ...F0 }} }} {links} fragment F{size} on User {{ id }}"


def circle(size: int) -> str:
    links = " ".join(f"fragment F{n} on User {{ me {{ ...F{(n + 1) % size} }} }}" for n in range(size))
    return f"{{ viewer {{ ...F0 }} }} {links}"


def conflicts(size: int) -> str:
    return f"{{ viewer {{ {'me { me { id } } ' * size} }} }}"


ATTACKS: dict[str, Attack] = {
    "fields": lambda n: "{ viewer " + "{ me " * n + "{ id }" + " }" * n + "}",
    "inline fragments": lambda n: "{ viewer " + "{ ... on User " * n + "{ id }" + " }" * n + "}",
    "lists": lambda n: "{ greet(name: " + "[" * n + "]" * n + ") }",
    "objects": lambda n: "{ greet(name: " + "{ a: " * n + "1" + "}" * n + ") }",
    "types": lambda n: "query ($a: " + "[" * n + "Int" + "]" * n + ") { greet }",
    "brackets that never close": lambda n: "{ viewer " + "{ me " * n,
    "chained fragments": chain,
    "doubling fragments": doubling,
    "circling fragments": circle,
    "introspection": lambda n: "{ __schema { types { " + "fields { type { " * n + "name" + "} }" * n + "} } }",
    "aliases": lambda n: "{" + " ".join(f"a{i}: greet" for i in range(n)) + "}",
    "repeated fields": lambda n: "{" + "greet " * n + "}",
    "fields to be merged": conflicts,
    "directives": lambda n: "{ greet " + "@include(if: true) " * n + "}",
    "operations": lambda n: " ".join(f"query Q{i} {{ greet }}" for i in range(n)) + " subscription { x }",
    "strings that never close": lambda n: '{ greet(name: """' + '\\""" ' * n,
    "quotes": lambda n: "{ greet(name: " + '" ' * n,
    "backslashes": lambda n: '{ greet(name: "' + "\\" * n,
    "comments": lambda n: "# {{{{\n" * n + "{ greet }}",
}


@pytest.fixture
def documents() -> Documents:
    return Documents(toy.schema, Limits())


def refusal(documents: Documents, text: str) -> dict[str, Any]:
    with pytest.raises(InvalidOperation) as caught:
        documents.read(text)
    return dict(caught.value.errors[0]["extensions"])


def calls(work: Callable[[], Any]) -> int:
    """How many function calls the work took: a measure that does not depend on the machine."""
    counted = 0

    def count(_: FrameType, event: str, __: Any) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_of_any_size_is_refused_by_work_in_proportion(name: str, documents: Documents) -> None:
    small, large = (ATTACKS[name](size) for size in (100, 1_000))
    work = [calls(lambda text=text: refusal(documents, text)) for text in (small, large)]  # type: ignore[misc]
    assert work[1] <= 1.2 * len(large) / len(small) * work[0]
    assert work[0] < 60 * len(small)


@pytest.mark.parametrize("name", ["fields", "chained fragments", "doubling fragments", "introspection"])
def test_a_deep_document_is_told_the_number_and_the_limit(name: str, documents: Documents) -> None:
    told = refusal(documents, ATTACKS[name](21))
    assert told["code"] == "QUERY_TOO_COSTLY"
    assert told["number"] > told["limit"]


def test_a_short_circle_of_fragments_is_left_to_validation(documents: Documents) -> None:
    assert refusal(documents, circle(10)) == {"code": "GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.anyio
async def test_a_costly_document_is_refused_without_a_transaction(unconnected: httpx.AsyncClient) -> None:
    response = await unconnected.post("/graphql", json={"query": ATTACKS["fields"](5_000)})
    assert codes(response) == ["QUERY_TOO_COSTLY"]
    assert response.json()["errors"][0]["extensions"]["measure"] == "tokens"


@pytest.mark.parametrize(
    ("measure", "attack"),
    [
        ("characters", lambda n: "{ greet } #" + "x" * n),
        ("tokens", lambda n: "{ " + "greet " * n + "}"),
        ("nesting", lambda n: "{ a(b: " + "[" * (n - 2)),
        ("depth", lambda n: "{ viewer " + "{ me " * (n - 2) + "{ id }" + " }" * (n - 2) + "}"),
        ("aliases", lambda n: "{" + " ".join(f"a{i}: greet" for i in range(n)) + "}"),
        ("repeats", lambda n: "{" + "greet " * (n + 1) + "}"),
        ("directives", lambda n: "{ greet " + "@include(if: true) " * n + "}"),
        ("fragments", lambda n: "{" + "... F " * n + "}"),
    ],
)
def test_each_limit_lets_through_what_it_allows_and_nothing_more(
    measure: str, attack: Attack, documents: Documents
) -> None:
    limit = getattr(documents.limits, measure)
    beyond = refusal(documents, attack(limit + 1))
    assert (beyond["code"], beyond["measure"], beyond["limit"]) == ("QUERY_TOO_COSTLY", measure, limit)
    assert measure not in told(documents, attack(limit // 2))


def told(documents: Documents, text: str) -> str:
    try:
        documents.read(text)
    except InvalidOperation as refused:
        return str(refused.errors[0]["extensions"].get("measure"))
    return "allowed"


def test_strings_and_comments_are_no_brackets() -> None:
    limits = Limits(nesting=2, tokens=30)
    check_text('{ a(b: "{{{{{{", c: """ {{{{ \\""" """) # {{{{{{{{{\n}', limits)
    with pytest.raises(InvalidOperation):
        check_text('{ a(b: """ \\\\""" {{{{ """) }', Limits(nesting=1))


@pytest.mark.parametrize("literal", ['"\\u0000"', '"a\\\\\\u0000"', '"\\u{0}"', '"\\u{0000}"'])
def test_an_escaped_nul_is_refused(literal: str, documents: Documents) -> None:
    assert refusal(documents, f"{{ greet(name: {literal}) }}") == {"code": "BAD_USER_INPUT", "field": "query"}


@pytest.mark.parametrize("literal", ['"\\\\u0000"', '"""\\u0000"""', '"u0000"'])
def test_what_only_looks_like_nul_passes(literal: str, documents: Documents) -> None:
    assert documents.read(f"{{ greet(name: {literal}) }}").definitions


def test_introspection_can_be_turned_off() -> None:
    closed = Documents(toy.schema, Limits(introspection=False))
    assert refusal(closed, "{ __schema { types { name } } }") == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert refusal(closed, '{ greet ...F } fragment F on Query { __type(name: "User") { name } }')["code"]
    assert closed.read("{ __typename greet }").definitions


# --- cost ------------------------------------------------------------------------------------------------------------


def cost(text: str, **variables: Any) -> int:
    document = parse(text)
    schema = toy.schema._schema
    return Costing(schema, document, document.definitions[0], variables).total()  # type: ignore[arg-type]


def test_each_field_counts_once_for_every_row() -> None:
    assert cost("{ greet }") == 1
    assert cost("{ viewer { id me { id } } }") == 4
    assert cost("{ users(first: 10) { edges { node { id } } } }") == 1 + 10 * (1 + 1 + 1)


def test_a_list_without_a_size_counts_as_some_rows() -> None:
    assert cost("{ viewer { budgets { category } } }") == 1 + 1 + 5


def test_a_category_weighs_more_than_what_is_read() -> None:
    assert cost("{ viewer { advice { amount } } }") == 1 + 100 + 1


@pytest.mark.parametrize(
    ("text", "variables", "rows"),
    [
        ("query ($n: Int) { users(first: $n) { edges { cursor: __typename } } }", {"n": 7}, 7),
        ("query ($n: Int = 9) { users(first: $n) { edges { __typename } } }", {}, 9),
        ("query ($n: Int = 9) { users(first: $n) { edges { __typename } } }", {"n": 3}, 3),
        ("{ users { edges { __typename } } }", {}, 20),
        ("{ users(first: -5) { edges { __typename } } }", {}, 1),
        ("query ($n: Int) { users(first: $n) { edges { __typename } } }", {"n": "many"}, 5),
        ("{ users(first: 99999999999999999999) { edges { __typename } } }", {}, 1_000_000_000),
    ],
)
def test_rows_are_read_from_literals_variables_and_defaults(text: str, variables: dict[str, Any], rows: int) -> None:
    assert cost(text, **variables) == min(1 + rows * 2, 1_000_000_000)


def test_fragments_cost_wherever_they_are_spread() -> None:
    spread = "{ a: viewer { ...F } b: viewer { ...F ... on User { id } } } fragment F on User { advice { amount } }"
    assert cost(spread) == 2 * (1 + 101) + 1


def test_doubling_fragments_are_counted_without_being_expanded() -> None:
    text = doubling(40)
    assert cost(text) == 1_000_000_000
    assert calls(lambda: cost(text)) < 60 * len(text)


@pytest.mark.anyio
async def test_too_many_rows_are_refused_with_the_cost_and_the_limit(unconnected: httpx.AsyncClient) -> None:
    query = "query ($n: Int!) { users(first: $n) { edges { node { advice { amount } } } } }"
    response = await unconnected.post("/graphql", json={"query": query, "variables": {"n": 1_000}})
    assert response.json()["errors"][0]["extensions"] == {
        "code": "QUERY_TOO_COSTLY",
        "measure": "cost",
        "number": 1 + 1_000 * 103,
        "limit": 20_000,
    }


# --- documents that are kept -----------------------------------------------------------------------------------------


def test_a_known_document_is_not_read_again(documents: Documents) -> None:
    assert documents.read("{ greet }") is documents.read("{ greet }")


def test_documents_are_kept_within_bounds(documents: Documents) -> None:
    first = documents.read("{ greet }")
    for number in range(KEPT_CHARACTERS // 20_000 + 1):
        documents.read(f"{{ a{number}: greet }} #{'x' * 20_000}")
    assert documents.read("{ greet }") is not first


def test_what_may_not_run_is_not_kept(documents: Documents) -> None:
    assert refusal(documents, "{ nothing }") == refusal(documents, "{ nothing }")


# --- the schema that is served ---------------------------------------------------------------------------------------


def everything(kind: GraphQLObjectType, above: tuple[str, ...] = ()) -> str:
    """A selection of all fields, each type once on the way down."""
    parts = []
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if not isinstance(below, GraphQLObjectType):
            parts.append(name)
        elif below.name not in above and (inner := everything(below, (*above, below.name))):
            parts.append(f"{name} {{ {inner} }}")
    return " ".join(parts)


def test_all_that_there_is_of_one_user_takes_less_than_half_of_each_limit() -> None:
    served = public_schema._schema
    kind = served.get_type("User")
    assert isinstance(kind, GraphQLObjectType)
    text = f"{{ viewer {{ {everything(kind, ('User',))} }} }}"
    allowed = Limits()
    half = {measure: getattr(allowed, measure) // 2 for measure in Limits.__dataclass_fields__}
    document = Documents(public_schema, Limits(**half)).read(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert 100 < Costing(served, document, operation, {}).total() < half["cost"]


def test_the_introspection_of_graphiql_is_allowed(documents: Documents) -> None:
    query = get_introspection_query(
        schema_description=True, directive_is_repeatable=True, specified_by_url=True, input_value_deprecation=True
    )
    assert documents.read(query).definitions
