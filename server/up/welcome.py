"""What `finrec up` says when all is ready: where, how to get in, and something to paste."""

import json
import shlex
import sys
from pathlib import Path

from store.settings import Settings

QUERY = """
{ viewer { financialHealth { overallScore band }
           savingsStrategy { monthlyAmount optimalSavingsRate recommendations { title } } } }
"""


def welcome(url: str, settings: Settings, someone: str | None) -> str:
    """The line `ready URL`, then a token and a query; `someone` is the id of a user, if there is one."""
    who = f"--user {someone}" if someone else "--admin"
    finrec = _finrec(settings)
    body = shlex.quote(json.dumps({"query": " ".join(QUERY.split())}))
    return "\n".join(
        (
            f"ready {url}",
            "",
            f"  in the browser  {url}/graphql",
            f"  a token         {finrec} token {who}",
            f"  a query         curl -s {url}/graphql -H 'Content-Type: application/json' \\",
            f'                    -H "Authorization: Bearer $({finrec} token {who})" \\',
            f"                    -d {body}",
            "",
        )
    )


def _finrec(settings: Settings) -> str:
    """The command line of this environment, for this data folder."""
    script = Path(sys.executable).with_name("finrec")
    command = _short(script) if script.exists() else f"{_short(Path(sys.executable))} -m server"
    if settings.data_dir == Settings.model_fields["data_dir"].default:
        return command
    return f"FINREC_DATA_DIR={shlex.quote(str(settings.data_dir))} {command}"


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
