"""A ninth category is one file of the engine and one line in the catalog: GraphQL follows by itself."""

import json
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

HERE = Path(__file__).parent / "ninth"
ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "schema", "store")

DOCUMENT = """{ viewer {
    weatherOutlook(days: 3) { __typename category basis confidence days { ahead sky umbrella } }
    kept: weatherOutlook { days { ahead } recommendations { title modelName } }
    tooFar: weatherOutlook(days: 6) { basis }
    savingsStrategy { category }
    recommendations(categories: [WEATHER_OUTLOOK]) { edges { node { title } } }
} }"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The repository with a ninth category."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "weather.py", tmp_path / "engine" / "recommenders")
    catalog = tmp_path / "engine" / "catalog.py"
    line = "from engine.recommenders.weather import WeatherProphet\n"
    text = catalog.read_text().replace("RECOMMENDERS:", f"{line}RECOMMENDERS:", 1)
    catalog.write_text(text.replace("SavingsStrategist(),", "SavingsStrategist(), WeatherProphet(),"))
    return tmp_path


@pytest.fixture
def answer(house: Path, database_url: str, user: UUID) -> Any:
    arguments = [database_url, secrets.token_hex(32), str(user), DOCUMENT]
    command = [sys.executable, "-W", "ignore", str(HERE / "ask.py"), *arguments]
    done = subprocess.run(
        command, cwd=house, env={"PYTHONPATH": str(house)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_ninth_category_is_a_file_and_a_line_and_fails_alone(answer: Any) -> None:
    for line in (
        "weatherOutlook(days: Int! = 2): WeatherOutlook",
        "type WeatherOutlook implements CategoryResult {",
        "umbrella: Decimal",
        "enum Sky {",
        "WEATHER_OUTLOOK",
        '"""What to put aside for an umbrella."""',
    ):
        assert line in answer["sdl"]
    viewer = answer["data"]["viewer"]
    assert viewer["weatherOutlook"] == {
        "__typename": "WeatherOutlook",
        "category": "WEATHER_OUTLOOK",
        "basis": "RULE",
        "confidence": None,
        "days": [
            {"ahead": 0, "sky": "BLUE", "umbrella": None},
            {"ahead": 1, "sky": "GREY", "umbrella": "1000.00"},
            {"ahead": 2, "sky": "BLUE", "umbrella": None},
        ],
    }
    given = [{"title": "Buy an umbrella", "modelName": "weather_outlook/rule"}]
    assert viewer["kept"] == {"days": [{"ahead": 0}, {"ahead": 1}], "recommendations": given}
    assert viewer["recommendations"] == {"edges": [{"node": {"title": "Buy an umbrella"}}]}
    assert viewer["savingsStrategy"] == {"category": "SAVINGS_STRATEGY"}
    assert viewer["tooFar"] is None
    (error,) = answer["errors"]
    assert error["path"] == ["viewer", "tooFar"]
    assert error["extensions"] == {"code": "INSUFFICIENT_DATA", "required": 6, "available": 5}
