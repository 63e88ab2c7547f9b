"""What the dashboard shows of a category: health, why it is due, and when it is trained next."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from engine.enums import ModelHealth, TrainingEnding
from engine.learning.metrics import Metric
from store import jobs
from store.jobs import claims
from store.jobs.slots import latest_time, next_time
from store.models import performance, registry
from store.models.endings import CategoryEnding, as_result
from store.monitoring.upkeep import Upkeep, upkeep_of
from store.session import transaction
from store.tables import DriftReport
from tests.households import NOW
from tests.store.learned import registered

CATEGORY = "risk_assessment"
DAY = timedelta(days=1)


def put_in_place(session: Session) -> None:
    version = registered(session, CATEGORY)
    registry.promote(session, CATEGORY, version.version, actor="test", reason="test")


def upkeep(session: Session) -> Upkeep:
    return upkeep_of(session, [CATEGORY])[CATEGORY]


def report(severity: str, score: float) -> DriftReport:
    feature = {"feature": "age", "psi": score, "sure": severity != "NONE", "severity": severity}
    return DriftReport(
        category=CATEGORY,
        version=1,
        score=score,
        severity=severity,
        features=[feature],
        reference_rows=500,
        current_rows=500,
    )


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as opened:
        yield opened


def test_what_was_never_trained_is_due_at_the_next_slot(session: Session) -> None:
    found = upkeep(session)
    assert found.health is ModelHealth.UNTRAINED
    assert found.retraining_due
    assert found.retraining_reason == "No version has been trained yet."
    assert found.next_training_at is not None
    assert found.last_trained_at is None


def note(session: Session, ending: TrainingEnding, reason: str) -> None:
    """A training that came to this."""
    job = jobs.request(session, "TRAINING", {}, requested_by="test")
    claim = claims.claim(session, job.id, lease_seconds=60)
    assert claim
    ended = CategoryEnding(category=CATEGORY, ending=ending, reason=reason)
    claims.advance(session, claim, progress=1, stage="", result=as_result(ended))
    claims.finish(session, claim)


def last_day(session: Session) -> date:
    """On which the last training ended: midnight may have passed since."""
    ended: datetime = session.connection().execute(text("SELECT max(finished_at) FROM jobs")).scalar_one()
    return ended.date()


def test_what_is_due_says_why_the_last_training_left_it_out(session: Session) -> None:
    note(session, TrainingEnding.INSUFFICIENT_DATA, "60 have it.")
    note(session, TrainingEnding.INSUFFICIENT_DATA, "70 have it.")
    told = f"The training of {last_day(session)} left it out: 70 have it."
    assert upkeep(session).retraining_reason == f"No version has been trained yet. {told}"
    assert (
        upkeep_of(session, ["life_planning"])["life_planning"].retraining_reason == "No version has been trained yet."
    )


def test_an_old_champion_says_why_the_last_training_made_no_new_one(session: Session) -> None:
    put_in_place(session)
    note(session, TrainingEnding.INSUFFICIENT_DATA, "60 have it.")
    assert upkeep(session).retraining_reason is None
    session.connection().execute(text("UPDATE model_versions SET trained_at = trained_at - interval '40 days'"))
    told = f"The training of {last_day(session)} left it out: 60 have it."
    assert upkeep(session).retraining_reason == f"The newest version was trained 40 days ago. {told}"


def test_why_a_training_left_it_out_is_not_told_after_one_that_did_not(session: Session) -> None:
    note(session, TrainingEnding.INSUFFICIENT_DATA, "60 have it.")
    note(session, TrainingEnding.NOT_PROMOTED, "It errs more.")
    assert upkeep(session).retraining_reason == "No version has been trained yet."


@pytest.mark.parametrize("categories", [None, [CATEGORY, "life_planning"]])
def test_what_is_due_says_why_the_last_training_failed(session: Session, categories: list[str] | None) -> None:
    note(session, TrainingEnding.INSUFFICIENT_DATA, "60 have it.")
    fail(session, {"categories": categories} if categories else {"scheduled": True})
    told = f"No version has been trained yet. The training of {last_day(session)} failed: It took too long."
    assert upkeep(session).retraining_reason == told


def test_a_training_that_failed_is_told_of_no_category_that_it_was_done_with_or_not_asked_for(session: Session) -> None:
    fail(session, {"categories": ["life_planning", CATEGORY]}, TrainingEnding.NOT_PROMOTED)
    fail(session, {"categories": ["life_planning"]})
    assert upkeep(session).retraining_reason == "No version has been trained yet."


def fail(session: Session, arguments: Mapping[str, object], before: TrainingEnding | None = None) -> None:
    """A training that passed its limit of time, after it had come to this, or to nothing yet."""
    job = jobs.request(session, "TRAINING", arguments, requested_by="test")
    claim = claims.claim(session, job.id, lease_seconds=60)
    assert claim
    if before:
        ended = CategoryEnding(category=CATEGORY, ending=before, reason="It errs more.")
        claims.advance(session, claim, progress=0.5, stage="", result=as_result(ended))
    claims.fail(session, claim, code="TIME_LIMIT", message="It took too long.")


def test_a_category_that_fits_the_market_is_healthy_without_a_model(session: Session) -> None:
    found = upkeep_of(session, ["portfolio_rebalancing"])["portfolio_rebalancing"]
    assert (found.health, found.retraining_due, found.next_training_at) == (ModelHealth.HEALTHY, False, None)


def test_a_new_champion_is_healthy_and_trained_again_when_it_is_no_longer_fresh(session: Session) -> None:
    put_in_place(session)
    found = upkeep(session)
    assert found.health is ModelHealth.HEALTHY
    assert not found.retraining_due
    assert found.retraining_reason is None
    assert found.last_trained_at is not None
    assert found.next_training_at is not None
    assert found.next_training_at - found.last_trained_at > 6 * DAY


def test_an_old_champion_is_due(session: Session) -> None:
    put_in_place(session)
    session.connection().execute(text("UPDATE model_versions SET trained_at = trained_at - interval '40 days'"))
    found = upkeep(session)
    assert found.retraining_reason == "The newest version was trained 40 days ago."


def test_the_last_check_decides_whether_it_drifts(session: Session) -> None:
    put_in_place(session)
    session.add(report("WARNING", 0.15))
    session.flush()
    found = upkeep(session)
    assert found.health is ModelHealth.DRIFTING
    assert found.retraining_reason is not None
    assert "age drifted by 0.15" in found.retraining_reason
    session.add(report("NONE", 0.0))
    session.flush()
    assert upkeep(session).health is ModelHealth.HEALTHY


def test_a_figure_that_is_worse_than_at_first_degrades(session: Session) -> None:
    put_in_place(session)
    for value in (0.80, 0.81, 0.60):
        performance.record(session, f"{CATEGORY}@1", [Metric(name="auc", value=value, baseline=0.5)])
    found = upkeep(session)
    assert found.health is ModelHealth.DEGRADED
    assert found.retraining_reason == "auc got worse by 25%: 0.8 at first, 0.6 now."


def test_figures_over_few_judged_promises_do_not_degrade(session: Session) -> None:
    put_in_place(session)
    for judged, brier in ((3, 0.01), (150, 0.20), (200, 0.21)):
        figures = [Metric(name="ledger_brier", value=brier), Metric(name="ledger_judged", value=judged)]
        performance.record(session, f"{CATEGORY}@1", figures)
        session.connection().execute(
            text("UPDATE ml_model_performance SET recorded_at = recorded_at - interval '1 day'")
        )
    (change,) = performance.changes(session, f"{CATEGORY}@1")
    assert (change.metric, change.was, change.now) == ("ledger_brier", 0.2, 0.21)
    assert upkeep(session).health is ModelHealth.HEALTHY


def test_figures_that_the_table_cannot_hold_do_not_stop_the_others(session: Session) -> None:
    figures = [
        Metric(name="rmse", value=3e9),
        Metric(name="r2", value=float("nan")),
        Metric(name="mae", value=1.5, baseline=float("inf")),
    ]
    performance.record(session, f"{CATEGORY}@1", figures)
    kept = {point.metric_name: point for point in performance.series(session, CATEGORY, None, 10)}
    assert set(kept) == {"rmse", "mae"}
    assert kept["mae"].baseline_value is None


def test_a_series_is_the_last_figures_in_the_order_of_time(session: Session) -> None:
    for value in (1.0, 2.0, 3.0):
        performance.record(session, f"{CATEGORY}@1", [Metric(name="rmse", value=value), Metric(name="mae", value=9)])
    performance.record(session, "goal_optimization@1", [Metric(name="rmse", value=7.0)])
    assert [float(point.metric_value) for point in performance.series(session, CATEGORY, "rmse", 2)] == [2.0, 3.0]
    assert len(performance.series(session, CATEGORY, None, 30)) == 6


def test_slots_follow_each_other() -> None:
    at = 3 * DAY / 24
    assert latest_time(DAY, at, NOW) == NOW.replace(hour=3)
    assert next_time(DAY, at, NOW) == NOW.replace(hour=3) + DAY
    assert next_time(DAY, at, NOW.replace(hour=3)) == NOW.replace(hour=3) + DAY
