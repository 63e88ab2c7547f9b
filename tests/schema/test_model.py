"""An answer tells which version of which model made it."""

from uuid import UUID

import pytest
from sqlalchemy import Engine

from engine import catalog
from engine.catalog import BY_NAME
from store.artifacts import Archive
from store.models import registry
from store.session import transaction
from tests.schema.conftest import Api
from tests.store.artifact_samples import MANIFEST
from tests.store.learned import registered
from tests.store.learner import Step, StepTrainer

CATEGORY = "life_planning"
DOCUMENT = """{ viewer { lifePlanning {
    model { version stage checksum trainingUsers metrics { name value baseline bar meetsBar }
            featureImportance { feature importance } }
    recommendations { modelName }
    explanation { sentence }
} } }"""


@pytest.fixture
def learning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Life planning, with a model to look at that changes nothing."""
    made = type(BY_NAME[CATEGORY])()
    monkeypatch.setattr(made, "trainer", StepTrainer(), raising=False)
    monkeypatch.setattr(made, "models", frozenset({CATEGORY}), raising=False)
    monkeypatch.setitem(catalog.BY_NAME, CATEGORY, made)


def test_rules_have_no_model_and_a_version_is_shown_with_its_figures(
    api: Api, user: UUID, engine: Engine, archive: Archive, learning: None
) -> None:
    before = api.ask(DOCUMENT, user).data["viewer"]["lifePlanning"]
    assert before["model"] is None
    assert {one["modelName"] for one in before["recommendations"]} <= {f"{CATEGORY}/rule"}
    manifest, path = {**MANIFEST, "category": CATEGORY}, f"{CATEGORY}/018f-1"
    checksum = archive.write(path, Step(3).files(), manifest)
    with transaction(engine) as session:
        registered(session, CATEGORY, path=path, checksum=checksum, proven=False, manifest=manifest)
        registry.promote(session, CATEGORY, 1, actor="ada", reason="by hand")
    after = api.ask(DOCUMENT, user).data["viewer"]["lifePlanning"]
    assert after["model"] == {
        "version": 1,
        "stage": "CHAMPION",
        "checksum": checksum,
        "trainingUsers": 400,
        "metrics": [{"name": "rmse", "value": 3.5, "baseline": 4.0, "bar": 5.0, "meetsBar": True}],
        "featureImportance": [{"feature": "income", "importance": 0.75}, {"feature": "age", "importance": 0.25}],
    }
    assert {one["modelName"] for one in after["recommendations"]} <= {f"{CATEGORY}@1"}
    assert "put in place by hand" in after["explanation"][-1]["sentence"]
