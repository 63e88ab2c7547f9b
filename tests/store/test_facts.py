"""What is stored of households arrives in the engine's columns, each row with its own user."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from engine.enums import AccountKind, EmploymentStatus, GoalKind, GoalStatus, RiskLevel, code
from engine.errors import SourceNotLoaded
from engine.facts import Facts, Source
from engine.transactions import CATEGORY_NAMES
from store.facts import HISTORY_MONTHS, load_facts, load_history
from store.session import transaction
from store.tables import Account, Asset, Price, Sale, User
from tests.households import GROCERIES, MONTHS, RENT, SALARY, TODAY, add_household

ALL: tuple[Source, ...] = (
    "profile",
    "accounts",
    "holdings",
    "sales",
    "goals",
    "ended_goals",
    "cash_flows",
    "income",
    "transactions",
    "budgets",
    "life_events",
    "prices",
)


def _load(engine: Engine, users: list[UUID]) -> Facts:
    with transaction(engine, users=users) as session:
        return load_facts(session, users, ALL, TODAY)


@pytest.fixture
def household(engine: Engine) -> UUID:
    with transaction(engine, everyone=True) as session:
        return add_household(session)


def test_a_profile_arrives_as_it_was_stated(engine: Engine, household: UUID) -> None:
    profile = _load(engine, [household]).profile
    assert profile.age[0] == pytest.approx(35.29, abs=0.01)
    assert profile.annual_income[0] == 60000
    assert np.isnan(profile.monthly_expenses[0])
    assert profile.employment[0] == code(EmploymentStatus.EMPLOYED)
    assert profile.stated_risk_tolerance[0] == code(RiskLevel.MODERATE)
    assert np.isnan(profile.capital_loss_carryforward[0])
    with transaction(engine, users=[household]) as session:
        session.execute(text("UPDATE financial_profiles SET capital_loss_carryforward = 12500.5"))
    assert _load(engine, [household]).profile.capital_loss_carryforward[0] == 12_500.5


def test_accounts_win_over_stated_totals(engine: Engine, household: UUID) -> None:
    profile = _load(engine, [household]).profile
    assert (profile.net_worth[0], profile.liquid_assets[0], profile.total_debt[0]) == (21000, 5000, 4000)


def test_goals_that_ended_are_told_apart_from_those_pursued(engine: Engine, household: UUID) -> None:
    with transaction(engine, users=[household]) as session:
        session.execute(text("UPDATE goals SET status = 'ACHIEVED'"))
    facts = _load(engine, [household])
    assert len(facts.goals.user) == 0
    ended = facts.ended_goals
    assert ended.user.tolist() == [0]
    assert (ended.kind[0], ended.status[0]) == (code(GoalKind.HOME_PURCHASE), code(GoalStatus.ACHIEVED))
    assert ended.target_date[0] == np.datetime64("2031-06-01")


def test_cash_flows_are_sums_by_month_and_category(engine: Engine, household: UUID) -> None:
    flows = _load(engine, [household]).cash_flows
    last = flows.amount[0, -1]
    assert flows.months[-1] == np.datetime64("2026-05-01")
    assert last[CATEGORY_NAMES.index("salary")] == float(SALARY)
    assert last[CATEGORY_NAMES.index("rent")] == float(RENT)
    assert last[CATEGORY_NAMES.index("groceries")] == float(GROCERIES)
    assert flows.observed[0] == MONTHS
    assert not flows.amount[0, : HISTORY_MONTHS - MONTHS].any()


def test_a_lot_is_worth_the_latest_price_else_a_unit_of_its_class_else_its_cost(
    engine: Engine, household: UUID
) -> None:
    assert _load(engine, [household]).holdings.market_value.tolist() == [20000]
    with transaction(engine, everyone=True) as session:
        session.add(Asset(symbol="US_EQUITY", name="US equity", asset_class="US_EQUITY"))
        session.flush()
        for day, close in ((1, "2.00"), (14, "1.50"), (16, "9.00")):
            session.add(Price(symbol="US_EQUITY", date=TODAY.replace(day=day), close=close))  # type: ignore[arg-type]
    assert _load(engine, [household]).holdings.market_value.tolist() == [30000]


def _add_fund(engine: Engine, symbol: str, asset_class: str, levels: dict[str, str]) -> None:
    with transaction(engine, everyone=True) as session:
        session.add(Asset(symbol=symbol, name=symbol, asset_class=asset_class))
        session.flush()
        for day, close in levels.items():
            session.add(Price(symbol=symbol, date=date.fromisoformat(day), close=Decimal(close)))


def test_prices_are_the_last_of_each_week_of_two_funds_a_class_and_of_what_is_held(
    engine: Engine, household: UUID
) -> None:
    _add_fund(engine, "OLD", "US_EQUITY", {"2010-01-04": "9", "2025-06-02": "10"})
    _add_fund(
        engine, "FIRST", "US_EQUITY", {"2026-06-01": "1", "2026-06-05": "2", "2026-06-08": "3", "2026-06-16": "8"}
    )
    _add_fund(engine, "SECOND", "US_EQUITY", {"2026-06-02": "5"})
    _add_fund(engine, "US_EQUITY", "US_EQUITY", {"2026-06-03": "7"})
    prices = _load(engine, [household]).prices
    assert prices.symbol.tolist() == ["FIRST", "SECOND", "US_EQUITY"]
    assert prices.rank.tolist() == [1, 2, 0]
    assert prices.weeks.astype(str).tolist() == ["2026-06-01", "2026-06-08"]
    assert prices.close[0].tolist() == [2, 3]
    assert prices.close[1, 0] == 5
    assert np.isnan(prices.close[1, 1])
    assert np.isnan(prices.total_return).all()
    assert prices.latest.astype(str).tolist() == ["2026-06-08", "2026-06-02", "2026-06-03"]


def _sell(engine: Engine, user: UUID, symbol: str, sold: date) -> None:
    with transaction(engine, users=[user]) as session:
        account = session.exec(select(Account).where(Account.user_id == user, Account.kind == "SAVINGS")).one()
        session.add(
            Sale(
                user_id=user,
                account_id=account.id,
                symbol=symbol,
                quantity=Decimal("1.5"),
                cost_basis=Decimal(20),
                proceeds=Decimal("12.5"),
                acquired=date(2020, 1, 2),
                sold=sold,
            )
        )


def test_sales_of_five_years_arrive_the_oldest_first(engine: Engine, household: UUID) -> None:
    for symbol, sold in (("LATE", "2026-06-15"), ("EARLY", "2024-02-01"), ("LONG_AGO", "2021-06-01")):
        _sell(engine, household, symbol, date.fromisoformat(sold))
    facts = _load(engine, [uuid4(), household])
    assert facts.sales.symbol.tolist() == ["EARLY", "LATE"]
    assert facts.sales.user.tolist() == [1, 1]
    assert set(facts.sales.account) <= set(facts.accounts.id)
    assert facts.sales.sold.astype(str).tolist() == ["2024-02-01", "2026-06-15"]
    assert (facts.sales.quantity[0], facts.sales.cost_basis[0], facts.sales.proceeds[0]) == (1.5, 20, 12.5)


def test_what_was_sold_has_prices_as_what_is_held(engine: Engine, household: UUID) -> None:
    for day, symbol in enumerate(("FIRST", "SECOND", "SOLD", "NEITHER"), 8):
        _add_fund(engine, symbol, "US_EQUITY", {f"2026-06-{day:02}": "10"})
    assert _load(engine, [household]).prices.symbol.tolist() == ["FIRST", "SECOND"]
    _sell(engine, household, "SOLD", TODAY)
    prices = _load(engine, [household]).prices
    assert dict(zip(prices.symbol, prices.rank, strict=True)) == {"FIRST": 1, "SECOND": 2, "SOLD": 0}


def test_a_symbol_without_recent_prices_has_no_levels(engine: Engine, household: UUID) -> None:
    _add_fund(engine, "OLD", "US_EQUITY", {"2010-01-04": "9"})
    prices = _load(engine, [household]).prices
    assert prices.symbol.tolist() == ["OLD"]
    assert prices.close.shape == (1, 0)


def test_rows_belong_to_their_user_whatever_the_order_asked_for(engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        rich, empty, short = add_household(session), User(), add_household(session, months=2)
        session.add(empty)
        session.flush()
        users = [short, empty.id, rich]
    facts = _load(engine, users)
    assert facts.users.tolist() == users
    assert facts.cash_flows.observed.tolist() == [2, 0, MONTHS]
    assert facts.total(facts.accounts.user, facts.accounts.balance).tolist() == [21000, 0, 21000]
    assert np.isnan(facts.profile.annual_income[1])
    assert set(facts.accounts.kind[facts.accounts.user == 0]) == {
        code(kind)
        for kind in (AccountKind.CHECKING, AccountKind.SAVINGS, AccountKind.CREDIT_CARD, AccountKind.EMPLOYER_PLAN)
    }


def test_a_batch_of_nobody_is_empty(engine: Engine) -> None:
    facts = _load(engine, [])
    assert len(facts) == 0
    assert facts.cash_flows.amount.shape == (0, HISTORY_MONTHS, len(CATEGORY_NAMES))


def test_a_user_of_whom_nothing_may_be_seen_is_unknown(engine: Engine, household: UUID) -> None:
    with transaction(engine, users=[uuid4()]) as session:
        facts = load_facts(session, [household], ALL, TODAY)
    assert np.isnan(facts.profile.annual_income).all()
    assert len(facts.accounts.user) == len(facts.goals.user) == len(facts.income.user) == 0


def test_a_source_that_was_not_loaded_is_named(engine: Engine, household: UUID) -> None:
    with transaction(engine, users=[household]) as session:
        facts = load_facts(session, [household], ["profile"], TODAY)
    with pytest.raises(SourceNotLoaded, match="holdings"):
        _ = facts.holdings


def test_a_history_goes_back_to_the_first_price(engine: Engine) -> None:
    _add_fund(engine, "OLD", "US_EQUITY", {"2010-01-04": "9", "2026-06-01": "10"})
    with transaction(engine, everyone=True) as session:
        history = load_history(session, TODAY)
    assert history.close[0].tolist() == [9, 10]
