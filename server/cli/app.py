"""The commands by name."""

import typer

from server.cli import access, advice, backtest, data, run

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
    access.token,
    access.schema,
    access.doctor,
)

app = typer.Typer(
    help="finrec tells each person what to do next with their money, and proves that it was right.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    app.command()(command)
