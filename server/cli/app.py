"""The commands by name."""

from typing import Annotated

import typer

from server.cli import access, advice, backtest, data, models, run

COMMANDS = (
    run.up,
    run.serve,
    run.work,
    run.schedule,
    run.migrate,
    data.load,
    data.users,
    backtest.backtest,
    advice.recommend,
    models.train,
    models.evaluate,
    models.drift,
    models.rollback,
    access.token,
    access.schema,
    access.doctor,
)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    app.command()(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        from server.cli.version import version

        typer.echo(f"finrec {version()}")
        raise typer.Exit


@app.callback()
def finrec(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """finrec tells each person what to do next with their money, and proves that it was right."""
