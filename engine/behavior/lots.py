"""Tax lots over time, held and sold: one row a lot, however many rows it came in."""

from dataclasses import dataclass

import numpy as np

from engine.behavior.days import day_number, day_numbers
from engine.enums import AccountKind, code
from engine.facts import Facts, Flags, Floats, Objects, Positions, Prices

HELD = np.iinfo(np.int64).max
"""Day of the last sale of what is still held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One row a lot and day on which some of it was sold, by lot."""

    lot: Positions
    day: Positions
    cost: Floats
    proceeds: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """Lots of funds that have prices, by user, account, fund and day of purchase.

    What was bought for one account on one day is one lot: how a bank splits its rows makes no habit. Days are counted
    from 1970-01-01.
    """

    user: Positions
    account: Positions
    """Its row among the accounts; -1 where it is not among them."""
    taxable: Flags
    fund: Positions
    acquired: Positions
    gone: Positions
    """Day of the last sale, `HELD` where some is left."""
    quantity: Floats
    """As bought."""
    cost: Floats
    left: Floats
    """Quantity that is held still, or was sold last."""
    worth: Floats
    """Of what is held still, today."""
    sold: Sold
    today: int

    def __len__(self) -> int:
        return len(self.user)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Held and sold rows together, by lot; what is held still has brought in nothing."""

    user: Positions
    account: Positions
    fund: Positions
    acquired: Positions
    gone: Positions
    quantity: Floats
    cost: Floats
    worth: Floats
    proceeds: Floats


def lots(facts: Facts) -> Lots:
    """Of holdings and sales."""
    rows = _rows(facts)
    keys = (rows.user, rows.account, rows.fund, rows.acquired)
    new = starts(*keys)
    first, lot = np.flatnonzero(new), np.cumsum(new) - 1
    gone = rows.gone[np.append(first[1:], len(lot)) - 1] if len(lot) else rows.gone
    last = rows.gone == gone[lot]
    taxable = np.append(facts.accounts.kind == code(AccountKind.TAXABLE), False)

    def total(values: Floats) -> Floats:
        return np.bincount(lot, values, len(first)).astype(np.float64)

    return Lots(
        user=rows.user[first],
        account=rows.account[first],
        taxable=taxable[rows.account[first]],
        fund=rows.fund[first],
        acquired=rows.acquired[first],
        gone=gone,
        quantity=total(rows.quantity),
        cost=total(rows.cost),
        left=total(rows.quantity * last),
        worth=total(rows.worth),
        sold=_sold(rows, lot),
        today=day_number(facts.today),
    )


def price_week(prices: Prices, day: Positions) -> Positions:
    """The last week of prices that began by each day; -1 before all of them."""
    return np.asarray(np.searchsorted(day_numbers(prices.weeks), day, side="right") - 1, dtype=np.int64)


def starts(*columns: Positions) -> Flags:
    """Rows that differ from the one before in a column."""
    differ = np.zeros(len(columns[0]), dtype=np.bool_)
    differ[:1] = True
    for column in columns:
        differ[1:] |= column[1:] != column[:-1]
    return differ


def _rows(facts: Facts) -> _Rows:
    held, gone = facts.holdings, facts.sales
    nothing, none = np.zeros(len(held.user)), np.zeros(len(gone.user))
    user = np.concatenate([held.user, gone.user])
    rows = _Rows(
        user=user,
        account=_accounts(facts, user, np.concatenate([held.account, gone.account])),
        fund=_funds(facts.prices, np.concatenate([held.symbol, gone.symbol])),
        acquired=day_numbers(np.concatenate([held.acquired, gone.acquired])),
        gone=np.concatenate([np.full(len(held.user), HELD), day_numbers(gone.sold)]),
        quantity=np.concatenate([held.quantity, gone.quantity]),
        cost=np.concatenate([held.cost_basis, gone.cost_basis]),
        worth=np.concatenate([held.market_value, none]),
        proceeds=np.concatenate([nothing, gone.proceeds]),
    )
    order = np.lexsort((rows.gone, rows.acquired, rows.fund, rows.account, rows.user))
    order = order[rows.fund[order] >= 0]
    return _Rows(**{name: getattr(rows, name)[order] for name in _Rows.__dataclass_fields__})


def _accounts(facts: Facts, user: Positions, account: Objects) -> Positions:
    known = facts.accounts
    place = {key: row for row, key in enumerate(zip(known.user.tolist(), known.id, strict=True))}
    return np.array([place.get(key, -1) for key in zip(user.tolist(), account, strict=True)], dtype=np.int64)


def _funds(prices: Prices, symbol: Objects) -> Positions:
    place = {name: row for row, name in enumerate(prices.symbol)}
    return np.array([place.get(name, -1) for name in symbol], dtype=np.int64)


def _sold(rows: _Rows, lot: Positions) -> Sold:
    """Rows of one lot and day are one sale."""
    gone = np.flatnonzero(rows.gone < HELD)
    new = starts(lot[gone], rows.gone[gone])
    first, sale = gone[new], np.cumsum(new) - 1
    return Sold(
        lot=lot[first],
        day=rows.gone[first],
        cost=np.bincount(sale, rows.cost[gone], len(first)).astype(np.float64),
        proceeds=np.bincount(sale, rows.proceeds[gone], len(first)).astype(np.float64),
    )
