"""Tables for people, on standard output."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from engine.learning.metrics import Metric
from server.cli.context import show
from server.commands.evaluation import Evaluation
from store.models.manifest import importance, metrics, verdict
from store.tables import DriftReport, ModelVersion

PIPED_COLUMNS = 120
PROVEN = {True: "proven", False: "not proven"}
MET = {None: "", True: "met", False: "MISSED"}


def show_version(version: ModelVersion) -> None:
    """A version that was trained, and its figures."""
    name = f"{version.category}@{version.version}, {version.stage.lower()}, {PROVEN[version.proven]}"
    show_metrics(f"{name}, {version.training_users:,} users", metrics(version.manifest), verdict(version.manifest))


def show_evaluation(found: Evaluation) -> None:
    """A version in place, measured anew."""
    show_metrics(f"{found.category}@{found.version}, {PROVEN[found.proven]}", found.metrics, found.verdict)


def show_metrics(title: str, figures: Iterable[Metric], why: str | None) -> None:
    """Each figure beside the baseline and the bar; then why the version was put in place, or was not."""
    rows = [(one.name, *map(_figure, (one.value, one.baseline, one.bar)), MET[one.meets_bar]) for one in figures]
    _show(title, ("metric", "value", "baseline", "bar", ""), rows)
    if why:
        show(f"{why}\n")


def show_report(report: DriftReport) -> None:
    """How far each feature has moved, the farthest first."""
    ordered = sorted(report.features, key=lambda one: -one["psi"])
    rows = [(one["feature"], _figure(one["psi"]), one["severity"]) for one in ordered]
    users = f"{report.current_rows:,} users against {report.reference_rows:,}"
    _show(f"{report.category}@{report.version}, {report.severity}, {users}", ("feature", "PSI", "severity"), rows)


def version_data(version: ModelVersion) -> dict[str, Any]:
    """A version for a program."""
    given = version.model_dump(exclude={"id", "path", "job_id", "manifest"})
    why = verdict(version.manifest)
    return {**given, "metrics": metrics(version.manifest), "importance": importance(version.manifest), "verdict": why}


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.4f}"


def _show(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=SIMPLE_HEAD)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 or place == len(columns) - 1 else "right")
    for row in rows:
        table.add_row(*row)
    show(title)
    width = None if sys.stdout.isatty() else PIPED_COLUMNS
    Console(file=sys.stdout, width=width, highlight=False).print(table)
