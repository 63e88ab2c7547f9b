"""The command line: what it prints, where, and how it ends."""

import json
import os
import subprocess
import sys
import tomllib
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest
import typer
from sqlalchemy import Engine, text

from server.cli.app import app
from store import audit
from store.audit import Deed
from store.demo import load_demo
from store.session import transaction
from tests.households import add_household
from tests.server.commands import ROOT, Done, Run, finrec

NOBODY = "postgresql://postgres@127.0.0.1:1/finrec"
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    done = finrec(command, "--help")
    assert done.code == 0
    assert "Usage" in done.out


@pytest.mark.parametrize(
    ("imported", "heavy"),
    [
        ("server.cli", ("sqlalchemy", "numpy", "strawberry")),
        ("server.cli.context, server.commands.people, server.auth", ("sklearn", "pandas", "xgboost", "engine.catalog")),
    ],
    ids=["help", "users and token"],
)
def test_a_light_command_imports_nothing_heavy(imported: str, heavy: tuple[str, ...]) -> None:
    script = f"import sys, {imported}; print([name for name in sys.modules if name in {heavy}])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_of_the_contract_is_there() -> None:
    production = {"up", "serve", "work", "schedule", "migrate"}
    models = {"train", "evaluate", "drift", "rollback"}
    assert set(COMMANDS) >= production | models | {"load", "users", "recommend", "token", "schema", "doctor"}


def test_the_version_is_told(run: Run) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert run("--version") == Done(code=0, out=f"finrec {project['version']}\n", err="")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nonsense",), "No such command 'nonsense'; see `finrec --help`."),
        (("up", "--prot", "1"), "No such option: --prot (Possible options: --port); see `finrec up --help`."),
        (("up", "--port", "70000"), "Invalid value for '--port'"),
        (("token",), "Give either --user ID or --admin."),
        (("recommend", "nobody", "--category", "astrology"), "There is no category astrology"),
        (("load", "Makefile", "--format", "xml"), "Invalid value for '--format': 'xml' is not one of 'csv'"),
        (("load", "missing.csv"), "file 'missing.csv' does not exist"),
    ],
)
def test_a_wrong_command_is_answered_in_one_sentence(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in run(*arguments).refusal


@pytest.mark.parametrize("arguments", [("token", "--user", "nobody"), ("recommend", "nobody")])
def test_a_user_that_is_not_there_is_named(run_here: Run, arguments: tuple[str, ...]) -> None:
    assert run_here(*arguments).refusal == "There is no user nobody: `finrec users` lists them."


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"DATABASE_URL": NOBODY}, "DATABASE_URL cannot be reached"),
        ({"DATABASE_URL": "mysql://127.0.0.1/finrec"}, "DATABASE_URL must be PostgreSQL, not mysql"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not a URL"),
        ({"REDIS_URL": "redis://127.0.0.1:1"}, "REDIS_URL cannot be reached"),
        ({"FINREC_LOG_LEVEL": "LOUD"}, "FINREC_LOG_LEVEL"),
        ({"FINREC_ENVIRONMENT": "production"}, "FINREC_ENCRYPTION_KEYS must be set in production"),
        ({"FINREC_DATA_DIR": "/dev/null/finrec"}, "cannot be written"),
    ],
)
def test_a_wrong_setting_is_answered_in_one_sentence(run: Run, changed: dict[str, str], sentence: str) -> None:
    assert sentence in run("users", **changed).refusal


