"""Alerts arrive once at each place, as soon as they must, however many schedulers send them."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, Thread

import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import Engine, text

from engine.enums import Severity
from store import jobs
from store.jobs import claims
from store.monitoring.alerts import acknowledge, alerts, raise_alert, settle
from store.session import transaction
from store.tables import Alert
from tests.waiting import DEADLINE_SECONDS, until
from tests.workers.crew import Crew
from workers.alerts import Place, deliver, place_of
from workers.pace import Pace
from workers.sweeper import sweep

# Apprise asks for a module of the standard library that goes with Python 3.13.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

MONDAY = datetime(2026, 6, 15, tzinfo=UTC)
MODEL = "risk_assessment@1"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(kw_only=True)
class Webhook:
    """A real server that takes messages; with `status` 500 it refuses them."""

    url: str = ""
    status: int = 200
    messages: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Webhook]:
    webhook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if webhook.status == 200:
                webhook.messages.append(message)
            self.send_response(webhook.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    webhook.url = f"json://127.0.0.1:{server.server_port}/alerts"
    thread = Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield webhook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with serving() as made:
        yield made


def raised(
    engine: Engine, cause: str, severity: Severity, at: datetime = MONDAY, model_name: str | None = None
) -> Alert:
    with transaction(engine) as session:
        alert = raise_alert(
            session,
            severity=severity,
            category=None,
            cause=cause,
            title=f"about {cause}",
            description="what to do",
            model_name=model_name,
        )
        assert alert is not None
        session.connection().execute(
            text("UPDATE alerts SET raised_at = :at WHERE id = :id"), {"at": at, "id": alert.id}
        )
        return alert


def undelivered(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return sorted(alert.cause for alert in alerts(session) if alert.delivered_at is None)


def test_a_job_that_is_given_up_is_told_once_a_kind(engine: Engine, broker: RedisBroker) -> None:
    for _ in range(2):
        with transaction(engine) as session:
            job = jobs.request(session, "LEDGER", {}, requested_by="test")
        for _ in range(3):
            with transaction(engine) as session:
                assert claims.claim(session, job.id, lease_seconds=-1)
            sweep(engine, broker, Pace(lease_seconds=0, queued_seconds=60))
    with transaction(engine) as session:
        (alert,) = alerts(session)
    assert (alert.severity, alert.title) == ("CRITICAL", "A job of the kind LEDGER was given up")
    assert alert.description.endswith("failed 3 times, at last with LEASE_EXPIRED.")


def test_a_critical_alert_is_sent_at_once_and_once(engine: Engine, webhook: Webhook) -> None:
    raised(engine, "drift", Severity.CRITICAL)
    places = [place_of(webhook.url)]
    for _ in range(2):
        deliver(engine, places, MONDAY)
    (message,) = webhook.messages
    assert message["title"] == "finrec CRITICAL: about drift"
    assert "what to do" in message["message"]
    assert undelivered(engine) == []


def test_a_warning_is_sent_within_a_day_and_the_rest_once_a_week(engine: Engine, webhook: Webhook) -> None:
    raised(engine, "warning", Severity.WARNING, MONDAY + 9 * HOUR)
    raised(engine, "info", Severity.INFO, MONDAY + 9 * HOUR)
    places = [place_of(webhook.url)]
    deliver(engine, places, MONDAY + 23 * HOUR)
    assert webhook.messages == []
    deliver(engine, places, MONDAY + 9 * HOUR + DAY)
    assert undelivered(engine) == ["info"]
    deliver(engine, places, MONDAY + 6 * DAY)
    assert undelivered(engine) == ["info"]
    deliver(engine, places, MONDAY + 7 * DAY + 8 * HOUR)
    assert undelivered(engine) == []


def test_what_is_due_together_is_one_message(engine: Engine, webhook: Webhook) -> None:
    for number in range(3):
        raised(engine, f"warning {number}", Severity.WARNING)
    deliver(engine, [place_of(webhook.url)], MONDAY + DAY)
    (message,) = webhook.messages
    assert message["title"] == "finrec WARNING: 3 alerts"
    assert all(f"about warning {number}" in message["message"] for number in range(3))


def test_what_was_acknowledged_is_not_sent(engine: Engine, webhook: Webhook) -> None:
    alert = raised(engine, "drift", Severity.CRITICAL)
    with transaction(engine) as session:
        acknowledge(session, alert.id, by="admin")
    deliver(engine, [place_of(webhook.url)], MONDAY)
    assert webhook.messages == []


def test_what_is_over_is_not_sent_and_what_began_again_is(engine: Engine, webhook: Webhook) -> None:
    places = [place_of(webhook.url)]
    raised(engine, "drift", Severity.WARNING, model_name=MODEL)
    with transaction(engine) as session:
        settle(session, MODEL, holding=[])
    deliver(engine, places, MONDAY + DAY)
    assert webhook.messages == []
    raised(engine, "drift", Severity.WARNING, MONDAY + DAY)
    deliver(engine, places, MONDAY + 2 * DAY)
    assert [message["title"] for message in webhook.messages] == ["finrec WARNING: about drift"]


def test_what_is_being_sent_keeps_nobody_waiting_who_ends_its_cause(engine: Engine) -> None:
    raised(engine, "drift", Severity.CRITICAL, model_name=MODEL)

    def send(title: str, body: str, kind: object) -> bool:
        with transaction(engine) as session:
            session.connection().execute(text("SET LOCAL lock_timeout = 1"))
            settle(session, MODEL, holding=[])
        return True

    deliver(engine, [Place(name="slow", scheme="json", send=send)], MONDAY)
    assert undelivered(engine) == []


def test_a_place_that_fails_is_tried_again_and_the_others_are_told_once(engine: Engine, webhook: Webhook) -> None:
    with serving() as broken:
        broken.status = 500
        places = [place_of(broken.url), place_of(webhook.url)]
        raised(engine, "drift", Severity.CRITICAL)
        deliver(engine, places, MONDAY)
        assert len(webhook.messages) == 1
        assert undelivered(engine) == ["drift"]
        broken.status = 200
        deliver(engine, [place_of(broken.url), place_of(webhook.url)], MONDAY)
        assert (len(broken.messages), len(webhook.messages)) == (1, 1)
    assert undelivered(engine) == []


def test_the_wait_for_a_place_that_fails_doubles_up_to_ten_minutes(engine: Engine) -> None:
    now, tries = [1000.0], 0

    def send(title: str, body: str, kind: object) -> bool:
        nonlocal tries
        tries += 1
        return False

    place = Place(name="down", scheme="json", send=send, clock=lambda: now[0])
    raised(engine, "drift", Severity.CRITICAL)
    for seconds in (0, 4, 2, 5, 6):
        now[0] += seconds
        deliver(engine, [place], MONDAY)
    assert tries == 3
    for _ in range(20):
        now[0] += 600
        deliver(engine, [place], MONDAY)
    assert tries == 23
    assert place.wait_seconds == 600


def test_a_url_that_is_none_keeps_nothing_from_the_others(engine: Engine, webhook: Webhook) -> None:
    raised(engine, "drift", Severity.CRITICAL)
    deliver(engine, [place_of("nonsense"), place_of(webhook.url)], MONDAY)
    assert len(webhook.messages) == 1


def test_many_senders_at_once_send_once(engine: Engine, webhook: Webhook) -> None:
    barrier = Barrier(4, timeout=DEADLINE_SECONDS)

    def send() -> None:
        places = [place_of(webhook.url)]
        for _ in range(10):
            barrier.wait()
            deliver(engine, places, MONDAY)

    threads = [Thread(target=send) for _ in range(4)]
    for number in range(20):
        raised(engine, f"cause {number}", Severity.CRITICAL)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = "\n".join(message["message"] for message in webhook.messages)
    assert all(sent.count(f"about cause {number}\n") == 1 for number in range(20))
    assert undelivered(engine) == []


def test_a_scheduler_sends_what_a_setting_names(crew: Crew, webhook: Webhook) -> None:
    raised(crew.engine, "drift", Severity.CRITICAL)
    crew.environment["FINREC_ALERT_URLS"] = f"json://127.0.0.1:9/nobody?token=geheim {webhook.url}"
    scheduler = crew.start([sys.executable, "-m", "workers.schedule"])
    until(lambda: len(webhook.messages) == 1)
    until(lambda: "alerts not sent" in crew.log(0).read_text())
    scheduler.terminate()
    assert scheduler.wait(DEADLINE_SECONDS) == 0
    assert "geheim" not in crew.log(0).read_text()
