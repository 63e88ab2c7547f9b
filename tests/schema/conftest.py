"""Documents executed as a request executes them: one transaction, its audit log at the end, rolled back on an error."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from schema.context import Context
from schema.schema import schema
from schema.viewer import Viewer
from store.audit import Deed, append
from store.crypto import Vault
from store.models.shelf import Shelf
from store.session import connect, enter, transaction
from tests.households import NOW, add_household

STATEMENTS: list[str] = []
ADMIN = Viewer(subject="ada", is_admin=True, user_id=None)


class Counted(psycopg.Cursor[Any]):
    """Notes every statement that reaches PostgreSQL."""

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        STATEMENTS.append(str(query))
        return super().execute(query, *args, **options)

    def executemany(self, query: Any, *args: Any, **options: Any) -> None:
        STATEMENTS.append(str(query))
        super().executemany(query, *args, **options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back, and what was written down of it."""

    data: Any
    errors: list[dict[str, Any]]
    deeds: list[Deed]
    refusals: list[Deed]
    statements: list[str] = field(repr=False)

    @property
    def code(self) -> str | None:
        """Code of the only error; None without one."""
        codes = [error["extensions"]["code"] for error in self.errors]
        assert len(codes) < 2, self.errors
        return next(iter(codes), None)

    @property
    def field(self) -> str | None:
        """The input that the only error names."""
        return next((error["extensions"].get("field") for error in self.errors), None)


@dataclass(slots=True, kw_only=True)
class Api:
    """Asks the schema; where it is `wide`, the database hides nobody's rows from anybody."""

    engine: Engine
    vault: Vault
    shelf: Shelf
    now: datetime = NOW
    wide: bool = False

    def user(self, user_id: UUID) -> Viewer:
        return Viewer(subject=str(user_id), is_admin=False, user_id=user_id)

    def ask(self, document: str, viewer: Viewer | UUID | None, /, **variables: Any) -> Answered:
        """The answer to a document; a UUID asks as that user."""
        asking = self.user(viewer) if isinstance(viewer, UUID) else viewer
        with Session(self.engine, expire_on_commit=False) as session:
            users = [asking.user_id] if asking and asking.user_id else []
            enter(session, users=users, everyone=self.wide or (asking is not None and asking.is_admin))
            context = Context(viewer=asking, session=session, vault=self.vault, shelf=self.shelf, now=self.now)
            return self._execute(document, context, variables)

    def _execute(self, document: str, context: Context, variables: dict[str, Any]) -> Answered:
        STATEMENTS.clear()
        result = asyncio.run(schema.execute(document, variable_values=variables, context_value=context))
        statements = list(STATEMENTS)
        if result.errors and "mutation" in document:
            context.session.rollback()
        else:
            append(context.session, context.deeds)
            context.session.commit()
        return Answered(
            data=result.data,
            errors=[dict(error.formatted) for error in result.errors or []],
            deeds=context.deeds,
            refusals=context.refusals,
            statements=statements,
        )


@pytest.fixture
def counting(database_url: str) -> Iterator[Engine]:
    """Connections that note their statements."""
    made = connect(database_url, connect_args={"cursor_factory": Counted})
    yield made
    made.dispose()


@pytest.fixture
def api(counting: Engine, vault: Vault, shelf: Shelf) -> Api:
    return Api(engine=counting, vault=vault, shelf=shelf)


@pytest.fixture
def user(engine: Engine) -> UUID:
    """A household with accounts, holdings, a goal and a year of transactions."""
    with transaction(engine, everyone=True) as session:
        return add_household(session, "one")


@pytest.fixture
def other(engine: Engine) -> UUID:
    """Somebody else."""
    with transaction(engine, everyone=True) as session:
        return add_household(session, "two")
