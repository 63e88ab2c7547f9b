"""What the daily job of the ledger makes of experiments: scores, an end where one cannot go on, fair comparisons."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from engine.experiments import Arm, Pair, arm
from store.crypto import Vault
from store.ids import uuid7
from store.models import experiments, registry
from store.models.trials import Came
from store.session import transaction
from store.tables import Experiment, MlRecommendation
from tests.households import NOW, TODAY
from tests.oracle import Oracle, shown
from tests.store.learned import registered
from tests.store.learner import StepTrainer
from tests.workers.test_ledger import DUE, live_on, recorded, run, spends

CROWD = 600


@pytest.fixture(autouse=True)
def learns(oracle: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Oracle, "trainer", StepTrainer())


@pytest.fixture
def trial(engine: Engine) -> Experiment:
    with transaction(engine) as session:
        for _ in range(2):
            registered(session, "oracle")
        registry.promote(session, "oracle", 1, actor="ann", reason="by hand")
        return experiments.start(session, "oracle", 2, 0.5, actor="ann")


def decided(engine: Engine, trial: Experiment, *, accepted: dict[bool, float]) -> None:
    """A crowd of which in each arm so great a share accepts what it is told, whoever falls into which."""
    with transaction(engine, everyone=True) as session:
        crowd = [uuid7() for _ in range(CROWD)]
        rows = [{"id": user, "currency": "USD", "source": "test", "data_version": 1} for user in crowd]
        session.connection().execute(text(_USER), rows)
        seen = {False: 0, True: 0}
        for user in crowd:
            drawn = arm(trial.id, user, trial.challenger_share)
            takes = (seen[drawn] % 10) / 10 < accepted[drawn]
            seen[drawn] += 1
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
    assert found.champion_score == pytest.approx(0.5, abs=0.02)
    assert found.challenger_score == pytest.approx(0.65, abs=0.02)
    assert found.probability_better is not None
    assert found.probability_better > 0.975
    assert found.concluded_at is None  # to promote is for an administrator


def test_a_challenger_that_does_worse_is_stopped_with_an_alert(engine: Engine, vault: Vault, trial: Experiment) -> None:
    decided(engine, trial, accepted={False: 0.9, True: 0.3})
    run(engine, vault, TODAY, size=200)
    found = standing(engine, trial)
    assert found.concluded_at
    assert found.conclusion
    assert found.conclusion.startswith("stopped: by the outcome, users of version 2 fare worse than those of version 1")
    with transaction(engine) as session:
        alert = session.connection().execute(text("SELECT severity, category, title FROM alerts")).one()
        deed = session.connection().execute(text("SELECT action, subject FROM audit_log")).one()
        champion = registry.champion(session, "oracle")
    assert tuple(alert) == ("WARNING", "oracle", "The experiment of oracle was stopped: its challenger does worse")
    assert tuple(deed) == ("stop_experiment", str(trial.id))
    assert champion
    assert champion.version == 1


def test_advice_that_is_taken_does_not_make_up_for_promises_that_are_not_kept(
    engine: Engine, trial: Experiment
) -> None:
    few, many = Arm(users=400, mean=0.4, variance=0.01), Arm(users=400, mean=0.6, variance=0.01)
    came = Came(
        outcome=Pair(champion=few, challenger=many),
        promises=Pair(champion=many, challenger=few),
        advice=Pair(champion=few, challenger=replace(many, mean=1.0)),
    )
    with transaction(engine) as session:
        deeds = experiments.note(session, trial.id, came)
    found = standing(engine, trial)
    assert [(deed.action, deed.subject) for deed in deeds] == [("stop_experiment", str(trial.id))]
    assert found.probability_better is not None
    assert found.probability_better > 0.975
    assert found.conclusion
    assert found.conclusion.startswith("stopped: by the worth of judged promises")


def test_an_experiment_ends_when_its_champion_is_replaced(engine: Engine, vault: Vault, trial: Experiment) -> None:
    with transaction(engine) as session:
        registered(session, "oracle")
        registry.promote(session, "oracle", 3, actor="ann", reason="by hand")
    run(engine, vault, TODAY)
    assert standing(engine, trial).conclusion == "stopped: version 1 is no longer the champion"


def test_versions_are_compared_on_promises_that_were_not_made_before(
    engine: Engine, vault: Vault, users: list[UUID], trial: Experiment
) -> None:
    now = datetime.now(UTC) + timedelta(minutes=1)
    with transaction(engine) as session:
        versions = {version: registry.find(session, "oracle", version) for version in (1, 2)}
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
