"""`finrec train | evaluate | drift | rollback`: models from the command line."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from engine.learning.metrics import Metric
from server.cli.tables import show_metrics, show_report, show_version
from server.processes import start, stop
from store.demo import load_demo
from store.session import transaction
from store.tables import DriftReport
from tests.households import add_household
from tests.schema.registered import CATEGORY, register, row
from tests.server.commands import ROOT, Run
from tests.waiting import DEADLINE_SECONDS, until

USERS = 115
"""Of whom at least 100 have what risk assessment learns from."""


def jobs_of(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT kind, status, requested_by FROM jobs ORDER BY requested_at"))
        return [(row.kind, row.status, row.requested_by) for row in found]


def deeds_of(engine: Engine) -> list[tuple[str, str, str | None]]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT actor, action, detail FROM audit_log ORDER BY sequence"))
        return [(row.actor, row.action, row.detail) for row in found]


# --- without a model -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["train", "evaluate", "drift", "rollback"])
def test_what_is_not_trained_is_said_at_once(run: Run, command: str) -> None:
    assert "portfolio_rebalancing is not trained: it fits the market" in run(command, "portfolio_rebalancing").refusal
    assert "There is no category astrology" in run(command, "astrology").refusal


def test_a_training_of_too_few_fails_with_the_reason(run_here: Run, engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        add_household(session, "a")
    done = run_here("train", CATEGORY)
    assert (done.code, done.out) == (1, "")
    assert "Training needs 100 people with the needed data" in done.err
    assert jobs_of(engine) == [("TRAINING", "FAILED", "command line")]
    assert deeds_of(engine) == [("command line", "train_models", CATEGORY)]


def test_where_rules_answer_there_is_nothing_to_measure_or_to_take_back(run_here: Run) -> None:
    assert "is in place: run `finrec train`" in run_here("evaluate").refusal
    assert f"No version of {CATEGORY} is in place" in run_here("rollback", CATEGORY).refusal


# --- versions --------------------------------------------------------------------------------------------------------


def test_the_version_before_comes_back_or_the_one_that_is_named(run_here: Run, engine: Engine) -> None:
    register(engine, 3)
    assert run_here("rollback", CATEGORY, "--to", "3").out == (
        f"{CATEGORY}: version 3 is in place instead of 1. It was never in place before.\n"
    )
    assert run_here("rollback", CATEGORY).out == f"{CATEGORY}: version 1 is in place instead of 3.\n"
    assert run_here("rollback", CATEGORY, "--rules").out == f"{CATEGORY}: rules answer instead of 1.\n"
    assert "rules answer already" in run_here("rollback", CATEGORY, "--rules").refusal
    assert "either --to VERSION or --rules" in run_here("rollback", CATEGORY, "--rules", "--to", "1").refusal
    assert f"There is no version 9 of {CATEGORY}" in run_here("rollback", CATEGORY, "--to", "9").refusal
    assert deeds_of(engine) == [
        ("command line", "rollback_model", "version 3, never in place before"),
        ("command line", "rollback_model", "version 1"),
        ("command line", "rollback_model", "rules"),
    ]


def test_figures_stand_beside_baseline_and_bar(capsys: pytest.CaptureFixture[str]) -> None:
    show_version(row(2))
    show_metrics("other@1", [Metric(name="auc", value=0.6, bar=0.7)], "Not put in place: it may be chance.")
    printed = capsys.readouterr().out
    assert "Not put in place: it may be chance.\n" in printed
    assert f"{CATEGORY}@2, challenger, proven, 120 users" in printed
    assert ["brier", "0.2000", "0.2500", "0.2200", "met"] in [line.split() for line in printed.splitlines()]
    assert ["auc", "0.6000", "0.7000", "MISSED"] in [line.split() for line in printed.splitlines()]


def test_features_that_moved_farthest_stand_first(capsys: pytest.CaptureFixture[str]) -> None:
    features = [
        {"feature": "age", "psi": 0.01, "severity": "NONE"},
        {"feature": "income", "psi": 0.3, "severity": "CRITICAL"},
    ]
    show_report(
        DriftReport(
            category=CATEGORY,
            version=1,
            score=0.3,
            severity="CRITICAL",
            features=features,
            reference_rows=100,
            current_rows=200,
        )
    )
    printed = capsys.readouterr().out
    assert f"{CATEGORY}@1, CRITICAL, 200 users against 100" in printed
    assert printed.index("income") < printed.index("age")


# --- with a worker ---------------------------------------------------------------------------------------------------


@pytest.fixture
def worker(run_here: Run, tmp_path: Path) -> Iterator[None]:
    """A worker beside the commands: they start none of their own."""
    process = start([sys.executable, "-m", "workers"], log=tmp_path / "worker.log")
    yield
    stop(process)


@pytest.mark.usefixtures("worker")
def test_a_model_is_trained_put_in_place_measured_and_watched(run_here: Run, engine: Engine) -> None:
    load_demo(engine, users=USERS, seed=1, today=datetime.now(UTC).date())
    trained = run_here("train", CATEGORY, "--json")
    assert trained.code == 0, trained.err
    (version,) = json.loads(trained.out)
    assert (version["category"], version["version"]) == (CATEGORY, 1)
    assert version["training_users"] >= 100
    assert sum(version["importance"].values()) == pytest.approx(1.0)
    run_here("rollback", CATEGORY, "--to", "1")
    (measured,) = json.loads(run_here("evaluate", "--json").out)
    at_training = {one["name"]: one["value"] for one in version["metrics"]}
    now = {one["name"]: one["value"] for one in measured["metrics"]}
    assert now == pytest.approx({name: at_training[name] for name in now}, abs=0.005)  # after midnight all are older
    assert [deed[:2] for deed in deeds_of(engine)] == [
        ("command line", action) for action in ("train_models", "rollback_model")
    ]
    (report,) = json.loads(run_here("drift", CATEGORY, "--json").out)
    assert (report["category"], report["version"], report["severity"]) == (CATEGORY, 1, "NONE")


@contextmanager
def unread(engine: Engine) -> Iterator[None]:
    """Nobody reads users while the block lasts: no training ends, however long it has time."""
    with engine.connect() as connection:
        connection.execute(text("LOCK TABLE users"))
        yield


def test_ctrl_c_cancels_the_job(run_here: Run, engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        add_household(session, "a")
    command = [sys.executable, "-m", "server", "train", CATEGORY]
    with unread(engine), subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: jobs_of(engine))
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=DEADLINE_SECONDS)
    first, *_, last = told.splitlines()
    assert (process.returncode, first, last) == (1, "training ...", "finrec: Stopped: the job was cancelled.")
    assert jobs_of(engine) == [("TRAINING", "CANCELLED", "command line")]
