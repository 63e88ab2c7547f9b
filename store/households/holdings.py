"""Securities: kept lot by lot, shown by account and symbol at the latest price."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import Session, col, delete, insert

from engine.market import ASSET_CLASSES
from store.facts_sql import LATEST_PRICE
from store.households.accounts import holder_of_securities
from store.households.version import raise_version
from store.ids import uuid7
from store.tables import Account, TaxLot


def holdings_of(session: Session, accounts: Collection[UUID], today: date) -> dict[UUID, list[Row[Any]]]:
    """Holdings by account: the lots of a symbol together, at the latest price, at cost where no price is known."""
    parameters = {"accounts": list(accounts), "today": today, "asset_classes": [str(name) for name in ASSET_CLASSES]}
    found: dict[UUID, list[Row[Any]]] = {account: [] for account in accounts}
    for row in session.connection().exec_driver_sql(_HOLDINGS, parameters):
        found[row.account_id].append(row)
    return found


def save_holdings(session: Session, account_id: UUID, lots: Sequence[Mapping[str, Any]]) -> Account:
    """Replaces all lots of an account."""
    account = holder_of_securities(session, account_id)
    raise_version(session, account.user_id)
    session.exec(delete(TaxLot).where(col(TaxLot.account_id) == account_id))
    rows = [{"id": uuid7(), "user_id": account.user_id, "account_id": account_id, **lot} for lot in lots]
    if rows:
        session.exec(insert(TaxLot), params=rows)
    return account


_HOLDINGS = f"""
SELECT l.account_id, l.symbol, coalesce(assets.asset_class, l.symbol) AS asset_class, sum(l.quantity) AS quantity,
       coalesce(sum(l.quantity) * price.close, sum(l.cost_basis)) AS market_value, sum(l.cost_basis) AS cost_basis,
       coalesce(sum(l.quantity) * price.close, sum(l.cost_basis)) - sum(l.cost_basis) AS unrealized_gain
FROM tax_lots AS l
{LATEST_PRICE}
WHERE l.account_id = ANY(%(accounts)s)
GROUP BY l.account_id, l.symbol, assets.asset_class, price.close
ORDER BY l.account_id, l.symbol
"""  # noqa: S608 - of two constants
