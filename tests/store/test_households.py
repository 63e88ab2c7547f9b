"""Households are written through one door, which raises their version, and read many at a time."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from store.errors import NotFound
from store.facts import load_facts
from store.households import accounts, budgets, goals, holdings, profiles, sales, transactions
from store.households.version import hold, raise_version
from store.ids import uuid7
from store.session import transaction
from store.tables import Budget, Transaction, User
from tests.households import TODAY, add_household
from tests.waiting import is_locked_out, until

GOAL: dict[str, Any] = {
    "name": "Boat",
    "kind": "TRAVEL",
    "target_amount": Decimal(5000),
    "target_date": dt.date(2028, 1, 1),
    "saved_amount": Decimal(0),
    "monthly_contribution": Decimal(50),
    "priority": "LOW",
}
ROW: dict[str, Any] = {
    "external_id": "t1",
    "account_id": None,
    "date": TODAY,
    "amount": Decimal("-1.50"),
    "category": "dining",
    "merchant": None,
    "hour": 23,
}
WRITES: dict[str, Callable[[Session, UUID], object]] = {
    "raise_version": raise_version,
    "update_profile": lambda session, user: profiles.update_profile(session, user, {"dependents": 2}),
    "save_account": lambda session, user: accounts.save_account(
        session, user, None, {"name": "New", "kind": "SAVINGS", "balance": Decimal(1)}
    ),
    "save_goal": lambda session, user: goals.save_goal(session, user, None, GOAL),
    "save_budget": lambda session, user: budgets.save_budget(session, user, "dining", Decimal(200)),
    "add_transactions": lambda session, user: transactions.add_transactions(session, user, [ROW]),
}


@pytest.fixture
def users(engine: Engine) -> list[UUID]:
    with transaction(engine, everyone=True) as session:
        return [add_household(session) for _ in range(2)]


def version(engine: Engine, user: UUID) -> int:
    with transaction(engine, everyone=True) as session:
        return session.exec(select(User.data_version).where(User.id == user)).one()


def test_a_version_is_raised_once_a_transaction_for_each_user(engine: Engine, users: list[UUID]) -> None:
    before = [version(engine, user) for user in users]
    with transaction(engine, everyone=True) as session:
        for write in WRITES.values():
            write(session, users[0])
        raise_version(session, users[1])
    assert [version(engine, user) for user in users] == [number + 1 for number in before]
    with transaction(engine, everyone=True) as session:
        raise_version(session, users[0])
    assert version(engine, users[0]) == before[0] + 2


def test_a_version_raised_in_a_lost_savepoint_is_raised_again(engine: Engine, users: list[UUID]) -> None:
    before = version(engine, users[0])
    with transaction(engine, everyone=True) as session:
        savepoint = session.begin_nested()
        raise_version(session, users[0])
        savepoint.rollback()
        raise_version(session, users[0])
    assert version(engine, users[0]) == before + 1


def test_a_session_that_is_used_again_raises_again(engine: Engine, users: list[UUID]) -> None:
    before = version(engine, users[0])
    with Session(engine) as session:
        for _ in range(2):
            raise_version(session, users[0])
            session.commit()
    assert version(engine, users[0]) == before + 2


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_where_the_transaction_does_not_see_the_user(
    name: str, engine: Engine, users: list[UUID]
) -> None:
    for missing in (users[1], uuid7()):
        with pytest.raises(NotFound), transaction(engine, users=[users[0]]) as session:
            WRITES[name](session, missing)


def test_rows_of_others_are_not_there(engine: Engine, users: list[UUID]) -> None:
    with transaction(engine, everyone=True) as session:
        account = accounts.accounts_of(session, [users[1]])[users[1]][0].id
        goal = goals.goals_of(session, [users[1]])[users[1]][0].id
    tried: list[Callable[[Session], object]] = [
        lambda session: accounts.delete_account(session, account),
        lambda session: accounts.save_account(session, users[0], account, {"name": "Mine"}),
        lambda session: holdings.save_holdings(session, account, []),
        lambda session: sales.add_sales(session, account, []),
        lambda session: goals.delete_goal(session, goal),
        lambda session: goals.save_goal(session, users[0], goal, GOAL),
        lambda session: hold(session, users[1]),
    ]
    for attempt in tried:
        with pytest.raises(NotFound), transaction(engine, users=[users[0]]) as session:
            attempt(session)
    with transaction(engine, users=[users[0]]) as session:
        assert accounts.accounts_by_id(session, [account]) == {}
        assert goals.goals_by_id(session, [goal]) == {}
        assert holdings.holdings_of(session, [account], TODAY) == {account: []}
        assert sales.counts_of(session, [account]) == {account: 0}


def test_reads_answer_for_every_user_that_is_asked_for(engine: Engine, users: list[UUID]) -> None:
    nobody = uuid7()
    with transaction(engine, everyone=True) as session:
        asked = [*users, nobody]
        assert [len(accounts.accounts_of(session, asked)[user]) for user in asked] == [4, 4, 0]
        assert [len(goals.goals_of(session, asked)[user]) for user in asked] == [1, 1, 0]
        assert [transactions.counts_of(session, asked)[user] for user in asked] == [36, 36, 0]
        pages = transactions.pages_of(session, asked, first=10)
        assert [(len(pages[user].rows), pages[user].has_next) for user in asked] == [(10, True), (10, True), (0, False)]
        assert profiles.profiles_of(session, asked, TODAY).keys() == set(users)
        assert profiles.savings_rates(session, asked, TODAY).keys() == set(users)


def test_the_totals_of_a_profile_are_those_of_the_engine(engine: Engine, users: list[UUID]) -> None:
    with transaction(engine, everyone=True) as session:
        accounts.save_account(
            session, users[0], None, {"name": "Overdrawn", "kind": "CHECKING", "balance": Decimal(-70)}
        )
        accounts.save_account(session, users[0], None, {"name": "Home", "kind": "PROPERTY", "balance": Decimal("9.99")})
        session.connection().execute(text("DELETE FROM accounts WHERE user_id = :user"), {"user": users[1]})
        shown, known = (
            profiles.profiles_of(session, users, TODAY),
            load_facts(session, users, ["profile"], TODAY).profile,
        )
        for place, user in enumerate(users):
            for name in ("net_worth", "liquid_assets", "total_debt", "annual_income"):
                assert float(getattr(shown[user], name)) == getattr(known, name)[place]


def test_an_unseen_household_has_no_savings_rate(engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        user = add_household(session, months=1)
        assert profiles.savings_rates(session, [user], TODAY) == {}
        profiles.update_profile(session, user, {"monthly_expenses": Decimal(2000)})
        assert 0 < profiles.savings_rates(session, [user], TODAY)[user] < 1


def test_holdings_are_shown_at_the_latest_price_that_is_known_by_then(engine: Engine, users: list[UUID]) -> None:
    lots = [
        {"symbol": symbol, "quantity": Decimal(quantity), "cost_basis": Decimal(100), "acquired": dt.date(2024, 1, 2)}
        for symbol, quantity in (("FUND", 2), ("FUND", "0.5"), ("US_BONDS", 50), ("UNKNOWN", 3))
    ]
    with transaction(engine, everyone=True) as session:
        plan = next(one for one in accounts.accounts_of(session, users)[users[0]] if one.kind == "EMPLOYER_PLAN")
        session.connection().execute(text("INSERT INTO assets VALUES ('FUND', 'A fund', 'INTL_EQUITY')"))
        days = [TODAY - dt.timedelta(days=9), TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)]
        session.connection().execute(
            text("INSERT INTO prices (symbol, date, close) VALUES ('FUND', :day, :close)"),
            [{"day": day, "close": 10 * place} for place, day in enumerate(days, start=4)],
        )
        holdings.save_holdings(session, plan.id, lots)
        shown = holdings.holdings_of(session, [plan.id], TODAY)[plan.id]
    assert [(row.symbol, row.asset_class, row.quantity, row.market_value, row.unrealized_gain) for row in shown] == [
        ("FUND", "INTL_EQUITY", Decimal("2.5"), Decimal(125), Decimal(-75)),
        ("UNKNOWN", "UNKNOWN", Decimal(3), Decimal(100), Decimal(0)),
        ("US_BONDS", "US_BONDS", Decimal(50), Decimal(50), Decimal(-50)),
    ]


def test_a_repeated_transaction_is_written_once(engine: Engine, users: list[UUID]) -> None:
    def add(*rows: dict[str, Any], user: UUID = users[0]) -> int:
        with transaction(engine, everyone=True) as session:
            return transactions.add_transactions(session, user, rows)

    assert add(ROW, ROW, ROW | {"external_id": None}) == 2
    assert add(ROW, ROW | {"external_id": "t2"}) == 1
    assert add(ROW, user=users[1]) == 1
    assert add() == 0
    before = version(engine, users[0])
    assert add(ROW) == 0
    assert version(engine, users[0]) == before


def test_transactions_that_arrive_twice_at_the_same_time_are_written_once(engine: Engine, users: list[UUID]) -> None:
    rows = [ROW | {"external_id": f"t{number}"} for number in range(50)]

    def add(turned: bool) -> int:
        with transaction(engine, users=[users[0]]) as session:
            return transactions.add_transactions(session, users[0], rows[::-1] if turned else rows)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(add, [False, True, False, True])) == len(rows)
    with transaction(engine, everyone=True) as session:
        known = session.exec(select(Transaction).where(col(Transaction.external_id).is_not(None)))
        assert len(known.all()) == len(rows)


def test_writers_of_one_household_wait_for_each_other_and_not_in_a_circle(engine: Engine, users: list[UUID]) -> None:
    with transaction(engine, everyone=True) as session:
        account = accounts.accounts_of(session, users)[users[0]][0]

    def delete() -> UUID:
        with transaction(engine, users=[users[0]]) as session:
            return accounts.delete_account(session, account.id)

    with ThreadPoolExecutor(1) as pool:
        with transaction(engine, users=[users[0]]) as session:
            raise_version(session, users[0])
            deleted = pool.submit(delete)
            until(lambda: is_locked_out(engine))
            accounts.save_account(session, users[0], account.id, {"name": "Renamed"})
        assert deleted.result() == users[0]


def test_a_budget_is_set_and_changed(engine: Engine, users: list[UUID]) -> None:
    for limit in (Decimal(100), Decimal(250)):
        with transaction(engine, users=[users[0]]) as session:
            budgets.save_budget(session, users[0], "travel", limit)
    with transaction(engine, users=[users[0]]) as session:
        limits = {budget.category: budget.monthly_limit for budget in session.exec(select(Budget))}
    assert limits == {"groceries": Decimal(450), "travel": Decimal(250)}
