"""The commands about getting in and looking around."""

from typing import Annotated

import typer


def token(
    user: Annotated[str | None, typer.Option(help="The id or external id of the user whom it speaks for.")] = None,
    admin: Annotated[bool, typer.Option("--admin", help="For an administrator.")] = False,
    hours: Annotated[float, typer.Option(min=0.01, max=8760, help="How long it holds.")] = 12,
) -> None:
    """Print a signed token of the development issuer."""
    from server.auth import issue_token
    from server.cli.context import database, show
    from server.commands.people import identified
    from server.errors import ServerError
    from store.settings import load_settings

    if admin == (user is not None):
        raise ServerError("Give either --user ID or --admin.")
    if user is None:
        show(issue_token(load_settings(), "admin", "admin", hours))
        return
    with database() as (settings, engine):
        show(issue_token(settings, str(identified(engine, user)), "user", hours))


def schema() -> None:
    """Print the SDL of the API."""
    from schema.schema import print_sdl
    from server.cli.context import show

    show(print_sdl().rstrip())


def doctor(as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False) -> None:
    """Say what is configured, reachable, migrated and trained, and what to do about what is not."""
    from server.cli.context import show_json
    from server.cli.report import show_finding
    from server.commands.doctor import examine
    from store.settings import load_settings

    findings = []
    for finding in examine(load_settings()):
        findings.append(finding)
        if not as_json:
            show_finding(finding)
    if as_json:
        show_json(findings)
    if not all(finding.is_good for finding in findings):
        raise typer.Exit(1)
