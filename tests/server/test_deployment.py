"""The files that describe a deployment name what there is."""

import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from server.cli.app import app
from store.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "server", "worker", "scheduler")


def command_names() -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_compose_has_every_service() -> None:
    assert set(SERVICES) == {"postgres", "queue", *OURS}


@pytest.mark.parametrize("service", OURS)
def test_a_service_runs_a_command_that_there_is(service: str) -> None:
    program, command, *options = SERVICES[service]["command"]
    assert program == "finrec"
    parsed = typer.main.get_command(app).commands[command].make_context(command, [*options])  # type: ignore[attr-defined]
    assert set(SERVICES[service]["depends_on"]) >= {"queue"}
    assert parsed.params.get("host", "0.0.0.0") == "0.0.0.0"


def test_the_queue_loses_nothing() -> None:
    assert SERVICES["queue"]["command"][-1] == "noeviction"


def test_no_secret_has_a_default() -> None:
    given = SERVICES["server"]["environment"]
    secret = [name for name in given if any(word in name for word in ("SECRET", "KEYS", "PASSWORD", "DATABASE"))]
    assert len(secret) == 4
    assert all(given[name] is None or ":?" in given[name] for name in secret)
    assert ":?" in SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"]


def test_every_variable_is_a_setting() -> None:
    known = {f"FINREC_{name.upper()}" for name in Settings.model_fields} | {"DATABASE_URL", "REDIS_URL"}
    assert set(SERVICES["server"]["environment"]) <= known


def test_databases_are_not_open_to_the_network() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["server"]


def test_the_image_holds_every_package_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = {part.strip("/") for line in lines if line.startswith("COPY") for part in shlex.split(line)[1:]}
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert set(packages) <= copied
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(packages) <= let_in
    assert "USER finrec" in lines


def test_the_image_starts_a_command_that_there_is() -> None:
    last = (ROOT / "Dockerfile").read_text().strip().splitlines()[-1]
    assert yaml.safe_load(last.removeprefix("CMD "))[1] in command_names()
