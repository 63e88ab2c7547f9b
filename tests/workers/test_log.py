"""What is logged of outages: little, on one line, and nothing personal."""

import logging

from dramatiq.errors import BrokerConnectionError
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.exc import OperationalError

from workers.log import Calm, brief


def record(
    message: str, *args: object, error: BaseException | None = None, name: str = "dramatiq"
) -> logging.LogRecord:
    told = None if error is None else (type(error), error, None)
    return logging.LogRecord(name, logging.CRITICAL, __file__, 1, message, args, told)


def test_an_outage_that_dramatiq_tells_with_a_traceback_is_told_in_a_line() -> None:
    told = record("Consumer encountered an unexpected error.", error=RedisConnectionError("Timeout reading"))
    assert Calm().filter(told)
    assert told.getMessage() == "Consumer encountered an unexpected error.: Timeout reading"
    assert told.exc_info is None


def test_the_same_outage_is_told_once_a_minute() -> None:
    calm = Calm(iter([100.0, 130.0, 161.0]).__next__)
    errors = [BrokerConnectionError(f"try {number}") for number in range(3)]  # type: ignore[no-untyped-call]
    told = [record("Consumer encountered a connection error: %s", error) for error in errors]
    assert [calm.filter(one) for one in told] == [True, False, True]
    assert told[0].getMessage() == "Consumer encountered a connection error: try 0"


def test_our_own_events_and_bugs_are_never_dropped() -> None:
    calm = Calm()
    assert all(calm.filter(record("job left", name="workers.supervisor")) for _ in range(3))
    assert all(calm.filter(record("Failed to process message", error=ZeroDivisionError())) for _ in range(3))


def test_a_bug_keeps_its_traceback() -> None:
    told = record("Failed to process message", error=ZeroDivisionError())
    assert Calm().filter(told)
    assert told.exc_info is not None


def test_neither_statement_nor_parameters_of_a_failed_query_are_told() -> None:
    error = OperationalError("SELECT :income", {"income": 51234}, ValueError("server closed\nthe connection"))
    assert brief(error) == "server closed"
