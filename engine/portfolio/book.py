"""One household's invested accounts, lots and the symbols that it may trade, as arrays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from engine.enums import AccountKind, code
from engine.facts import Facts, Flags, Floats, Positions
from engine.features.balance_sheet import INVESTED, is_kind
from engine.market import ASSET_CLASSES, CASH_CLASS
from engine.portfolio.estimate import OTHER_FUND_RISK, Market, Symbol
from engine.portfolio.wash import WASH_DAYS, barred

CASH = "CASH"
LEAST_CASH = 1.0
"""Of money: what a balance and its lots differ by because of rounding is not cash."""
LONG_TERM_DAYS = 365
UNPRICED = 1e-9
BROAD = 2.0 * OTHER_FUND_RISK
"""Own risk a year up to which a symbol stands for its class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Accounts that hold lots, lots by account and asset, assets held and offered; the last asset is cash."""

    accounts: Positions
    """Rows of `facts.accounts`."""
    unseen: Positions
    """Rows of invested accounts whose holdings are not known."""
    taxable: Flags
    fractional: Flags
    """Accounts that take parts of shares."""
    cash: Floats
    """By account: what is not invested."""
    symbols: tuple[str, ...]
    classes: tuple[str, ...]
    traits: tuple[Symbol, ...]
    price: Floats
    lot_account: Positions
    lot_asset: Positions
    lot_quantity: Floats
    lot_value: Floats
    lot_basis: Floats
    lot_age: Positions
    """Days since a lot was bought."""
    lot_row: Positions
    """Rows of `facts.holdings`."""
    again: Mapping[str, date] = field(default_factory=dict)
    """Symbols that no account may buy before these days, whether or not they are among the assets: else a loss that
    was taken lately would not count."""

    @property
    def value(self) -> float:
        return float(self.lot_value.sum() + self.cash.sum())

    @property
    def held(self) -> Floats:
        """Value by asset, uninvested cash included."""
        sums = np.bincount(self.lot_asset, self.lot_value, len(self.symbols)).astype(np.float64)
        sums[-1] += self.cash.sum()
        return sums

    @property
    def gain(self) -> Floats:
        """Unrealised, by lot, a loss below 0; only those of taxable accounts count."""
        return np.where(self.taxable[self.lot_account], self.lot_value - self.lot_basis, 0.0)

    @property
    def recent(self) -> Flags:
        """Assets (in any account) bought so lately that an older lot sold at a loss would be a wash sale."""
        late = np.bincount(self.lot_asset[self.lot_age <= WASH_DAYS], minlength=len(self.symbols))
        return np.asarray(late > 0, dtype=np.bool_)

    @property
    def barred(self) -> Flags:
        """Assets that may not be bought yet."""
        return np.array([name in self.again for name in self.symbols], dtype=np.bool_)

    @property
    def waiting(self) -> Flags:
        """Assets of classes of which nothing may be bought yet."""
        kind = np.array([trait.asset_class for trait in self.traits])
        return np.asarray(~np.isin(kind, kind[~self.barred]), dtype=np.bool_)

    @property
    def exposure(self) -> Floats:
        """Assets x classes."""
        loading = np.zeros((len(self.traits), len(ASSET_CLASSES)))
        for row, trait in enumerate(self.traits):
            loading[row, trait.asset_class] = trait.beta
        return loading


def books(facts: Facts, market: Market, wanted: Floats, scale_to: float | None) -> Iterator[Book]:
    """The book of each user; `wanted` is users x classes: what has to be on offer."""
    chosen, again = is_kind(facts, INVESTED), barred(facts)
    users = np.arange(len(facts) + 1)
    first_account = np.searchsorted(facts.accounts.user, users)
    first_lot = np.searchsorted(facts.holdings.user, users)
    for user in range(len(facts)):
        rows = np.arange(first_account[user], first_account[user + 1])
        lots = np.arange(first_lot[user], first_lot[user + 1])
        yield _book(facts, market, rows[chosen[rows]], lots, wanted[user], scale_to, again.get(user, {}))


def _book(
    facts: Facts, market: Market, rows: Positions, lots: Positions, wanted: Floats, scale_to: float | None,
    again: Mapping[str, date],
) -> Book:  # fmt: skip
    accounts, lots, place = _placed(facts, rows, lots)
    holdings = facts.holdings
    value, quantity = holdings.market_value[lots], holdings.quantity[lots]
    kind = facts.accounts.kind[accounts]
    taxable = kind == code(AccountKind.TAXABLE)
    lost = taxable[place] & (value < holdings.cost_basis[lots])
    held = dict(zip(map(str, holdings.symbol[lots]), map(str, holdings.asset_class[lots]), strict=True))
    found = _assets(held, set(holdings.symbol[lots][lost]), again, market, wanted)
    number = {name: index for index, name in enumerate(found)}
    traits = tuple(trait for trait, _ in found.values())
    asset = np.array([number[name] for name in holdings.symbol[lots]], dtype=np.int64)
    cash = _uninvested(facts, accounts, place, lots)
    scale = _scale(value.sum() + cash.sum(), scale_to)
    others = np.setdiff1d(rows, accounts)
    return Book(
        accounts=accounts,
        unseen=others[facts.accounts.balance[others] > LEAST_CASH],
        taxable=taxable,
        fractional=kind == code(AccountKind.EMPLOYER_PLAN),
        cash=cash * scale,
        symbols=tuple(found),
        classes=tuple(name for _, name in found.values()),
        traits=traits,
        price=_prices(traits, asset, quantity, value),
        lot_account=place,
        lot_asset=asset,
        lot_quantity=quantity * scale,
        lot_value=value * scale,
        lot_basis=holdings.cost_basis[lots] * scale,
        lot_age=(np.datetime64(facts.today) - holdings.acquired[lots]).astype(np.int64),
        lot_row=lots,
        again=again,
    )


def _placed(facts: Facts, rows: Positions, lots: Positions) -> tuple[Positions, Positions, Positions]:
    """Of these accounts those with lots, the lots in them, and in which each lies."""
    position = {id_: index for index, id_ in enumerate(facts.accounts.id[rows])}
    place = np.array([position.get(id_, -1) for id_ in facts.holdings.account[lots]], dtype=np.int64)
    inside = place >= 0
    seen, place = np.unique(place[inside], return_inverse=True)
    return rows[seen], lots[inside], place


def _uninvested(facts: Facts, rows: Positions, place: Positions, lots: Positions) -> Floats:
    """Balance beyond the lots; none where a lot is kept at cost, since the difference may be its gain."""
    holdings = facts.holdings
    sums = np.bincount(place, holdings.market_value[lots], len(rows))
    known = holdings.symbol[lots] == holdings.asset_class[lots]
    at_cost = (np.abs(holdings.market_value[lots] - holdings.cost_basis[lots]) < UNPRICED) & ~known
    unknown = np.bincount(place, at_cost, len(rows)) > 0
    rest = np.nan_to_num(facts.accounts.balance[rows]) - sums
    return np.where((rest >= LEAST_CASH) & ~unknown, np.round(rest, 2), 0.0)


def _assets(
    held: dict[str, str], lost: set[str], again: Mapping[str, date], market: Market, wanted: Floats
) -> dict[str, tuple[Symbol, str]]:
    """What is held; a fund of each wanted class without one, or whose fund is or was sold at a loss; cash at the end.

    A fund that may not be bought yet stands for its class only where there is no other: then the class has to wait.
    """
    left = lost.union(again)
    found = {name: (market.symbol(name, kind), kind) for name, kind in held.items()}
    broad = [(trait.asset_class, name) for name, (trait, _) in found.items() if trait.specific <= BROAD]
    for kind in np.flatnonzero(wanted > 0):
        own = [name for each, name in broad if each == kind]
        if own and not left.intersection(own):
            continue
        name = str(ASSET_CLASSES[kind])
        others = [one for one in (*market.funds.get(int(kind), ()), name) if one not in found]
        fund = next((one for one in others if one not in again), None if own else others[0])
        if fund is not None:
            found[fund] = (market.symbol(fund, name), name)
    found.pop(CASH, None)
    return found | {CASH: (market.symbol(CASH, CASH), CASH)}


def _prices(traits: tuple[Symbol, ...], asset: Positions, quantity: Floats, value: Floats) -> Floats:
    """Of a unit: what held lots are valued at, else the last price loaded, else one unit of money."""
    price = np.array([trait.price if np.isfinite(trait.price) else 1.0 for trait in traits])
    good = (quantity > 0) & (value > 0)
    price[asset[good]] = value[good] / quantity[good]
    price[-1] = 1.0
    return price


def _scale(value: float, scale_to: float | None) -> float:
    return scale_to / value if scale_to is not None and value > 0 else 1.0


def is_cash(book: Book) -> Flags:
    """Assets of the class of cash."""
    return np.array([trait.asset_class == CASH_CLASS for trait in book.traits])
