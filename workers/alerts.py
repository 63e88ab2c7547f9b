"""Sends alerts to the places of FINREC_ALERT_URLS: e-mail, chat, webhooks, whatever Apprise knows."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from threading import Event

import structlog
from apprise import Apprise, AppriseAsset, NotifyType
from apprise.common import PersistentStoreMode
from sqlalchemy import Engine

from store.monitoring.deliveries import Pending, note_sent, take_due
from store.session import clock, transaction
from store.settings import Settings
from workers.database import open_engine
from workers.log import Patience
from workers.sweeper import repeated

LOOK_SECONDS = 3.0
SEND_SECONDS = 60.0
"""The server ends a transaction that waits longer for a place; Apprise gives up after 4 seconds to connect or read."""
FIRST_WAIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 600.0
PLACE_CHARACTERS = 16

TYPES = {"CRITICAL": NotifyType.FAILURE, "WARNING": NotifyType.WARNING}

LOG = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Place:
    """Where alerts go. One that fails is tried again after a wait that doubles; the others do not wait for it."""

    name: str
    """Derived from the URL, which holds secrets and is told nobody."""
    scheme: str
    send: Callable[[str, str, NotifyType], bool]
    clock: Callable[[], float] = time.monotonic
    wait_seconds: float = field(default=0.0, init=False)
    tried: float = field(default=0.0, init=False)

    def is_ready(self) -> bool:
        return self.clock() - self.tried >= self.wait_seconds

    def take(self, alerts: Sequence[Pending]) -> bool:
        """Sends them as one message; False where that failed."""
        worst = min((each.severity for each in alerts), key=["CRITICAL", "WARNING", "INFO"].index)
        took = self.send(_title(alerts, worst), _body(alerts), TYPES.get(worst, NotifyType.INFO))
        self.tried = self.clock()
        self.wait_seconds = 0.0 if took else min(max(2 * self.wait_seconds, FIRST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        return took


def place_of(url: str) -> Place:
    """The place behind an Apprise URL; one that Apprise cannot read fails at each message."""
    asset = AppriseAsset(app_id="finrec", async_mode=False, storage_mode=PersistentStoreMode.MEMORY)
    service = Apprise(asset=asset)
    scheme = url.split(":", maxsplit=1)[0]
    if not service.add(url):
        LOG.error("alert URL not understood", scheme=scheme)

    def send(title: str, body: str, kind: NotifyType) -> bool:
        return bool(service.notify(title=title, body=body, notify_type=kind))

    return Place(name=sha256(url.encode()).hexdigest()[:PLACE_CHARACTERS], scheme=scheme, send=send)


def deliver(engine: Engine, places: Sequence[Place], now: datetime | None = None) -> None:
    """Sends what is due by the clock of the database, or at `now`, to each place that is ready."""
    names = [place.name for place in places]
    for place in places:
        if place.is_ready():
            with transaction(engine) as session:
                alerts = take_due(session, place.name, now or clock(session))
                if alerts and place.take(alerts):
                    note_sent(session, alerts, place.name, names)
                    LOG.info("alerts sent", scheme=place.scheme, place=place.name, alerts=len(alerts))
                elif alerts:
                    LOG.warning("alerts not sent", scheme=place.scheme, place=place.name, again=place.wait_seconds)


@contextmanager
def delivering(settings: Settings) -> Iterator[None]:
    """Looks for alerts while the block lasts, beside whatever else the process does; without a URL never."""
    if not settings.alert_urls:
        yield
        return
    engine = open_engine(settings, idle_seconds=SEND_SECONDS)
    places = [place_of(url) for url in dict.fromkeys(settings.alert_urls)]
    with repeated(lambda: deliver(engine, places), seconds=LOOK_SECONDS, stopping=Event(), patience=Patience()):
        yield
    engine.dispose()


def _title(alerts: Sequence[Pending], worst: str) -> str:
    if len(alerts) == 1:
        return f"finrec {worst}: {alerts[0].title}"
    return f"finrec {worst}: {len(alerts)} alerts"


def _body(alerts: Iterable[Pending]) -> str:
    return "\n\n".join(f"{each.severity}: {each.title}\n{each.description}" for each in alerts)
