"""The commands about what is kept: files in, users out."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Kind(StrEnum):
    """What a file holds."""

    HOUSEHOLDS = "households"
    ACCOUNTS = "accounts"
    HOLDINGS = "holdings"
    SALES = "sales"
    GOALS = "goals"
    TRANSACTIONS = "transactions"
    BUDGETS = "budgets"
    LIFE_EVENTS = "life_events"
    PRICES = "prices"


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    PARQUET = "parquet"
    SCF = "scf"


Json = Annotated[bool, typer.Option("--json", help="For a program to read.")]


def load(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False)],
    kind: Annotated[Kind | None, typer.Option(help="What the files hold; else the stem of each file's name.")] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Else by the ending. scf: a summary extract of the Survey of Consumer Finances."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Load households and what belongs to them; each file entirely or not at all."""
    from server.cli.context import database, show_json
    from server.cli.report import show_report
    from server.progress import followed
    from store.loading import load_file

    reports = {}
    with database() as (_, engine):
        for file in files:
            with followed("load") as progress:
                reports[str(file)] = load_file(engine, file, kind=kind, format=form, progress=progress)
            if not as_json:
                show_report(file.name, reports[str(file)])
    if as_json:
        show_json(reports)


def users(
    limit: Annotated[int | None, typer.Option(min=1, help="No more than so many.")] = None, as_json: Json = False
) -> None:
    """Print the ids of the users."""
    from itertools import islice

    from server.cli.context import database, show, show_json
    from server.commands.people import everybody
    from store.session import transaction

    with database() as (_, engine), transaction(engine, everyone=True) as session:
        found = islice(everybody(session), limit)
        if as_json:
            show_json([{"id": user.id, "external_id": user.external_id} for user in found])
        else:
            for user in found:
                show(str(user.id))
