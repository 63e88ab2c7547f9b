"""Where transactions stop arriving, the months that follow are not taken for months in which nothing was spent."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Engine, text

from engine.advise import advise, sources_of
from engine.errors import InsufficientData
from engine.facts import Facts
from engine.features.cash_flow import cash_flow
from engine.health import HEALTH_SOURCES, health
from engine.recommenders.risk_assessment.inputs import inputs
from store.facts import load_facts
from store.households.profiles import savings_rates
from store.households.transactions import add_transactions
from store.session import transaction
from tests.households import GROCERIES, MONTHS, RENT, SALARY, add_household

CATEGORIES = ("savings_strategy", "risk_assessment", "behavioral_insights")
PAID = ((Decimal("3200.00"), "salary"), (Decimal("-54.20"), "groceries"))
SINCE = "No transactions have arrived since May 2026"


@pytest.fixture
def household(engine: Engine) -> UUID:
    """Its transactions end in May 2026; it states no expenses, and has 5,000 in cash."""
    with transaction(engine, everyone=True) as session:
        return add_household(session)


def _load(engine: Engine, user: UUID, today: dt.date) -> Facts:
    with transaction(engine, users=[user]) as session:
        return load_facts(session, [user], sources_of(CATEGORIES) | HEALTH_SOURCES, today)


def _answer(facts: Facts, category: str) -> Any:
    return advise(facts, [category])[category][0]


def _only(engine: Engine, user: UUID, *days: dt.date) -> None:
    """Keeps a salary and a purchase of a day each, as in the example of docs/loading.md."""
    with transaction(engine, users=[user]) as session:
        session.execute(text("DELETE FROM transactions"))
        add_transactions(session, user, [_row(day, *what) for day in days for what in PAID])


def _row(day: dt.date, amount: Decimal, category: str) -> dict[str, object]:
    return {
        "external_id": f"{day} {category}",
        "account_id": None,
        "date": day,
        "amount": amount,
        "category": category,
        "merchant": None,
        "hour": None,
    }


def test_the_months_of_a_household_are_the_same_a_month_after_the_last(engine: Engine, household: UUID) -> None:
    flow = cash_flow(_load(engine, household, dt.date(2026, 7, 15)))
    assert (flow.income[0], flow.spending[0]) == (float(SALARY), -float(RENT + GROCERIES))
    assert flow.seen[0].sum() == MONTHS
    assert np.isnat(flow.stopped[0])


def test_after_two_whole_months_nothing_is_told_of_transactions(engine: Engine, household: UUID) -> None:
    facts = _load(engine, household, dt.date(2026, 8, 1))
    assert facts.cash_flows.observed[0] == 0
    assert not facts.cash_flows.amount.any()
    assert str(cash_flow(facts).stopped[0]) == "2026-05"


def test_transactions_that_arrive_again_are_told_at_once(engine: Engine, household: UUID) -> None:
    with transaction(engine, users=[household]) as session:
        add_transactions(session, household, [_row(dt.date(2026, 8, 2), *PAID[1])])
    flow = cash_flow(_load(engine, household, dt.date(2026, 8, 3)))
    assert (flow.spending[0], bool(flow.observed[0])) == (-float(RENT + GROCERIES), True)
    assert np.isnat(flow.stopped[0])


@pytest.mark.parametrize("today", [dt.date(2026, 6, 20), dt.date(2026, 7, 31), dt.date(2026, 9, 30)])
def test_two_transactions_tell_neither_a_saving_rate_nor_years_of_reserve(
    engine: Engine, household: UUID, today: dt.date
) -> None:
    _only(engine, household, dt.date(2026, 6, 1))
    facts = _load(engine, household, today)
    assert cash_flow(facts).spending[0] > 1_000
    with transaction(engine, users=[household]) as session:
        assert savings_rates(session, [household], today) == {}
    assert np.isnan(inputs(facts).emergency_months[0])
    assert not {part.name for part in health(facts)[0].components} & {"Liquid months", "Spending below income"}
    assert isinstance(_answer(facts, "behavioral_insights"), InsufficientData)


def test_the_household_is_told_why_what_it_states_is_counted(engine: Engine, household: UUID) -> None:
    with transaction(engine, users=[household]) as session:
        session.execute(text("UPDATE financial_profiles SET monthly_expenses = 2000"))
    facts = _load(engine, household, dt.date(2026, 11, 24))
    parts = {part.name: part.sentence for part in health(facts)[0].components}
    stated = f"{SINCE}: until they do, this goes by what you state."
    assert parts["Liquid months"] == f"$5,000 in cash covers 2.5 months of spending. {stated}"
    assert parts["Spending below income"].endswith(f"$2,000 is spent. {stated}")
    entries = {entry.feature: entry.sentence for entry in _answer(facts, "savings_strategy").explanation}
    assert entries["monthly_spending"] == f"$2,000 a month is spent, as you stated. {stated}"
    assert str(_answer(facts, "behavioral_insights")).endswith(
        f"0 are known. {SINCE}: until they do, habits are not told."
    )
