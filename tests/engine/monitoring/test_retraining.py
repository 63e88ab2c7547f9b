"""Fine, watch or retrain, with the reason in words."""

from dataclasses import replace

import pytest

from engine.enums import Severity
from engine.monitoring.retraining import Change, Moved, Standing, Verdict, decide

FRESH = Standing(fresh_days=30, newest_days=3.0)


def moved(severity: Severity, score: float = 0.2) -> Moved:
    return Moved(score=score, feature="income", severity=severity)


def test_a_fresh_model_whose_users_stayed_as_they_were_is_fine() -> None:
    assert decide(FRESH).verdict is Verdict.FINE


def test_what_was_never_trained_is_due() -> None:
    decision = decide(replace(FRESH, newest_days=None))
    assert (decision.verdict, decision.reason) == (Verdict.RETRAIN, "No version has been trained yet.")


def test_age_makes_due_and_is_told() -> None:
    decision = decide(replace(FRESH, newest_days=30.2))
    assert (decision.verdict, decision.reason) == (Verdict.RETRAIN, "The newest version was trained 30 days ago.")


@pytest.mark.parametrize(
    ("severity", "verdict"),
    [
        (Severity.NONE, Verdict.WATCH),
        (Severity.INFO, Verdict.WATCH),
        (Severity.WARNING, Verdict.RETRAIN),
        (Severity.CRITICAL, Verdict.RETRAIN),
    ],
)
def test_drift_over_a_tenth_makes_due_and_less_is_watched(severity: Severity, verdict: Verdict) -> None:
    decision = decide(replace(FRESH, drift=moved(severity)))
    assert decision.verdict is verdict
    assert decision.reason is not None
    assert "income drifted by 0.20" in decision.reason


def test_a_figure_that_is_worse_by_more_than_a_tenth_makes_due() -> None:
    decision = decide(replace(FRESH, changes=[Change(metric="rmse", was=500, now=560)]))
    assert decision.verdict is Verdict.RETRAIN
    assert decision.reason == "rmse got worse by 12%: 500 at first, 560 now."


@pytest.mark.parametrize(
    "change",
    [
        Change(metric="rmse", was=500, now=545),
        Change(metric="rmse", was=500, now=300),
        Change(metric="r2", was=0.7, now=0.9),
        Change(metric="calibration_error", was=0.011, now=0.014),
        Change(metric="r2", was=0.0, now=0.0),
    ],
)
def test_figures_that_are_better_or_hardly_worse_change_nothing(change: Change) -> None:
    assert decide(replace(FRESH, changes=[change])).verdict is Verdict.FINE


def test_less_of_what_should_be_high_is_worse() -> None:
    assert Change(metric="auc", was=0.8, now=0.6).is_degraded
    assert Change(metric="r2", was=0.0, now=-0.5).is_degraded


def test_drift_that_a_newer_version_did_not_cure_is_watched_for_a_week() -> None:
    tried = replace(FRESH, drift=moved(Severity.CRITICAL), is_newest_champion=False)
    decision = decide(replace(tried, newest_days=1.5))
    assert decision.verdict is Verdict.WATCH
    assert decision.reason is not None
    assert decision.reason.endswith("A newer version was trained 1 day ago and has not taken its place.")
    assert decide(replace(tried, newest_days=8)).verdict is Verdict.RETRAIN
