"""Sales over HTTP, by whom they concern and by others, right and wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette

from server.app import create_app
from store.session import transaction
from store.settings import Settings
from tests.households import add_household
from tests.server.conftest import Ask, Token, codes, count

pytestmark = pytest.mark.anyio

SAVE = """mutation($user: ID!) { saveAccount(userId: $user, input: {
    name: "Broker", kind: TAXABLE, balance: "60000" }) { id } }"""
ADD = """mutation($account: ID!, $sales: [SaleInput!]!) { addSales(accountId: $account, sales: $sales) {
    sales { totalCount edges { node { symbol gain } } } } }"""
PLAN = "{ viewer { portfolioRebalancing { explanation { feature } } } }"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def app(settings: Settings, engine: Engine) -> Starlette:
    return create_app(settings, engine)


@pytest.fixture
def ann(engine: Engine) -> UUID:
    with transaction(engine, everyone=True) as session:
        return add_household(session, "ann")


def sale(**changed: Any) -> dict[str, Any]:
    """US shares sold yesterday at a loss."""
    days = {"acquired": str(TODAY - timedelta(days=900)), "sold": str(TODAY - timedelta(days=1))}
    given = {"externalId": "s1", "symbol": "US_EQUITY", "quantity": 9.0, "costBasis": "900", "proceeds": "800.50"}
    return given | days | changed


async def test_a_sale_is_kept_once_and_the_plan_tells_what_it_bars(ask: Ask, token: Token, ann: UUID) -> None:
    account = (await ask(SAVE, token=token(ann), user=str(ann))).json()["data"]["saveAccount"]["id"]
    for _ in range(2):
        told = await ask(ADD, token=token(ann), account=account, sales=[sale()])
        shown = [{"node": {"symbol": "US_EQUITY", "gain": "-99.50"}}]
        assert told.json() == {"data": {"addSales": {"sales": {"totalCount": 1, "edges": shown}}}}
    plan = (await ask(PLAN, token=token(ann))).json()["data"]["viewer"]["portfolioRebalancing"]
    assert "wash_sale:US_EQUITY" in [entry["feature"] for entry in plan["explanation"]]


async def test_a_sale_is_added_by_its_household_and_by_administrators_alone(
    ask: Ask, token: Token, ann: UUID, bob: UUID, engine: Engine
) -> None:
    account = (await ask(SAVE, token=token(ann), user=str(ann))).json()["data"]["saveAccount"]["id"]
    for bearer, refusal in ((None, "UNAUTHENTICATED"), (token(bob), "NOT_FOUND")):
        response = await ask(ADD, token=bearer, account=account, sales=[sale()])
        assert (response.json()["data"], codes(response)) == (None, [refusal])
    assert count(engine, "sales") == 0
    added = await ask(ADD, token=token(role="admin"), account=account, sales=[sale()])
    assert added.json()["data"]["addSales"]["sales"]["totalCount"] == 1
    assert count(engine, "sales") == 1


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("sold", {"sold": str(TODAY + timedelta(days=3))}),
        ("sold", {"sold": str(TODAY - timedelta(days=901))}),
        ("quantity", {"quantity": -1.0}),
        ("proceeds", {"proceeds": "-0.01"}),
    ],
)
async def test_a_wrong_sale_is_named_and_nothing_is_kept(
    field: str, changed: dict[str, Any], ask: Ask, token: Token, ann: UUID, engine: Engine
) -> None:
    account = (await ask(SAVE, token=token(ann), user=str(ann))).json()["data"]["saveAccount"]["id"]
    refused = (await ask(ADD, token=token(ann), account=account, sales=[sale(externalId="s0"), sale(**changed)])).json()
    assert refused["data"] is None
    assert [error["extensions"] for error in refused["errors"]] == [
        {"code": "BAD_USER_INPUT", "field": f"sales[1].{field}"}
    ]
    assert count(engine, "sales") == 0
