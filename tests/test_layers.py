"""The rooms of the house, and that each of them is ours."""

import importlib
import importlib.metadata
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("engine", "schema", "server", "store", "workers")
PLANTED = {
    "Arrows point one way": {"store/planted.py": "import schema\n", "workers/planted.py": "import server\n"},
    "Workers do not know the public API": {"workers/planted.py": "import schema\n"},
    "The engine does arithmetic": {"engine/planted.py": "import sqlalchemy\n"},
    "Recommenders do not know each other": {
        "engine/recommenders/planted_one.py": "",
        "engine/recommenders/planted_two.py": "import engine.recommenders.planted_one\n",
    },
}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_was_loaded_from_this_repository(package: str) -> None:
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).parent == ROOT / package


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_claims_the_name_of_a_package(package: str) -> None:
    owners = importlib.metadata.packages_distributions().get(package, [])
    assert set(owners) <= {"finrec"}


def test_the_contracts_hold(tmp_path: Path) -> None:
    done = lint(copy(tmp_path))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_import_breaks_the_contract(contract: str, tmp_path: Path) -> None:
    house = copy(tmp_path)
    for path, text in PLANTED[contract].items():
        (house / path).write_text(text)
    done = lint(house)
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), done.stdout


def test_every_contract_is_tried() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert all(any(contract["name"].startswith(name) for name in PLANTED) for contract in contracts)


def copy(target: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, target / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
