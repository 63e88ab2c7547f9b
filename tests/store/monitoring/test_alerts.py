"""Alerts: one open alert a cause, newest first, closed by whoever acknowledges first or by the end of its cause."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from engine.enums import Severity
from store.errors import NotFound
from store.ids import uuid7
from store.models import registry
from store.monitoring.alerts import acknowledge, alerts, open_alerts, raise_alert, settle, settle_replaced
from store.session import transaction
from store.tables import Alert
from tests.store.learned import registered

CATEGORY = "risk_assessment"


def raised(session: Session, cause: str, model_name: str | None = None) -> Alert | None:
    return raise_alert(
        session,
        severity=Severity.WARNING,
        category=CATEGORY,
        cause=cause,
        title=f"about {cause}",
        description="...",
        model_name=model_name,
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


def test_of_what_was_raised_about_a_version_only_what_holds_stays_open(engine: Engine) -> None:
    with transaction(engine) as session:
        for cause, model in (("mended", "one@1"), ("holding", "one@1"), ("another's", "one@2"), ("nobody's", None)):
            raised(session, cause, model)
        settle(session, "one@1", holding=["holding"])
        assert {alert.cause for alert in open_alerts(session)} == {"holding", "another's", "nobody's"}
        assert [alert.cause for alert in alerts(session) if alert.resolved_at] == ["mended"]
        assert raised(session, "holding", "one@1") is None
        assert raised(session, "mended", "one@1") is not None


def test_what_was_raised_about_a_version_is_over_when_another_answers(engine: Engine) -> None:
    with transaction(engine) as session:
        raised(session, "a job", None)
        settle_replaced(session)
        for number in (1, 2):
            registered(session, CATEGORY)
            raised(session, f"drift {number}", f"{CATEGORY}@{number}")
        registry.promote(session, CATEGORY, 1, actor="test", reason="test")
        settle_replaced(session)
        assert [alert.cause for alert in open_alerts(session)] == ["drift 1", "a job"]
        registry.promote(session, CATEGORY, 2, actor="test", reason="test")
        settle_replaced(session)
        assert [alert.cause for alert in open_alerts(session)] == ["a job"]
