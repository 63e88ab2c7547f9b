"""The most that a household means to spend in a category and month."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from store.households.version import raise_version
from store.tables import Budget


def save_budget(session: Session, user_id: UUID, category: str, monthly_limit: Decimal) -> None:
    """Sets the limit of a category."""
    raise_version(session, user_id)
    row = insert(Budget).values(user_id=user_id, category=category, monthly_limit=monthly_limit)
    session.exec(row.on_conflict_do_update(constraint="pk_budgets", set_={"monthly_limit": monthly_limit}))
