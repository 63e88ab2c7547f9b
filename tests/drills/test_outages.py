"""PostgreSQL and Redis that go away for a while: the processes go on by themselves, say little about it, and no
training is lost or finished twice."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis import Redis, RedisError

from server.embedded import postgres_server, redis_server
from store.jobs import doorbell
from store.migrate import migrate
from store.session import connect
from tests.drills.conftest import SPENDERS
from tests.drills.trainings import assert_each_counts_once, have_ended, hire, request, statuses
from tests.waiting import pause, until
from tests.workers.crew import Crew
from tests.workers.slopes import add_spenders

pytestmark = pytest.mark.drill

AWAY_SECONDS = 3.0
TRAININGS = 4
DEADLINE_SECONDS = 240.0
MOST_LINES = 12
NOISE = "a library says something"


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="finrec-outage-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def lines(crew: Crew, number: int) -> list[str]:
    """The events of a log, one a line; a traceback would not be read."""
    said = crew.log(number).read_text().splitlines()
    return [json.loads(line)["event"] for line in said if line != NOISE]


def test_redis_goes_away_for_a_while(crew: Crew, folder: Path) -> None:
    with redis_server(folder) as service:
        crew.environment["REDIS_URL"] = service.url
        crew.hire()
        service.process.kill()
        service.process.wait()
        job_id = crew.request("DRIFT", do="succeed")
        pause(AWAY_SECONDS)
    with redis_server(folder) as again:
        assert again.url == service.url
        until(lambda: crew.job(job_id).status == "SUCCEEDED")
    assert len(lines(crew, 0)) <= MOST_LINES


def test_redis_is_killed_while_trainings_wait(trained_crew: Crew, folder: Path) -> None:
    with redis_server(folder) as service:
        trained_crew.environment["REDIS_URL"] = service.url
        hire(trained_crew)
        asked = request(trained_crew, TRAININGS)
        until(lambda: "RUNNING" in statuses(trained_crew, asked))
        service.process.kill()
        service.process.wait()
        pause(AWAY_SECONDS)
    with redis_server(folder):
        until(lambda: have_ended(trained_crew, asked), DEADLINE_SECONDS)
    assert set(statuses(trained_crew, asked)) == {"SUCCEEDED"}
    assert_each_counts_once(trained_crew, asked)


def test_postgres_is_restarted_while_trainings_run(crew: Crew, folder: Path) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(postgres_server(folder))
        migrate(first.url)
        crew.engine, crew.environment["DATABASE_URL"] = connect(first.url), first.url
        add_spenders(crew.engine, SPENDERS)
        hire(crew)
        asked = request(crew, TRAININGS)
        until(lambda: "RUNNING" in statuses(crew, asked))
        stack.close()
        pause(AWAY_SECONDS)
        stack.enter_context(postgres_server(folder))
        until(lambda: have_ended(crew, asked), DEADLINE_SECONDS)
        assert set(statuses(crew, asked)) == {"SUCCEEDED"}
        assert_each_counts_once(crew, asked)
        crew.end()
        crew.engine.dispose()


def test_a_worker_that_starts_before_redis_waits_for_it(crew: Crew, folder: Path) -> None:
    with redis_server(folder) as service:
        crew.environment["REDIS_URL"] = service.url
    crew.hire()
    job_id = crew.request("DRIFT", do="succeed")
    with pytest.raises(RedisError), Redis.from_url(service.url) as client:
        client.ping()
    with redis_server(folder):
        until(lambda: crew.job(job_id).status == "SUCCEEDED")
    assert crew.processes[0].poll() is None


def test_postgres_goes_away_for_a_while(crew: Crew, folder: Path) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(postgres_server(folder, durable=False))
        migrate(first.url)
        crew.engine, crew.environment["DATABASE_URL"] = connect(first.url), first.url
        doorbell.open_broker(crew.environment["REDIS_URL"])
        crew.hire()
        running = crew.request("DRIFT", do="hang")
        stage = until(lambda: crew.job(running).stage)
        scheduler = crew.start([sys.executable, "-m", "workers.schedule"])
        until(lambda: "process ready" in lines(crew, 1))
        stack.close()
        pause(AWAY_SECONDS)
        stack.enter_context(postgres_server(folder, durable=False))
        until(lambda: all("the database answers again" in lines(crew, number) for number in (0, 1)))
        pause(AWAY_SECONDS)
        job = crew.job(running)
        assert (job.status, job.attempts, job.stage) == ("RUNNING", 1, stage)
        assert crew.processes[0].poll() is scheduler.poll() is None
        crew.end()
        crew.engine.dispose()
    assert [lines(crew, number).count("the database does not answer") for number in (0, 1)] == [1, 1]
