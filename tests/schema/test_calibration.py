"""How well each version, and the rule, keeps its word: ten bins that a plot of calibration is made of."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from engine.ledger.promises import Promise, PromiseKind
from store.ids import uuid7
from store.ledger import scores
from store.ledger.entries import Entry, Judgement
from store.models.versions import name_of
from store.session import transaction
from tests.schema.conftest import ADMIN, Api
from tests.schema.registered import CATEGORY, register

TODAY = datetime.now(UTC).date()
CALIBRATION = """{ admin { model(category: RISK_ASSESSMENT) {
    rule { metrics { name value baseline } calibration { ...bin } }
    versions { version calibration { ...bin } } } } }
    fragment bin on CalibrationBin { low high number said came }"""


def judged(engine: Engine, version: int | None, *outcomes: tuple[float, float]) -> None:
    """What was said, and whether it came."""
    with transaction(engine) as session:
        told = [Judgement(entry=entry(version, probability), came=came) for probability, came in outcomes]
        scores.add(session, told, TODAY)
        scores.publish(session, TODAY)


def entry(version: int | None, probability: float) -> Entry:
    promise = Promise(kind=PromiseKind.TOLERANCE_STATED, subject="HIGH", due=TODAY, probability=probability)
    name = name_of(CATEGORY, version)
    return Entry(id=uuid7(), user_id=uuid7(), category=CATEGORY, model_name=name, said_on=TODAY, promise=promise)


def filled(bins: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in bins if one["number"]]


def test_the_rule_and_each_version_show_what_they_said_and_what_came(api: Api, engine: Engine) -> None:
    register(engine, 2)
    judged(engine, None, *[(0.25, 1.0)] * 50, *[(0.25, 0.0)] * 50)
    judged(engine, 1, (0.55, 1.0), (0.57, 0.0), (1.0, 1.0))
    model = api.ask(CALIBRATION, ADMIN).data["admin"]["model"]
    second, first = model["versions"]
    assert filled(model["rule"]["calibration"]) == [{"low": 0.2, "high": 0.3, "number": 100, "said": 0.25, "came": 0.5}]
    assert filled(first["calibration"]) == [
        {"low": 0.5, "high": 0.6, "number": 2, "said": 0.56, "came": 0.5},
        {"low": 0.9, "high": 1.0, "number": 1, "said": 1.0, "came": 1.0},
    ]
    figures = {one["name"]: one["value"] for one in model["rule"]["metrics"]}
    assert (figures["ledger_calibration_error"], figures["ledger_judged"]) == (0.25, 100)
    assert [one["low"] for one in second["calibration"]] == [number / 10 for number in range(10)]
    assert {(one["said"], one["came"]) for one in second["calibration"]} == {(None, None)}
