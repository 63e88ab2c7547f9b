"""Accounts, what they hold and what was sold of it."""

from typing import Any

import strawberry

from engine.features.balance_sheet import DEBTS
from schema.connections import known
from schema.context import Info
from schema.inputs import AccountInput, LotInput, SaleInput, check_many, columns
from schema.mutations.writing import write
from schema.permissions import household, row_id
from store.errors import BadInput
from store.households import accounts, holdings
from store.households import sales as sold

PLACE = "input.balance"


async def save_account(
    info: Info,
    user_id: strawberry.ID,
    account_id: strawberry.ID | None = strawberry.UNSET,
    *,
    input: AccountInput,  # noqa: A002 - the contract's name
) -> Any:
    """A new account, or another state of a known one."""
    user = await household(info, "userId", user_id)
    place = known(account_id)
    wanted = None if place is None else row_id(info, "accountId", place)
    given = columns(input, "input", info.context.today)
    _check_sign(input)
    account = await write(
        info, wanted or user.id, lambda session: accounts.save_account(session, user.id, wanted, given)
    )
    info.context.audit("save_account", user.id, detail=str(account.id))
    return account


async def delete_account(info: Info, account_id: strawberry.ID) -> strawberry.ID:
    """Forgets an account with what it holds and what was sold of it."""
    wanted = row_id(info, "accountId", account_id)
    owner = await write(info, wanted, lambda session: accounts.delete_account(session, wanted))
    info.context.audit("delete_account", owner, detail=str(wanted))
    return account_id


async def save_holdings(info: Info, account_id: strawberry.ID, lots: list[LotInput]) -> Any:
    """Replaces what an account holds."""
    wanted = row_id(info, "accountId", account_id)
    given = check_many(lots, "lots", info.context.today)
    account = await write(info, wanted, lambda session: holdings.save_holdings(session, wanted, given))
    info.context.audit("save_holdings", account.user_id, detail=str(wanted))
    return account


async def add_sales(info: Info, account_id: strawberry.ID, sales: list[SaleInput]) -> Any:
    """Adds what is new."""
    wanted = row_id(info, "accountId", account_id)
    given = check_many(sales, "sales", info.context.today)
    _check_order(sales)
    account = await write(info, wanted, lambda session: sold.add_sales(session, wanted, given))
    info.context.audit("add_sales", account.user_id, detail=str(wanted))
    return account


def _check_order(sales: list[SaleInput]) -> None:
    for index, sale in enumerate(sales):
        if sale.sold < sale.acquired:
            place = f"sales[{index}].sold"
            raise BadInput(place, f"{place} must not be before acquired, {sale.acquired}.")


def _check_sign(given: AccountInput) -> None:
    if given.kind in DEBTS and given.balance > 0:
        raise BadInput(
            PLACE, f"{PLACE} must be at most 0 for a {given.kind.name}: write what is owed as a negative amount."
        )
