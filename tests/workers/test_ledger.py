"""The daily job of the ledger: judges what is known, waits for what may come, publishes, and compares versions."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from engine import catalog
from engine.experiment import arm
from engine.promises import Promise, PromiseKind
from store import claims, experiments, ledger, models, scores
from store.crypto import Vault
from store.errors import ClaimLost
from store.ids import uuid7
from store.models import Version
from store.session import transaction
from store.tables import Experiment, MlRecommendation, Transaction
from tests.households import NOW, TODAY, add_household
from tests.oracle import Oracle, Shown, shown
from tests.store.artifact_samples import MANIFEST
from tests.store.learner import StepTrainer
from tests.workers.crew import Crew
from tests.workers.test_scoring import assigned
from workers.ledger import PUBLISHED, WAIT_DAYS, judge_promises

DUE = date(2026, 10, 1)
SPENT = 1_700.0  # by the household of these tests, in every month


@pytest.fixture(autouse=True)
def oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Oracle()
    monkeypatch.setattr(Oracle, "trainer", StepTrainer())
    monkeypatch.setitem(catalog.BY_NAME, "oracle", made)


@pytest.fixture
def users(engine: Engine) -> list[UUID]:
    with transaction(engine, everyone=True) as session:
        return sorted(add_household(session) for _ in range(3))


def at(day: date) -> Callable[[Session], datetime]:
    return lambda session: datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def spends(low: float = 1_600.0, high: float = 1_800.0, *, due: date = DUE) -> Promise:
    return Promise(
        kind=PromiseKind.MONTH_SPENT,
        subject=str(due - timedelta(days=1)),
        due=due,
        expected=(low + high) / 2,
        low=low,
        high=high,
        before=low,
    )


def recorded(engine: Engine, vault: Vault, *given: Shown) -> None:
    with transaction(engine, everyone=True) as session:
        ledger.record(session, vault.ciphers(session, {one.user_id for one in given}), given)


def live_on(engine: Engine, users: Sequence[UUID], until: date) -> None:
    """The households go on spending as before, once a month on the 20th and on the last day."""
    with transaction(engine, everyone=True) as session:
        for user in users:
            session.add_all(_spending(user, until))


def _spending(user: UUID, until: date) -> list[Transaction]:
    months = [date(2026, month, 20) for month in range(7, 13)]
    days = [*(day for day in months if day < until), until]
    return [
        Transaction(user_id=user, date=day, category="rent", amount=Decimal(-SPENT if day.day == 20 else 0))
        for day in days
    ]


def run(engine: Engine, vault: Vault, day: date, size: int = 2) -> dict[str, int]:
    return judge_promises(assigned(engine, vault, "LEDGER"), clock=at(day), batch_users=size)


def figures(engine: Engine) -> dict[str, float]:
    with transaction(engine) as session:
        rows = session.connection().execute(text("SELECT * FROM ml_model_performance ORDER BY recorded_at"))
        return {row.metric_name: float(row.metric_value) for row in rows}


# --- judging ----------------------------------------------------------------------------------------------------------


def test_nothing_is_judged_before_its_day_and_all_of_it_on_it(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, *(shown(user, spends()) for user in users))
    live_on(engine, users, DUE)
    assert run(engine, vault, DUE - timedelta(days=1)) == {"models": 0}
    assert run(engine, vault, DUE) == {"known": 3, "models": 1}
    assert run(engine, vault, DUE + timedelta(days=1)) == {"models": 1}
    assert figures(engine)["ledger_judged"] == 3


def test_what_is_not_known_yet_is_waited_for_and_then_unknown(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, *(shown(user, spends()) for user in users))
    live_on(engine, users[:1], DUE)
    assert run(engine, vault, DUE)["known"] == 1
    live_on(engine, users[1:2], DUE + timedelta(days=9))
    assert run(engine, vault, DUE + timedelta(days=WAIT_DAYS - 1)) == {"known": 1, "models": 1}
    assert run(engine, vault, DUE + timedelta(days=WAIT_DAYS)) == {"unknown": 1, "models": 1}
    assert figures(engine)["ledger_unknown"] == 1


def test_it_goes_on_behind_the_cursor_and_does_nothing_twice(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, *(shown(user, spends()) for user in users))
    live_on(engine, users, DUE)
    later = assigned(engine, vault, "LEDGER", cursor=users[1])
    assert judge_promises(later, clock=at(DUE)) == {"known": 1, "models": 1}
    with transaction(engine) as session:
        cursor = session.connection().execute(text("SELECT cursor FROM jobs")).scalar_one()
    assert cursor == PUBLISHED
    published = len(figures(engine))
    again = assigned(engine, vault, "LEDGER")
    done = replace(again, claim=replace(again.claim, cursor=PUBLISHED))
    assert judge_promises(done, clock=at(DUE)) == {}
    assert len(figures(engine)) == published


def test_a_claim_lost_in_the_middle_judges_nothing(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, *(shown(user, spends()) for user in users))
    live_on(engine, users, DUE)
    lost = assigned(engine, vault, "LEDGER")
    with transaction(engine) as session:
        session.connection().execute(text("UPDATE jobs SET status = 'CANCELLED'"))
    with pytest.raises(ClaimLost):
        judge_promises(lost, clock=at(DUE))
    with transaction(engine, everyone=True) as session:
        assert ledger.count_due(session, DUE, None) == 3
        assert sum(each.number for each in scores.calibration(session, "oracle", None, DUE)) == 0


def test_an_interval_is_judged_by_what_was_spent(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    said = [shown(users[0], spends()), shown(users[1], spends(1_000.0, 1_699.0)), shown(users[2], spends())]
    recorded(engine, vault, *said)
    live_on(engine, users, DUE)
    run(engine, vault, DUE)
    with transaction(engine, everyone=True) as session:
        row = session.connection().execute(text("SELECT * FROM forecast_scores WHERE measure = 'INTERVAL'")).one()
    assert (row.model_name, row.number, row.came) == ("oracle/rule", 3, 2.0)


def test_the_real_child_judges(crew: Crew, vault: Vault) -> None:
    job_id = crew.request("LEDGER")
    with transaction(crew.engine) as session:
        claims.claim(session, job_id, lease_seconds=60)
    child = subprocess.Popen(
        [sys.executable, "-m", "workers.child", str(job_id), "1"],
        env=crew.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    with child.stdin, child.stdout:
        assert child.stdout.read() == b'{"ended": "DONE", "result": {"models": 0}}'
        assert child.wait(10) == 0


# --- experiments ------------------------------------------------------------------------------------------------------

CROWD = 600


@pytest.fixture
def trial(engine: Engine) -> Experiment:
    with transaction(engine) as session:
        for _ in range(2):
            _registered(session)
        models.promote(session, "oracle", 1, actor="ann", reason="by hand")
        return experiments.start(session, "oracle", 2, 0.5, actor="ann")


def _registered(session: Session) -> Version:
    return models.register(
        session,
        category="oracle",
        path=f"oracle/{uuid4()}-1",
        checksum="0" * 64,
        proven=True,
        training_users=400,
        manifest=MANIFEST,
    )


def decided(engine: Engine, trial: Experiment, *, accepted: dict[bool, float]) -> None:
    """A crowd of which in each arm so great a share accepts what it is told."""
    with transaction(engine, everyone=True) as session:
        crowd = [uuid7() for _ in range(CROWD)]
        rows = [{"id": user, "currency": "USD", "source": "test", "data_version": 1} for user in crowd]
        session.connection().execute(text(_USER), rows)
        for number, user in enumerate(crowd):
            drawn = arm(trial.id, user, trial.challenger_share)
            takes = (number % 10) / 10 < accepted[drawn]
            session.add(_recommendation(user, f"oracle@{2 if drawn else 1}", "ACCEPTED" if takes else "DISMISSED"))


_USER = """
INSERT INTO users (id, currency, source, data_version, created_at)
VALUES (:id, :currency, :source, :data_version, now())
"""


def _recommendation(user: UUID, model: str, status: str) -> MlRecommendation:
    return MlRecommendation(
        user_id=user,
        recommendation_type="oracle",
        key="do",
        title=b"",
        description=b"",
        priority="LOW",
        status=status,
        model_name=model,
        recommendation_data=b"",
        actionable_items=b"",
        created_at=datetime.now(UTC) + timedelta(minutes=1),
        valid_until=NOW + timedelta(days=900),
    )


def standing(engine: Engine, trial: Experiment) -> Experiment:
    with transaction(engine) as session:
        return experiments.find(session, trial.id)


def test_both_versions_are_scored_by_what_users_do_with_their_advice(
    engine: Engine, vault: Vault, trial: Experiment
) -> None:
    decided(engine, trial, accepted={False: 0.5, True: 0.8})
    run(engine, vault, TODAY, size=200)
    found = standing(engine, trial)
    assert found.samples == CROWD
    assert found.champion_score == pytest.approx(0.5, abs=0.03)
    assert found.challenger_score == pytest.approx(0.65, abs=0.03)
    assert found.probability_better is not None
    assert found.probability_better > 0.975
    assert found.concluded_at is None  # to promote is for an administrator


def test_a_challenger_that_does_worse_is_stopped_with_an_alert(engine: Engine, vault: Vault, trial: Experiment) -> None:
    decided(engine, trial, accepted={False: 0.9, True: 0.3})
    run(engine, vault, TODAY, size=200)
    found = standing(engine, trial)
    assert found.concluded_at
    assert (found.conclusion or "").startswith("stopped: users of version 2 fare worse than those of version 1")
    with transaction(engine) as session:
        alert = session.connection().execute(text("SELECT severity, category, title FROM alerts")).one()
        deed = session.connection().execute(text("SELECT action, subject FROM audit_log")).one()
        champion = models.champion(session, "oracle")
    assert tuple(alert) == ("WARNING", "oracle", "The experiment of oracle was stopped: its challenger does worse")
    assert tuple(deed) == ("stop_experiment", str(trial.id))
    assert champion
    assert champion.version == 1


def test_an_experiment_ends_when_its_champion_is_replaced(engine: Engine, vault: Vault, trial: Experiment) -> None:
    with transaction(engine) as session:
        _registered(session)
        models.promote(session, "oracle", 3, actor="ann", reason="by hand")
    run(engine, vault, TODAY)
    assert standing(engine, trial).conclusion == "stopped: version 1 is no longer the champion"


def test_versions_are_compared_on_promises_that_were_not_made_before(
    engine: Engine, vault: Vault, users: list[UUID], trial: Experiment
) -> None:
    now = datetime.now(UTC) + timedelta(minutes=1)
    with transaction(engine) as session:
        versions = {version: models.find(session, "oracle", version) for version in (1, 2)}
        session.connection().execute(text("UPDATE experiments SET challenger_share = 0.999999"))
    old, new = spends(due=date(2026, 9, 1)), spends(due=DUE)
    recorded(engine, vault, shown(users[0], old, model=versions[1]))
    recorded(engine, vault, shown(users[0], old, new, at=now, model=versions[2]))
    live_on(engine, users, DUE)
    with transaction(engine, everyone=True) as session:
        session.connection().execute(text("UPDATE experiments SET started_at = now()"))
    run(engine, vault, DUE)
    found = standing(engine, trial)
    assert found.samples == 1
    # Right to the cent where saying that nothing changes was off by 100: 1; nothing was said of advice: 0.5.
    assert found.challenger_score == pytest.approx(0.75)
