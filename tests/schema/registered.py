"""Versions of models as rows, for tests of what shows and moves them; there is no artifact behind them."""

from typing import Any

from sqlalchemy import Engine

from store.models import registry
from store.session import transaction
from store.tables import ModelVersion

CATEGORY = "risk_assessment"
MANIFEST = {
    "metrics": [{"name": "brier", "value": 0.2, "baseline": 0.25, "bar": 0.22}],
    "importance": {"income": 0.4, "age": 0.6},
}


def row(number: int = 1, category: str = CATEGORY, **columns: Any) -> ModelVersion:
    """A version that is not written yet."""
    return ModelVersion(
        category=category,
        version=number,
        path=f"{category}/{number}",
        checksum="0" * 64,
        proven=True,
        training_users=120,
        **{"manifest": MANIFEST, **columns},
    )


def register(engine: Engine, count: int = 2, *, in_place: int | None = 1) -> None:
    """So many versions, one of them in place."""
    with transaction(engine, everyone=True) as session:
        session.add_all([row(number) for number in range(1, count + 1)])
        session.flush()
        if in_place is not None:
            registry.promote(session, CATEGORY, in_place, actor="test", reason="test")