def test_a_bug_is_one_sentence_here_and_a_traceback_in_the_log(tmp_path: Path) -> None:
    script = (
        "import sys; from server.cli import main; from server.cli.app import app\n"
        "app.command('broken')(lambda: 1 / 0); sys.argv = ['finrec', 'broken']; main()"
    )
    environment = os.environ | {"FINREC_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("finrec: An unforeseen error (ZeroDivisionError)")
    assert "Traceback" in (tmp_path / "logs" / "finrec.log").read_text()


def test_nobody_is_in_an_empty_database(run_here: Run) -> None:
    assert run_here("users") == Done(code=0, out="", err="")
    assert json.loads(run_here("users", "--json").out) == []


def test_users_are_listed_by_id(run_here: Run, engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        made = [str(add_household(session, name)) for name in "abc"]
    assert run_here("users").out.split() == sorted(made)
    assert run_here("users", "--limit", "2").out.split() == sorted(made)[:2]
    assert {user["external_id"] for user in json.loads(run_here("users", "--json").out)} == set("abc")


def test_advice_is_printed_and_its_view_is_in_the_audit_log(run_here: Run, engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        user = add_household(session, "a")
    (told,) = json.loads(run_here("recommend", "a", "--category", "savings_strategy", "--json").out)
    assert (told["category"], told["user_id"]) == ("savings_strategy", str(user))
    assert told["recommendations"]
    printed = run_here("recommend", str(user)).out
    assert told["recommendations"][0]["title"] in printed
    with engine.connect() as connection:
        seen = connection.execute(text("SELECT actor, action, subject FROM audit_log")).all()
    assert [tuple(row) for row in seen] == [("command line", "view", str(user))] * 2


def test_a_token_says_for_whom_it_speaks(run_here: Run, engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        user = add_household(session, "a")
    claims = jwt.decode(run_here("token", "--user", "a").out.strip(), options={"verify_signature": False})
    assert (claims["sub"], claims["role"]) == (str(user), "user")
    claims = jwt.decode(run_here("token", "--admin").out.strip(), options={"verify_signature": False})
    assert claims["role"] == "admin"


def test_the_schema_is_printed_without_any_service(tmp_path: Path) -> None:
    done = finrec("schema", FINREC_DATA_DIR=str(tmp_path / "none"))
    assert done.code == 0
    assert "type Query" in done.out
    assert not (tmp_path / "none").exists()


def test_commands_start_their_own_services_where_none_runs(data_dir: Path) -> None:
    done = finrec("migrate", FINREC_DATA_DIR=str(data_dir))
    assert done.code == 0
    assert (data_dir / "postgres" / "PG_VERSION").read_text() == "18\n"
    assert not (data_dir / "postgres" / "postmaster.pid").exists()


def test_the_doctor_finds_nothing_wrong_where_nothing_is(run_here: Run) -> None:
    findings = {finding["name"]: finding for finding in json.loads(run_here("doctor", "--json").out)}
    assert findings["migrations"]["cure"] is None
    assert findings["isolation"]["cure"] is None
    assert "finrec load" in findings["users"]["cure"]
    assert findings["models"]["found"].startswith("none is in place (`finrec train` trains); rules answer ")


def test_the_doctor_says_what_to_do(run: Run) -> None:
    done = run("doctor", DATABASE_URL=NOBODY)
    assert done.code == 1
    assert "-> Start that server, or correct DATABASE_URL." in done.out
    assert "-> Start `finrec up`, or set REDIS_URL." in done.out


def test_the_doctor_says_of_which_model_the_artifact_is_gone(run_here: Run, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                """INSERT INTO model_versions
                       (id, category, version, stage, path, checksum, proven, trained_at, training_users, manifest)
                   VALUES (:id, 'goal_optimization', 3, 'CHAMPION', 'goal_optimization/gone-1', '', true, now(), 400,
                           '{}')"""
            ),
            {"id": uuid4()},
        )
    findings = {finding["name"]: finding for finding in json.loads(run_here("doctor", "--json").out)}
    assert findings["models"]["found"].startswith("goal_optimization@3; rules answer ")
    assert "a file of it is missing" in findings["artifact"]["found"]
    assert "finrec rollback goal_optimization" in findings["artifact"]["cure"]
    assert "finrec train goal_optimization --retrain" in findings["artifact"]["cure"]


def test_the_doctor_follows_the_audit_log_and_tells_the_hash_to_be_noted(run_here: Run, engine: Engine) -> None:
    with transaction(engine) as session:
        audit.append(session, [Deed(actor="ann", action="view", subject="ann") for _ in range(3)])
        newest = audit.newest(session)
    assert newest is not None
    told = f"the last 3 of 3 entries follow from each other, up to {newest.hash.hex()}"
    assert audit_log(run_here) == {"name": "audit log", "found": told, "cure": None}
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_log WHERE sequence = 2"))
    assert f"entry {newest.id} does not follow" in audit_log(run_here)["found"]


def audit_log(run: Run) -> Any:
    """What the doctor says of it."""
    return next(each for each in json.loads(run("doctor", "--json").out) if each["name"] == "audit log")


def test_the_doctor_asks_for_no_pages_where_there_are_none(run: Run) -> None:
    key = b64encode(bytes(32)).decode()
    secret = {"FINREC_ENCRYPTION_KEYS": key, "FINREC_SIGNING_KEYS": key, "FINREC_JWT_SECRET": "s" * 32}
    done = run("doctor", "--json", FINREC_ENVIRONMENT="production", **secret)
    assert "pages" not in {finding["name"] for finding in json.loads(done.out)}


def test_a_back_test_needs_prices(run_here: Run) -> None:
    assert run_here("backtest").refusal.startswith("A back-test needs 208 weeks of prices")


def test_a_back_test_compares_policies_on_loaded_prices(run_here: Run, engine: Engine) -> None:
    load_demo(engine, users=3, seed=1, today=datetime.now(UTC).date())
    found = json.loads(run_here("backtest", "--json").out)
    assert {"finrec", "equal_weight", "60_40", "buy_and_hold"} <= found["outcomes"].keys()
    printed = run_here("backtest").out.splitlines()
    assert {line.split()[0] for line in printed[2:8]} == found["outcomes"].keys()
    best = max(found["outcomes"], key=lambda name: found["outcomes"][name]["sharpe"])
    assert printed[2].startswith(best)
    assert printed[-1].startswith("Ours did best" if best == "finrec" else "Another policy did better")
    assert found["first"] in printed[0]
    refusal = run_here("backtest", "--since", "1990-01-01").refusal
    assert refusal.startswith("A back-test needs 208 weeks of prices")
    assert refusal.endswith("Of those that begin three years before 1990-01-01 there are 0.")
