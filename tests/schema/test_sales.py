"""Sales of securities go in once, come out page by page, and belong to one household."""

from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import col, select

from store.session import transaction
from store.tables import Sale
from tests.schema.changes import CHANGES, SALE, Household
from tests.schema.conftest import ADMIN, Api
from tests.schema.test_mutations import data_version

ADD = CHANGES["addSales"].document
PAGE = """query($first: Int!, $after: String) { viewer { accounts { id sales(first: $first, after: $after) {
    edges { node { id sold } cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
} } } }"""


def test_sales_are_shown_the_latest_first_with_what_they_gained(api: Api, user: UUID) -> None:
    household = Household.of(api, user)
    early = SALE | {"externalId": None, "sold": "2025-03-04", "quantity": 0.00000001, "proceeds": "300"}
    document = """mutation($account: ID!, $sales: [SaleInput!]!) { addSales(accountId: $account, sales: $sales) {
        id sales(first: 5) { totalCount edges { node { symbol quantity costBasis proceeds gain acquired sold } } }
    } }"""
    shown = api.ask(document, user, account=household.account, sales=[early, SALE]).data["addSales"]
    assert (shown["id"], shown["sales"]["totalCount"]) == (household.account, 2)
    latest, first = (edge["node"] for edge in shown["sales"]["edges"])
    assert latest == {name: SALE[name] for name in SALE if name != "externalId"} | {"gain": "-49.90"}
    assert (first["sold"], first["quantity"], first["gain"]) == ("2025-03-04", 1e-8, "50.00")


def test_a_repeated_sale_changes_nothing(api: Api, user: UUID, engine: Engine) -> None:
    household = Household.of(api, user)
    assert api.ask(ADD, user, account=household.account, sales=[SALE, SALE | {"externalId": "s2"}]).errors == []
    version = data_version(engine, user)
    assert api.ask(ADD, user, account=household.account, sales=[SALE | {"proceeds": "1"}, SALE]).errors == []
    assert api.ask(ADD, user, account=household.account, sales=[]).errors == []
    assert data_version(engine, user) == version
    with transaction(engine, everyone=True) as session:
        kept = session.exec(select(Sale).order_by(col(Sale.external_id))).all()
        assert [(sale.external_id, str(sale.proceeds)) for sale in kept] == [("s1", "200.10"), ("s2", "200.10")]


def test_nothing_is_sold_from_a_debt(api: Api, user: UUID) -> None:
    accounts = api.ask("{ viewer { accounts { id kind } } }", user).data["viewer"]["accounts"]
    card = next(account["id"] for account in accounts if account["kind"] == "CREDIT_CARD")
    refused = api.ask(ADD, user, account=card, sales=[SALE])
    assert (refused.data, refused.code, refused.field) == (None, "BAD_USER_INPUT", "accountId")
    assert "CREDIT_CARD" in refused.errors[0]["message"]


def test_a_sale_changes_no_holdings_and_goes_with_its_account(api: Api, user: UUID, engine: Engine) -> None:
    household = Household.of(api, user)
    shown = "{ viewer { accounts { holdings { symbol quantity } } } }"
    before = api.ask(shown, user).data
    api.ask(ADD, user, account=household.account, sales=[SALE])
    assert api.ask(shown, user).data == before
    api.ask(CHANGES["deleteAccount"].document, user, account=household.account)
    with transaction(engine, everyone=True) as session:
        assert session.exec(select(Sale)).all() == []


def test_every_sale_is_met_once_page_by_page(api: Api, user: UUID) -> None:
    account = Household.of(api, user).account
    days = [f"2026-0{month}-1{day}" for month in range(1, 6) for day in (0, 1, 1)]
    rows = [SALE | {"externalId": str(number), "sold": day} for number, day in enumerate(days)]
    api.ask(ADD, user, account=account, sales=rows)
    page = _page(api, user, account, None)
    met = [edge["node"] for edge in page["edges"]]
    while page["pageInfo"]["hasNextPage"]:
        page = _page(api, user, account, page["pageInfo"]["endCursor"])
        assert (page["totalCount"], page["pageInfo"]["hasPreviousPage"]) == (15, True)
        met += [edge["node"] for edge in page["edges"]]
    assert len({node["id"] for node in met}) == 15
    assert [node["sold"] for node in met] == sorted(days, reverse=True)


def test_a_page_of_sales_is_bounded_and_its_cursor_read(api: Api, user: UUID) -> None:
    for first, after, field in ((0, None, "first"), (101, None, "first"), (1, "no cursor", "after")):
        answered = api.ask(PAGE, user, first=first, after=after)
        assert (answered.code, answered.field) == ("BAD_USER_INPUT", field)


def test_an_administrator_sees_the_sales_of_all_and_a_user_its_own(api: Api, user: UUID, other: UUID) -> None:
    account = Household.of(api, user).account
    api.ask(ADD, user, account=account, sales=[SALE])
    asked = "query($id: ID!) { user(id: $id) { accounts { sales { totalCount } } } }"
    counted = [one["sales"]["totalCount"] for one in api.ask(asked, ADMIN, id=str(user)).data["user"]["accounts"]]
    assert sum(counted) == 1
    assert api.ask(asked, other, id=str(user)).code == "NOT_FOUND"
    own = api.ask(asked, other, id=str(other)).data["user"]["accounts"]
    assert [one["sales"]["totalCount"] for one in own] == [0] * 4


def test_an_external_id_of_a_sale_is_a_households_own(api: Api, user: UUID, other: UUID) -> None:
    for owner in (user, other):
        account = Household.of(api, owner).account
        assert api.ask(ADD, owner, account=account, sales=[SALE]).errors == []
        assert _page(api, owner, account, None)["totalCount"] == 1


def _page(api: Api, user: UUID, account: str, after: str | None) -> Any:
    answered = api.ask(PAGE, user, first=4, after=after)
    assert answered.errors == []
    return next(one["sales"] for one in answered.data["viewer"]["accounts"] if one["id"] == account)
