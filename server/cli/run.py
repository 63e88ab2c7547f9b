"""The commands that run: everything at once, or the production processes one by one."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

Port = Annotated[int, typer.Option(min=1, max=65535, help="Where the API listens.")]
DEMO_USERS = 2000


def up(
    port: Port = 8000,
    data_dir: Annotated[Path | None, typer.Option(help="Where all data is kept, as FINREC_DATA_DIR.")] = None,
    users: Annotated[int, typer.Option(min=1, help="Size of the demo population of an empty database.")] = DEMO_USERS,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="Whether an empty database is filled.")] = True,
    verbose: Annotated[bool, typer.Option("--verbose", help="Logs to the terminal, not to files.")] = False,
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Run everything on this machine: database, queue, API, worker, scheduler. Ctrl-C stops all of it."""
    from server.processes import end_with_parent
    from server.up import Plan
    from server.up import up as run
    from store.settings import load_settings

    if with_parent:
        end_with_parent()
    if data_dir is not None:
        os.environ["FINREC_DATA_DIR"] = str(data_dir)  # the children and the log of last resort read it too
    run(load_settings(), Plan(port=port, users=users if demo else 0, verbose=verbose))


def serve(
    host: Annotated[str, typer.Option(help="The address the API listens on.")] = "127.0.0.1", port: Port = 8000
) -> None:
    """Run the API."""
    import uvicorn

    from engine.warm import warm_up
    from server.app import create_app
    from server.cli.context import database
    from server.graphql.operations import BODY_BYTES
    from server.logs import configure_logs
    from server.processes import until_stopped

    with until_stopped(), database(lasting=True) as (settings, _):
        configure_logs(settings)
        warm_up()
        config = uvicorn.Config(
            create_app(settings),
            host=host,
            port=port,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=5,
            ws_max_size=BODY_BYTES,
        )
        uvicorn.Server(config).run()


def work() -> None:
    """Run a worker, which does the jobs."""
    _run("workers")


def schedule() -> None:
    """Run the scheduler, which asks for jobs at their times."""
    _run("workers.schedule")


def migrate() -> None:
    """Bring the database to the newest migration."""
    from server.cli.context import say, url_of
    from server.embedded import services
    from store.migrate import migrate as bring
    from store.settings import load_settings

    with services(load_settings()) as settings:
        bring(url_of(settings))
    say("The database is at the newest migration.")


def _run(module: str) -> None:
    from server.cli.context import database
    from server.embedded.attach import environment
    from server.errors import Ended
    from server.processes import start, stop, until_stopped

    with until_stopped(), database(lasting=True) as (settings, _):
        process = start([sys.executable, "-m", module], env=environment(settings))
        try:
            raise Ended(f"{module} ended with exit code {process.wait()}.")
        finally:
            stop(process)
