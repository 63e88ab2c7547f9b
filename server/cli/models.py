"""The commands about models: trained, measured, watched, taken back."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from sqlmodel import Session

    from store.tables import Job

T = TypeVar("T")

Categories = Annotated[
    list[str] | None, typer.Argument(metavar="[CATEGORY]...", help="In snake_case, such as risk_assessment; else all.")
]
Json = Annotated[bool, typer.Option("--json", help="For a program to read.")]


def train(
    category: Categories = None,
    retrain: Annotated[bool, typer.Option("--retrain", help="Train even what is fresh.")] = False,
    as_json: Json = False,
) -> None:
    """Train models, and print their metrics beside baseline and bar."""
    from server.cli.context import show_json
    from server.cli.tables import show_version, version_data
    from store.models.lookups import results_of

    made = _job("TRAINING", category, lambda session, run: results_of(session, [run.id])[run.id], retrain=retrain)
    if as_json:
        show_json([version_data(version) for version in made])
    else:
        for version in made:
            show_version(version)


def evaluate(category: Categories = None, as_json: Json = False) -> None:
    """Measure the models in place anew, on people whom no version has learned from."""
    from datetime import UTC, datetime

    from server.cli.context import database, show_json
    from server.cli.tables import show_evaluation
    from server.commands.advising import trained_categories
    from server.commands.evaluation import evaluate as measure
    from server.errors import ServerError
    from server.progress import followed
    from store.artifacts import archive_of

    names = trained_categories(category or [])
    with database() as (settings, engine), followed("evaluate") as progress:
        found = measure(engine, archive_of(settings), names, datetime.now(UTC).date(), progress)
    if not found:
        by_hand = "put one there with `finrec rollback CATEGORY --to VERSION`"
        raise ServerError(f"No version of {', '.join(names)} is in place: run `finrec train`, or {by_hand}.")
    if as_json:
        show_json(found)
    else:
        for one in found:
            show_evaluation(one)


def drift(category: Categories = None, as_json: Json = False) -> None:
    """Compare the users of today with those that each model was trained on."""
    from server.cli.context import show_json
    from server.cli.tables import show_report
    from store.models.lookups import drift_reports_of

    found = _job("DRIFT", category, lambda session, run: drift_reports_of(session, [run.id])[run.id])
    if as_json:
        show_json([report.model_dump(exclude={"id", "job_id"}) for report in found])
    else:
        for report in found:
            show_report(report)


def rollback(
    category: Annotated[str, typer.Argument(help="In snake_case, such as risk_assessment.")],
    to: Annotated[
        int | None, typer.Option(min=1, help="A version; else the one before, and behind the first one the rules.")
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="No version: rules, solvers and base rates answer.")] = False,
) -> None:
    """Put an earlier version in place, at once."""
    from server.cli.context import database, show
    from server.commands.advising import trained_categories
    from server.commands.people import ACTOR
    from server.errors import ServerError
    from store import audit
    from store.audit import Deed
    from store.models import registry
    from store.models.lookups import placements
    from store.session import transaction

    if rules and to is not None:
        raise ServerError("Give either --to VERSION or --rules.")
    (name,) = trained_categories([category])
    with database() as (_, engine), transaction(engine, everyone=True) as session:
        before = registry.champion(session, name)
        if rules:
            registry.serve_rules(session, name, actor=ACTOR, reason="by hand")
        else:
            registry.rollback(session, name, to, actor=ACTOR, reason="by hand")
        placed = placements(session, [name])[name]
        audit.append(session, [Deed(actor=ACTOR, action="rollback_model", subject=name, detail=placed.told)])
    now = f"version {placed.version} is in place" if placed.version else "rules answer"
    instead = f" instead of {before.version}." if before else "."
    show(f"{name}: {now}{instead}" + (" It was never in place before." if placed.is_first else ""))


def _job(kind: str, given: Sequence[str] | None, read: "Callable[[Session, Job], T]", **more: Any) -> T:
    """What a job of this kind left behind; raises an error where it did not come to its end."""
    from server.cli.context import database, say
    from server.commands.advising import trained_categories
    from server.commands.errands import carry_out
    from server.errors import ServerError
    from server.processes import until_stopped
    from server.progress import followed
    from store.session import transaction

    arguments = {"categories": trained_categories(given or []), **more}
    found = None
    with until_stopped(), database() as (settings, engine):
        with followed(kind.lower()) as progress:
            run = carry_out(settings, engine, kind=kind, arguments=arguments, progress=progress)
        say(f"{(run.stage or 'done').rstrip('.')}.")
        with transaction(engine, everyone=True) as session:
            found = read(session, run)
    if found is None:
        raise ServerError("Stopped: the job was cancelled.")
    return found
