"""Logging: one line of JSON an event, on standard error; an outage is told once a minute."""

import logging
import sys
import time
from collections.abc import Callable
from types import TracebackType

import structlog
from dramatiq.errors import BrokerConnectionError
from redis import RedisError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

REPEAT_SECONDS = 60.0

LOG = structlog.get_logger()

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configure(level: str) -> None:
    """Sends structlog's events and the libraries' records the same way."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Calm())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("dramatiq").setLevel(logging.WARNING)
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # we tell what was not sent, without the URL
    sys.excepthook = _tell_crash


class Calm(logging.Filter):
    """Dramatiq tells of an outage at each of its tries, some with a traceback: a line a minute is enough."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        outage = _outage(record)
        if outage is None:
            return True
        template, record.exc_info = str(record.msg), None
        record.msg, record.args = f"{template.split(':', maxsplit=1)[0]}: {brief(outage)}", ()
        return self._is_new(template)

    def _is_new(self, template: str) -> bool:
        now = self._clock()
        is_new = now - self._told.get(template, -REPEAT_SECONDS) >= REPEAT_SECONDS
        if is_new:
            self._told[template] = now
        return is_new


class Patience:
    """A block that may fail because the database does not answer; whoever opened it tries again later.

    Says once that the database went and once that it is back.
    """

    def __init__(self) -> None:
        self._since: float | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if error is not None and is_absence(error):
            self._note_absence(error)
            return True
        if error is None and self._since is not None:
            LOG.info("the database answers again", seconds=round(time.monotonic() - self._since, 1))
            self._since = None
        return False

    def _note_absence(self, error: BaseException) -> None:
        if self._since is None:
            LOG.warning("the database does not answer", error=brief(error))
            self._since = time.monotonic()


def _outage(record: logging.LogRecord) -> BaseException | None:
    """The outage that a record of Dramatiq is about, as its exception or among its arguments."""
    if not record.name.startswith("dramatiq"):
        return None
    told = [record.exc_info[1] if record.exc_info else None, *(record.args or ())]
    return next((error for error in told if isinstance(error, (RedisError, BrokerConnectionError))), None)


def _tell_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    LOG.critical("the process crashes", exc_info=(kind, error, trace))


def is_absence(error: BaseException) -> bool:
    """Whether the database did not answer, or hung up."""
    return isinstance(error, (OperationalError, InterfaceError)) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )


def brief(error: BaseException) -> str:
    """The first line of an error, without the statement and the parameters, which may hold personal data."""
    told = error.orig if isinstance(error, DBAPIError) else error
    return str(told).strip().split("\n", 1)[0]
