"""The audit log is a chain: what is changed, removed or put in between shows."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from store import audit
from store.audit import Deed
from store.session import transaction


def _write(engine: Engine, *actions: str) -> None:
    with transaction(engine) as session:
        audit.append(session, [Deed(actor="ann", action=action, subject="ann", detail='é | "x"') for action in actions])


def _break(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_an_untouched_chain_holds(engine: Engine) -> None:
    _write(engine, "view", "dismiss")
    _write(engine, "view")
    with transaction(engine) as session:
        assert audit.first_broken(session) is None
        assert session.connection().execute(text("SELECT count(*) FROM audit_log")).scalar() == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET actor = 'eve' WHERE sequence = 2",
        "UPDATE audit_log SET at = at - interval '1 microsecond' WHERE sequence = 2",
        "DELETE FROM audit_log WHERE sequence = 2",
        "DELETE FROM audit_log WHERE sequence = 1",
    ],
)
def test_a_change_or_a_gap_shows(engine: Engine, statement: str) -> None:
    _write(engine, "view", "accept", "view")
    _break(engine, statement)
    with transaction(engine) as session:
        assert audit.first_broken(session) is not None


@pytest.mark.parametrize(("last", "shows"), [(1, False), (2, True), (3, True), (4, True)])
def test_of_the_last_entries_alone_what_came_before_is_not_asked(engine: Engine, last: int, shows: bool) -> None:
    _write(engine, "view", "accept", "view")
    _break(engine, "UPDATE audit_log SET actor = 'eve' WHERE sequence = 2")
    with transaction(engine) as session:
        newest = audit.newest(session)
        assert newest is not None
        assert newest.sequence == 3
        assert (audit.first_broken(session, last) is not None) is shows


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET actor = 'eve'", "DELETE FROM audit_log"])
def test_requests_may_not_change_the_log(engine: Engine, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(engine, everyone=True) as session:
        session.connection().execute(text(statement))
