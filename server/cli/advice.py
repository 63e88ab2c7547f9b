"""The command that advises."""

from typing import Annotated

import typer


def recommend(
    user: Annotated[str, typer.Argument(help="The id of a user, or the external id that it was loaded with.")],
    category: Annotated[
        list[str] | None, typer.Option(help="In snake_case, such as savings_strategy; may be repeated. Else all.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Compute and print a user's recommendations."""
    from datetime import UTC, datetime

    from server.cli.context import database, show_json
    from server.cli.report import as_data, show_advice
    from server.commands.advising import advice_for, known_categories
    from server.commands.people import identified
    from store.artifacts import archive_of
    from store.crypto import Vault
    from store.models.shelf import Shelf

    categories = known_categories(category or [])
    with database() as (settings, engine):
        vault, shelf = Vault(settings.encryption_keys), Shelf(archive_of(settings))
        told = advice_for(engine, vault, shelf, identified(engine, user), categories, datetime.now(UTC))
    if as_json:
        show_json([as_data(name, outcome) for name, outcome in told.items()])
    else:
        for name, outcome in told.items():
            show_advice(name, outcome)
