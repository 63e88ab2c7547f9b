"""Walking a list page by page meets every row once, and pages tell honestly what lies around them."""

from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from store.errors import BadInput
from store.paging import read_cursor, write_cursor
from store.session import transaction
from tests.households import add_household
from tests.schema.conftest import ADMIN, Api

PAGE = "edges { node { id } cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount"
ASKED = f"(first: $first, after: $after) {{ {PAGE} }}"
LISTS = {
    "transactions": f"query($first: Int!, $after: String) {{ viewer {{ list: transactions{ASKED} }} }}",
    "recommendations": f"query($first: Int!, $after: String) {{ viewer {{ list: recommendations{ASKED} }} }}",
    "users": f"query($first: Int!, $after: String) {{ list: users{ASKED} }}",
}


@pytest.fixture
def viewer(api: Api, engine: Engine, user: UUID) -> UUID:
    """A user with advice, among others."""
    with transaction(engine, everyone=True) as session:
        for _ in range(4):
            add_household(session, months=1)
    api.ask("{ viewer { savingsStrategy { basis } } }", user)
    return user


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("first", [1, 2, 100])
def test_every_row_is_met_once(name: str, first: int, api: Api, viewer: UUID) -> None:
    met, after, pages = [], None, 0
    while True:
        page = ask(api, name, viewer, first=first, after=after)
        met += [edge["node"]["id"] for edge in page["edges"]]
        pages += 1
        assert page["pageInfo"]["hasPreviousPage"] is (pages > 1)
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(met) == len(set(met)) == page["totalCount"] > 1


def test_transactions_come_newest_first(api: Api, viewer: UUID) -> None:
    document = "{ viewer { transactions(first: 100) { edges { node { date } } } } }"
    dates = [edge["node"]["date"] for edge in api.ask(document, viewer).data["viewer"]["transactions"]["edges"]]
    assert dates == sorted(dates, reverse=True)


def test_rows_that_go_do_not_shift_the_pages(api: Api, viewer: UUID, engine: Engine) -> None:
    page = ask(api, "transactions", viewer, first=3, after=None)
    gone, _, last = (edge["node"]["id"] for edge in page["edges"])
    following = ask(api, "transactions", viewer, first=3, after=page["pageInfo"]["endCursor"])
    with transaction(engine, everyone=True) as session:
        session.connection().execute(
            text("DELETE FROM transactions WHERE id = ANY(:ids)"), {"ids": [UUID(gone), UUID(last)]}
        )
    again = ask(api, "transactions", viewer, first=3, after=page["pageInfo"]["endCursor"])
    assert again["edges"] == following["edges"]


def test_a_page_knows_that_all_before_it_is_gone(api: Api, viewer: UUID, engine: Engine) -> None:
    cursor = ask(api, "transactions", viewer, first=1, after=None)["pageInfo"]["endCursor"]
    assert ask(api, "transactions", viewer, first=1, after=cursor)["pageInfo"]["hasPreviousPage"] is True
    with transaction(engine, everyone=True) as session:
        session.connection().execute(text("DELETE FROM transactions WHERE date = (SELECT max(date) FROM transactions)"))
    assert ask(api, "transactions", viewer, first=1, after=cursor)["pageInfo"]["hasPreviousPage"] is False


def test_an_empty_list_has_a_page(api: Api, engine: Engine) -> None:
    page = ask(api, "users", None, first=5, after=None)
    assert page == {
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
        "totalCount": 0,
    }


@pytest.mark.parametrize("name", LISTS)
def test_a_broken_cursor_or_size_is_named(name: str, api: Api, user: UUID) -> None:
    viewer = ADMIN if name == "users" else api.user(user)
    foreign = write_cursor("other", "list", "altogether")
    for first, after, field in ((0, None, "first"), (101, None, "first"), (1, "", "after"), (1, foreign, "after")):
        answered = api.ask(LISTS[name], viewer, first=first, after=after)
        assert (answered.code, answered.field) == ("BAD_USER_INPUT", field)


@given(st.text() | st.binary().map(lambda noise: urlsafe_b64encode(noise).decode()))
def test_no_text_breaks_the_reading_of_cursors(cursor: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_cursor(cursor, UUID)
    assert refused.value.field == "after"


@given(st.uuids(), st.dates())
def test_a_cursor_is_read_as_it_was_written(row: UUID, day: Any) -> None:
    assert read_cursor(write_cursor(day, row), type(day).fromisoformat, UUID) == (day, row)


def ask(api: Api, name: str, user: UUID | None, *, first: int, after: str | None) -> Any:
    viewer = ADMIN if name == "users" else user
    answered = api.ask(LISTS[name], viewer, first=first, after=after)
    assert answered.errors == []
    return answered.data["list"] if name == "users" else answered.data["viewer"]["list"]
