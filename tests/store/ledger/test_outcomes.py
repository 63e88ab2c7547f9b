"""What promises are judged by, as it is stored."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from engine.ledger.outcomes import Told, outcome
from engine.ledger.promises import Promise, PromiseKind
from store.ids import uuid7
from store.ledger.entries import Entry
from store.ledger.outcomes import known
from store.session import transaction
from store.tables import Goal
from tests.households import TODAY, add_household

DUE = date(2026, 6, 1)
OWED = Decimal(4000)  # by the household of these tests


@pytest.mark.parametrize(
    ("kind", "change", "came"),
    [
        ("DEBT_PAYOFF", "UPDATE accounts SET balance = 0 WHERE kind = 'CREDIT_CARD'", 1.0),
        ("DEBT_PAYOFF", "UPDATE accounts SET balance = -0.01 WHERE kind = 'CREDIT_CARD'", 0.0),
        ("DEBT_PAYOFF", "DELETE FROM accounts WHERE kind = 'CREDIT_CARD'", 0.0),
        ("TRAVEL", "UPDATE accounts SET balance = 0 WHERE kind = 'CREDIT_CARD'", 0.0),
    ],
)
def test_a_debt_goal_is_reached_once_no_debt_is_left(engine: Engine, kind: str, change: str, came: float) -> None:
    with transaction(engine, everyone=True) as session:
        user = add_household(session, today=TODAY.replace(month=7))
        goal = _goal(session, user, kind)
        session.connection().execute(text(change))
        promise = Promise(kind=PromiseKind.GOAL_REACHED, subject=str(goal), due=DUE, probability=0.5)
        entry = Entry(
            id=uuid7(), user_id=user, category="goal_optimization", model_name="rule", said_on=DUE, promise=promise
        )
        now = known(session, [user], [entry], TODAY)
    assert outcome(Told(user=0, said_on=DUE, promise=promise), now) == came


def _goal(session: Session, user: UUID, kind: str) -> UUID:
    """Wants far more than is owed; nothing of it is noted as paid."""
    goal = Goal(
        user_id=user,
        name="Free",
        kind=kind,
        target_amount=5 * OWED,
        target_date=DUE,
        saved_amount=Decimal(100),
        monthly_contribution=Decimal(0),
        priority="HIGH",
    )
    session.add(goal)
    session.flush()
    return goal.id
