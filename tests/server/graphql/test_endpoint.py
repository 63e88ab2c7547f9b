"""Who sees what over GraphQL, and that everything about a user leaves its row in the audit log."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from store.audit import first_broken
from store.session import transaction
from tests.server.conftest import Ask, Token, codes, count

pytestmark = pytest.mark.anyio

USER = "query User($id: ID!) { user(id: $id) { id } }"


# --- who sees what ---------------------------------------------------------------------------------------------------


async def test_a_user_reads_itself(ask: Ask, token: Token, ann: UUID) -> None:
    response = await ask("{ viewer { externalId } }", token=token(ann))
    assert response.json() == {"data": {"viewer": {"externalId": "ann"}}}


async def test_another_users_id_and_an_unknown_one_are_answered_alike(
    ask: Ask, token: Token, ann: UUID, bob: UUID
) -> None:
    others = await ask(USER, token=token(ann), id=str(bob))
    unknown = await ask(USER, token=token(ann), id=str(uuid4()))
    assert others.content == unknown.content
    assert others.json()["data"] == {"user": None}
    assert codes(others) == ["NOT_FOUND"]


async def test_an_administrator_reads_everyone(ask: Ask, token: Token, ann: UUID, bob: UUID) -> None:
    response = await ask("{ users(first: 10) { edges { node { externalId } } } }", token=token(role="admin"))
    assert [edge["node"]["externalId"] for edge in response.json()["data"]["users"]["edges"]] == ["ann", "bob"]


async def test_without_a_token_the_public_part_is_answered_and_the_rest_is_unauthenticated(ask: Ask) -> None:
    response = await ask("{ viewer { id } greet }")
    assert response.status_code == 200
    assert response.json()["data"] == {"viewer": None, "greet": "hello you"}
    assert codes(response) == ["UNAUTHENTICATED"]


# --- the audit log ---------------------------------------------------------------------------------------------------


async def test_every_answer_about_a_user_has_its_row_in_an_unbroken_chain(
    ask: Ask, token: Token, ann: UUID, bob: UUID, engine: Engine
) -> None:
    answers = [
        ask("{ viewer { id } }", token=token(user, hours=hours)) for user in (ann, bob) for hours in (1, 2, 3, 4, 5)
    ]
    responses = await asyncio.gather(*answers)
    assert all(response.json()["data"]["viewer"] for response in responses)
    assert count(engine, "audit_log") == len(responses)
    with transaction(engine) as session:
        assert first_broken(session) is None


async def test_a_refusal_is_audited_although_nothing_else_of_the_request_is(
    ask: Ask, token: Token, ann: UUID, bob: UUID, engine: Engine
) -> None:
    await ask(USER, token=token(ann), id=str(bob))
    with engine.connect() as connection:
        row = connection.execute(text("SELECT actor, action, subject FROM audit_log")).one()
    assert tuple(row) == (str(ann), "refused", str(bob))


async def test_no_data_leaves_where_the_audit_row_cannot_be_written(
    ask: Ask, token: Token, ann: UUID, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("REVOKE INSERT ON audit_log FROM finrec_app"))
    response = await ask("{ viewer { id } greet }", token=token(ann))
    assert response.status_code == 500
    assert "data" not in response.json()
    assert codes(response) == ["INTERNAL"]


async def test_no_refusal_is_told_where_its_audit_row_cannot_be_written(
    ask: Ask, token: Token, ann: UUID, bob: UUID, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("REVOKE INSERT ON audit_log FROM finrec_app"))
    response = await ask(USER, token=token(ann), id=str(bob))
    assert response.status_code == 500
    assert "data" not in response.json()
