"""Users are found by our id or by the name that another system has for them."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from store.ids import uuid7
from store.session import transaction
from store.users import any_user_until, count_users, create_user, find_user, list_users, users_of

PROFILE: dict[str, Any] = {
    "birth_date": dt.date(1990, 1, 1),
    "annual_income": Decimal(50000),
    "net_worth": Decimal(0),
    "liquid_assets": Decimal(0),
    "total_debt": Decimal(0),
    "marital_status": "SINGLE",
    "dependents": 0,
    "employment": "EMPLOYED",
    "homeowner": False,
}


def create(engine: Engine, external_id: str | None = None, currency: str = "USD") -> tuple[UUID, bool]:
    with transaction(engine, everyone=True) as session:
        user, is_new = create_user(session, currency=currency, profile=PROFILE, external_id=external_id)
        return user.id, is_new


def test_a_user_is_made_once_for_each_external_id(engine: Engine) -> None:
    first, again = create(engine, "crm-1"), create(engine, "crm-1", currency="EUR")
    assert first[1] is True
    assert again == (first[0], False)
    with transaction(engine, everyone=True) as session:
        assert users_of(session, [first[0]])[first[0]].currency == "USD"
        assert count_users(session) == 1


def test_of_requests_at_the_same_time_one_makes_the_user(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: create(engine, "crm-1"), range(4)))
    assert len({user for user, _ in made}) == 1
    assert sorted(is_new for _, is_new in made) == [False, False, False, True]


def test_a_user_is_found_by_id_and_by_external_id(engine: Engine) -> None:
    user, _ = create(engine, "crm-1")
    with transaction(engine, everyone=True) as session:
        for subject in (user, str(user), "crm-1"):
            found = find_user(session, subject)
            assert found is not None
            assert found.id == user
        assert find_user(session, str(uuid7())) is None
        assert find_user(session, "crm-2") is None


def test_our_id_comes_before_an_external_id_of_the_same_letters(engine: Engine) -> None:
    user, _ = create(engine)
    create(engine, str(user))
    foreign, _ = create(engine, str(uuid := uuid7()))
    with transaction(engine, everyone=True) as session:
        ours, theirs = find_user(session, str(user)), find_user(session, str(uuid))
        assert ours is not None
        assert theirs is not None
        assert (ours.id, theirs.id) == (user, foreign)


@pytest.mark.parametrize("seen", [True, False])
def test_a_user_is_found_only_where_the_transaction_sees_it(seen: bool, engine: Engine) -> None:
    user, _ = create(engine, "crm-1")
    other, _ = create(engine, "crm-2")
    with transaction(engine, users=[user if seen else other]) as session:
        assert (find_user(session, "crm-1") is not None) is seen
        assert (user in users_of(session, [user, other])) is seen
        assert count_users(session) == 1


def test_users_are_listed_by_id(engine: Engine) -> None:
    ids = sorted(create(engine)[0] for _ in range(5))
    with transaction(engine, everyone=True) as session:
        first = list_users(session, first=2)
        assert ([user.id for user in first.rows], first.has_next) == (ids[:2], True)
        rest = list_users(session, first=3, after=ids[1])
        assert ([user.id for user in rest.rows], rest.has_next) == (ids[2:], False)
        assert any_user_until(session, ids[0]) is True
        assert any_user_until(session, UUID(int=0)) is False
