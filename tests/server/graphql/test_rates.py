"""Who asks for too much at once waits; nobody else does."""

from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine

from schema.viewer import Viewer
from server.app import create_app
from server.graphql.rates import Rates
from server.graphql.refusals import Refused
from store.settings import Settings
from tests.server import toy
from tests.server.conftest import Token, codes

ANN, BOB = (Viewer(subject=name, is_admin=False, user_id=None) for name in ("ann", "bob"))
ADMIN = Viewer(subject="ada", is_admin=True, user_id=None)


class Clock:
    """Stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    rates = Rates(burst=100, per_second=10, clock=clock)
    rates.take(ANN, 60)
    with pytest.raises(Refused) as refused:
        rates.take(ANN, 60)
    assert (refused.value.codes, refused.value.headers) == (("RATE_LIMITED",), {"Retry-After": "2"})
    rates.take(BOB, 100)
    clock.now += 2
    rates.take(ANN, 60)
    clock.now += 1000
    rates.take(ANN, 100)
    with pytest.raises(Refused):
        rates.take(ANN, 1)


def test_administrators_and_nobody_have_no_bucket() -> None:
    rates = Rates(burst=1, per_second=1)
    for viewer in (ADMIN, None, ADMIN, None):
        rates.take(viewer, 1000)
    with pytest.raises(Refused):
        rates.take(ANN, 1000)


@pytest.mark.anyio
async def test_a_user_is_told_how_long_to_wait(settings: Settings, engine: Engine, token: Token, ann: UUID) -> None:
    app = create_app(settings, engine, schema=toy.schema, rates=Rates(burst=5, per_second=1, clock=Clock()))
    headers = {"Authorization": f"Bearer {token(ann)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://finrec") as client:
        body = {"query": "{ a: greet b: greet c: greet d: greet }"}
        answers = [await client.post("/graphql", json=body, headers=headers) for _ in range(2)]
        other = await client.post("/graphql", json=body)
    assert [answer.status_code for answer in (*answers, other)] == [200, 429, 200]
    assert codes(answers[1]) == ["RATE_LIMITED"]
    assert answers[1].headers["retry-after"] == "3"
