"""A question over many users costs as many statements as one over a single user."""

from uuid import UUID

import pytest
from sqlalchemy import Engine

from store.session import transaction
from tests.households import add_household
from tests.schema.conftest import ADMIN, Api

FIELDS = {
    "profile": "profile { netWorth savingsRate }",
    "accounts": """accounts {
        holdings { symbol } sales(first: 2, after: $cursor) { edges { cursor } totalCount pageInfo { hasPreviousPage } }
    }""",
    "goals": "goals { name }",
    "transactions": """transactions(first: 2, after: $cursor) {
        edges { cursor } totalCount pageInfo { hasPreviousPage }
    }""",
    "savingsStrategy": """savingsStrategy {
        recommendations { id } allocation { goal { id } } automationPlan { fromAccount { id } toAccount { id } }
    }""",
    "goalOptimization": "goalOptimization { recommendations { id } goals { goal { id } projection { p50 } } }",
    "executiveSummary": "executiveSummary { headline }",
    "prioritizedActions": "prioritizedActions { rank recommendation { id } }",
    "financialHealth": "financialHealth { overallScore }",
    "recommendations": "recommendations(first: 2) { edges { cursor } totalCount pageInfo { hasPreviousPage } }",
}
DOCUMENT = f"""query($first: Int!, $after: String, $cursor: String) {{
    users(first: $first, after: $after) {{ edges {{ cursor node {{ {" ".join(FIELDS.values())} }} }} }}
}}"""
CURSOR = "{ users(first: 1) { edges { node { transactions(first: 1) { edges { cursor } } } } } }"


@pytest.fixture
def crowd(engine: Engine) -> list[UUID]:
    with transaction(engine, everyone=True) as session:
        return [add_household(session, months=3) for _ in range(6)]


@pytest.mark.parametrize("is_kept", [False, True], ids=["computed", "kept"])
def test_no_field_asks_user_by_user(is_kept: bool, api: Api, crowd: list[UUID]) -> None:
    cursor = api.ask(CURSOR, ADMIN).data["users"]["edges"][0]["node"]["transactions"]["edges"][0]["cursor"]
    if is_kept:
        api.ask(DOCUMENT, ADMIN, first=6, cursor=cursor)
    one = api.ask(DOCUMENT, ADMIN, first=1, cursor=cursor)
    rest = api.ask(DOCUMENT, ADMIN, first=5, after=one.data["users"]["edges"][0]["cursor"], cursor=cursor)
    assert (one.errors, rest.errors) == ([], [])
    assert len(rest.data["users"]["edges"]) == 5
    assert len(rest.statements) == len(one.statements)


def test_only_what_is_selected_is_read(api: Api, crowd: list[UUID]) -> None:
    assert len(api.ask("{ users(first: 6) { edges { node { id } } } }", ADMIN).statements) == 1
    counted = api.ask("{ users(first: 6) { totalCount edges { node { goals { id } } } } }", ADMIN)
    assert len(counted.statements) == 3


def test_the_same_question_twice_is_asked_once(api: Api, user: UUID) -> None:
    once = api.ask("{ viewer { savingsStrategy { basis } goals { id } } }", user)
    again = api.ask("{ viewer { a: savingsStrategy { basis } b: savingsStrategy { confidence } goals { id } } }", user)
    assert len(again.statements) <= len(once.statements)


def test_all_categories_of_a_tick_are_one_call(api: Api, crowd: list[UUID]) -> None:
    document = "{ users(first: 6) { edges { node { savingsStrategy { generatedAt } } } } }"
    asked = [statement for statement in api.ask(document, ADMIN).statements if "FROM answers" in statement]
    assert len(asked) == 1
