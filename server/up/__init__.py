"""`finrec up`: everything on one machine, started in order and stopped in reverse."""

import socket
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from server.children import HOST, check, children, wait_until_ready, watch
from server.embedded import embedded
from server.embedded.attach import data_folder, running_of
from server.errors import ServerError
from server.processes import until_stopped
from server.progress import followed
from server.running import owned, published
from server.up.first_training import await_training, request_first_training
from server.up.prepare import prepare
from server.up.welcome import welcome
from store.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What `finrec up` was asked for; `users` is the size of the demo population of an empty database."""

    port: int
    users: int
    verbose: bool = False


def up(settings: Settings, plan: Plan) -> None:
    """Serves until it is told to stop, or until a process ends by itself (`Ended`); nothing is left running."""
    refuse_taken(plan.port)
    data = data_folder(settings)
    url = f"http://{HOST}:{plan.port}"
    with until_stopped(), ExitStack() as stack:
        stack.enter_context(owned(data))
        with followed("PostgreSQL and Redis"):
            settings, services = stack.enter_context(embedded(settings))
        someone = prepare(settings, plan.users)
        training = request_first_training(settings)
        with followed("API, worker and scheduler"):
            services += stack.enter_context(children(settings, plan.port, verbose=plan.verbose))
            stack.enter_context(published(running_of(settings, services, url), data))
            wait_until_ready(plan.port, services)
        if training:
            await_training(settings, training, partial(check, services))
        print(welcome(url, settings, someone), flush=True)
        watch(services)


def refuse_taken(port: int) -> None:
    """Raises an error where somebody listens on the port already, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ServerError(f"Port {port} cannot be used ({error.strerror}): choose another with --port.") from error
