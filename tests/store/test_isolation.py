"""Nobody sees another's rows, whatever the query says."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from store.session import APP_ROLE, transaction
from store.tables import Budget, User


@pytest.fixture
def two_users(engine: Engine) -> tuple[UUID, UUID]:
    with transaction(engine, everyone=True) as session:
        users = User(external_id="one"), User(external_id="two")
        session.add_all(users)
        session.flush()
        session.add_all(Budget(user_id=user.id, category="dining", monthly_limit=Decimal(100)) for user in users)
        return users[0].id, users[1].id


def test_the_role_is_really_switched_on_a_server_whose_login_is_a_superuser(engine: Engine) -> None:
    with transaction(engine) as session:
        role = session.connection().execute(text("SELECT current_user")).scalar()
        bypasses = session.connection().execute(
            text("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
        )
        assert role == APP_ROLE
        assert bypasses.scalar() is False


def test_without_a_setting_there_are_no_rows(engine: Engine, two_users: tuple[UUID, UUID]) -> None:
    with transaction(engine) as session:
        assert session.exec(select(User)).all() == []
        assert session.exec(select(Budget)).all() == []


def test_a_user_sees_its_own_rows_and_no_others(engine: Engine, two_users: tuple[UUID, UUID]) -> None:
    one, _ = two_users
    with transaction(engine, users=[one]) as session:
        assert [user.id for user in session.exec(select(User))] == [one]
        assert [budget.user_id for budget in session.exec(select(Budget))] == [one]


def test_the_setting_ends_with_the_transaction(engine: Engine, two_users: tuple[UUID, UUID]) -> None:
    with transaction(engine, everyone=True) as session:
        assert len(session.exec(select(User)).all()) == 2
    with transaction(engine) as session:
        assert session.exec(select(User)).all() == []


def test_a_row_cannot_be_written_for_another_user(engine: Engine, two_users: tuple[UUID, UUID]) -> None:
    one, two = two_users
    with pytest.raises(ProgrammingError, match="row-level security"), transaction(engine, users=[one]) as session:
        session.add(Budget(user_id=two, category="travel", monthly_limit=Decimal(1)))


def test_every_table_with_an_owner_is_fenced_off(engine: Engine) -> None:
    owned = {table for table in inspect(engine).get_table_names() if _has_owner(engine, table)} | {"users"}
    with engine.connect() as connection:
        fenced = connection.execute(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        assert owned == set(fenced.scalars())


def _has_owner(engine: Engine, table: str) -> bool:
    return any(column["name"] == "user_id" for column in inspect(engine).get_columns(table))
