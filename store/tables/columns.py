"""Column types that several tables share."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Numeric
from sqlmodel import Field, SQLModel

from store.ids import uuid7

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

MONEY = Numeric(18, 2)
MONEY_SUM = Numeric(24, 2)
RATE = Numeric(9, 6)
QUANTITY = Numeric(24, 8)


def now() -> datetime:
    return datetime.now(UTC)


def row_id() -> Any:
    return Field(default_factory=uuid7, primary_key=True)


def owner(*, primary_key: bool = False, index: bool = False) -> Any:
    """The user whose row it is; row-level security tests this column."""
    return Field(foreign_key="users.id", ondelete="CASCADE", primary_key=primary_key, index=index)


def timestamp(*, nullable: bool = False) -> Any:
    """An instant in UTC, now where it may not be null."""
    if nullable:
        return Field(default=None, sa_type=DateTime(timezone=True), nullable=True)
    return Field(default_factory=now, sa_type=DateTime(timezone=True))


def one_of(column: str, words: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """Text with a check rather than a PostgreSQL enum: a new word is one migration without a type change."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def at_least(column: str, least: int) -> CheckConstraint:
    return CheckConstraint(f"{column} >= {least}", name=f"{column}_at_least_{least}")


def share(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} BETWEEN 0 AND 1", name=f"{column}_share")
