"""Alerts: one open alert a cause, newest first, closed by whoever acknowledges first."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from engine.enums import Severity
from store.errors import NotFound
from store.ids import uuid7
from store.monitoring.alerts import acknowledge, alerts, raise_alert
from store.session import transaction
from store.tables import Alert


def raised(session: Session, cause: str, severity: Severity = Severity.WARNING) -> Alert | None:
    return raise_alert(
        session, severity=severity, category="risk_assessment", cause=cause, title=f"about {cause}", description="..."
    )


def test_the_same_cause_is_told_once_while_its_alert_is_open(engine: Engine) -> None:
    with transaction(engine) as session:
        first = raised(session, "drift")
        assert first is not None
        assert raised(session, "drift") is None
        assert raised(session, "other") is not None
    with transaction(engine) as session:
        acknowledge(session, first.id, by="admin")
        assert raised(session, "drift") is not None


def test_the_newest_alert_stands_first_and_the_closed_can_be_told_apart(engine: Engine) -> None:
    with transaction(engine) as session:
        old, new = raised(session, "old"), raised(session, "new")
        assert old is not None
        assert new is not None
        acknowledge(session, old.id, by="admin")
        assert [alert.cause for alert in alerts(session)] == ["new", "old"]
        assert [alert.cause for alert in alerts(session, acknowledged=True)] == ["old"]
        assert [alert.cause for alert in alerts(session, acknowledged=False)] == ["new"]


def test_who_acknowledged_first_stays(engine: Engine) -> None:
    with transaction(engine) as session:
        alert = raised(session, "drift")
        assert alert is not None
        first = acknowledge(session, alert.id, by="one").acknowledged_at
        again = acknowledge(session, alert.id, by="two")
        assert (again.acknowledged_at, again.acknowledged_by) == (first, "one")


def test_an_alert_that_is_not_there_cannot_be_acknowledged(engine: Engine) -> None:
    with transaction(engine) as session, pytest.raises(NotFound):
        acknowledge(session, uuid7(), by="admin")
