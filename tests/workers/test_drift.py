"""A drift check leaves a report, an alert by how much it matters, and at most one training a day."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from engine.enums import ModelHealth, Severity
from engine.learning.metrics import Metric
from store import jobs
from store.artifacts import Archive
from store.crypto import Vault
from store.jobs import claims
from store.models import performance
from store.monitoring.alerts import alerts
from store.monitoring.upkeep import upkeep_of
from store.session import transaction
from store.tables import Alert, DriftReport, Job
from tests.workers.runs import run
from tests.workers.slopes import TAUGHT, TRAINERS, add_spenders
from workers.assignment import Assignment
from workers.drift import check_drift

USERS = 300


@pytest.fixture
def champion(engine: Engine, vault: Vault, archive: Archive) -> None:
    """One that was trained on people who are still there."""
    add_spenders(engine, USERS)
    run(engine, vault, archive)


def check(engine: Engine, vault: Vault, archive: Archive, **arguments: Any) -> Mapping[str, Any]:
    with transaction(engine) as session:
        job = jobs.request(session, "DRIFT", arguments, requested_by="test")
        claim = claims.claim(session, job.id, lease_seconds=60)
        assert claim is not None
    return check_drift(Assignment(claim=claim, engine=engine, vault=vault, archive=archive), TRAINERS)


def raise_incomes(engine: Engine, factor: float, users: str = "true") -> None:
    with transaction(engine, everyone=True) as session:
        changed = f"UPDATE financial_profiles SET annual_income = annual_income * {factor} WHERE {users}"
        session.connection().execute(text(changed))


def reports(engine: Engine) -> list[DriftReport]:
    with transaction(engine) as session:
        return list(session.exec(select(DriftReport)))


def raised(engine: Engine) -> list[Alert]:
    with transaction(engine) as session:
        return list(alerts(session))


def trainings(engine: Engine) -> list[Job]:
    with transaction(engine) as session:
        return list(session.exec(select(Job).where(Job.kind == "TRAINING", Job.requested_by == "drift")))


def test_the_users_of_the_training_day_have_not_drifted(
    engine: Engine, vault: Vault, archive: Archive, champion: None
) -> None:
    assert check(engine, vault, archive)["checked"] == {TAUGHT: {"score": 0.0, "severity": "NONE"}}
    (report,) = reports(engine)
    assert (report.category, report.version, report.reference_rows, report.current_rows) == (TAUGHT, 1, USERS, USERS)
    assert [feature["feature"] for feature in report.features] == ["income"]
    assert raised(engine) == []


def test_a_critical_drift_is_told_and_trained_for_at_once(
    engine: Engine, vault: Vault, archive: Archive, champion: None
) -> None:
    raise_incomes(engine, 2)
    check(engine, vault, archive)
    (alert,) = raised(engine)
    assert (alert.severity, alert.category) == ("CRITICAL", TAUGHT)
    with transaction(engine) as session:
        (job,) = session.exec(select(Job).where(Job.kind == "DRIFT"))
    assert str(job.stage).startswith(f"{TAUGHT}: drift of {reports(engine)[0].score:.2f} (CRITICAL); not checked: ")
    assert "income by" in alert.description
    (training,) = trainings(engine)
    assert training.arguments == {"categories": [TAUGHT], "retrain": False}
    with transaction(engine) as session:
        upkeep = upkeep_of(session, [TAUGHT])[TAUGHT]
    assert upkeep.report is not None
    assert upkeep.health is ModelHealth.DRIFTING
    assert upkeep.report.score > 0.25


def test_the_same_drift_found_again_is_neither_told_nor_trained_for_twice(
    engine: Engine, vault: Vault, archive: Archive, champion: None
) -> None:
    raise_incomes(engine, 2)
    for _ in range(2):
        check(engine, vault, archive)
    assert len(reports(engine)) == 2
    assert len(raised(engine)) == 1
    assert len(trainings(engine)) == 1


def test_a_training_that_the_drift_asked_for_is_done_though_the_champion_is_fresh(
    engine: Engine, vault: Vault, archive: Archive, champion: None
) -> None:
    raise_incomes(engine, 2)
    check(engine, vault, archive)
    _, result = run(engine, vault, archive, categories=[TAUGHT], retrain=False)
    assert TAUGHT in result["trained"]


def test_a_lesser_drift_waits_for_the_next_slot(engine: Engine, vault: Vault, archive: Archive, champion: None) -> None:
    raise_incomes(engine, 1.25)
    check(engine, vault, archive)
    (alert,) = raised(engine)
    assert alert.severity == Severity.WARNING
    assert trainings(engine) == []
    with transaction(engine) as session:
        upkeep = upkeep_of(session, [TAUGHT])[TAUGHT]
    assert upkeep.report is not None
    assert upkeep.report.severity == Severity.WARNING


def test_what_another_check_does_not_find_again_is_over(
    engine: Engine, vault: Vault, archive: Archive, champion: None
) -> None:
    raise_incomes(engine, 2)
    check(engine, vault, archive)
    raise_incomes(engine, 0.625)
    check(engine, vault, archive)
    assert [(alert.severity, alert.resolved_at is None) for alert in raised(engine)] == [
        ("WARNING", True),
        ("CRITICAL", False),
    ]
    raise_incomes(engine, 0.8)
    check(engine, vault, archive)
    assert not any(alert.resolved_at is None for alert in raised(engine))


def test_a_figure_that_got_worse_is_told(engine: Engine, vault: Vault, archive: Archive, champion: None) -> None:
    with transaction(engine) as session:
        performance.record(session, f"{TAUGHT}@1", [Metric(name="r2", value=0.1)])
    check(engine, vault, archive)
    (alert,) = raised(engine)
    assert alert.severity == Severity.WARNING
    assert "r2 got worse by" in alert.title


def test_what_cannot_be_checked_is_said(engine: Engine, vault: Vault, archive: Archive) -> None:
    result = check(engine, vault, archive, categories=[TAUGHT, "portfolio_rebalancing"])
    assert result["checked"] == {}
    assert "rules answer" in result["skipped"][TAUGHT]
    with transaction(engine) as session:
        (job,) = session.exec(select(Job))
    assert job.stage == (
        f"not checked: {TAUGHT} (no version is in place: rules answer); "
        "not checked: portfolio_rebalancing (it fits the market, not people)"
    )
    assert "market" in result["skipped"]["portfolio_rebalancing"]


def test_a_check_that_is_taken_up_again_reports_once(
    engine: Engine, vault: Vault, archive: Archive, champion: None
) -> None:
    with transaction(engine) as session:
        job = jobs.request(session, "DRIFT", {}, requested_by="test")
        claim = claims.claim(session, job.id, lease_seconds=60)
        assert claim is not None
    for _ in range(2):
        with transaction(engine) as session:
            held = claims.held(session, job.id, claim.fence)
        check_drift(Assignment(claim=held, engine=engine, vault=vault, archive=archive), TRAINERS)
    assert len(reports(engine)) == 1
