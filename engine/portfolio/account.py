"""A taxable account that lives through a back-test: lots, costs, tax on what is realised, losses carried forward."""

from dataclasses import dataclass, field

import numpy as np

from engine.enums import FilingStatus, code
from engine.facts import Floats
from engine.market import ASSET_CLASSES, CASH_CLASS
from engine.portfolio.aim import drift
from engine.portfolio.book import CASH, LONG_TERM_DAYS, Book
from engine.portfolio.estimate import FUND_RISK, Symbol
from engine.portfolio.law import law_tax, rates_of
from engine.portfolio.plan import BAND, rebalanced
from engine.portfolio.variables import COST

INCOME = 100_000.0
"""Taxable, besides: 15 % on long-term gains and 22 to 24 % on short-term ones."""
RATES = rates_of(code(FilingStatus.SINGLE), INCOME)


@dataclass(slots=True, kw_only=True)
class Account:
    """Lots as (fund, units, basis, day bought), the oldest first."""

    cash: float
    lots: list[tuple[int, float, float, int]] = field(default_factory=list)
    carried: float = 0.0
    """Net loss of before."""
    traded: float = 0.0
    paid: float = 0.0

    def value(self, price: Floats) -> float:
        return self.cash + sum(units * float(price[fund]) for fund, units, _, _ in self.lots)

    def held(self, price: Floats) -> Floats:
        """Value by fund."""
        value = np.zeros(len(price))
        for fund, units, _, _ in self.lots:
            value[fund] += units * price[fund]
        return value

    def trade_to(self, weights: Floats, price: Floats, day: int) -> None:
        """First in, first out, to the weights."""
        change = weights * self.value(price) * (1.0 - COST) - self.held(price)
        sales: list[tuple[int, float]] = []
        for fund in np.flatnonzero(change < 0):
            left = -float(change[fund]) / float(price[fund])
            for index, (which, units, _, _) in enumerate(self.lots):
                if which == fund and left > 0:
                    sales.append((index, min(units, left)))
                    left -= min(units, left)
        self._sell(sales, price, day)
        self._buy(np.maximum(change, 0.0), price, day)

    def follow(self, weights: Floats, price: Floats, traits: tuple[Symbol, ...], day: int, covariance: Floats) -> None:
        """By our program, where the band is left."""
        held = self.held(price) / self.value(price)
        if drift(np.append(held, 1.0 - held.sum()), np.append(weights, 0.0)) <= BAND:
            return
        book, full = self._book(price, traits, day), np.zeros((len(ASSET_CLASSES),) * 2)
        kinds = [trait.asset_class for trait in traits]
        full[np.ix_(kinds, kinds)] = covariance
        made = rebalanced(book, full, RATES, np.append(weights, 0.0)).orders
        self._sell([(int(lot), float(units)) for lot, units in zip(made.lot, made.sold, strict=True)], price, day)
        wanted = np.zeros(len(price))
        np.add.at(wanted, made.asset, made.spent)
        self._buy(wanted, price, day)

    def liquidated(self, price: Floats, day: int) -> float:
        """What is left once everything is sold and taxed."""
        self._sell([(index, units) for index, (_, units, _, _) in enumerate(self.lots)], price, day)
        return self.cash

    def _sell(self, sales: list[tuple[int, float]], price: Floats, day: int) -> None:
        short = long = 0.0
        for index, units in sales:
            fund, owned, basis, bought = self.lots[index]
            proceeds, part = units * float(price[fund]), basis * units / owned
            gain = proceeds - part
            short, long = (short, long + gain) if day - bought > LONG_TERM_DAYS else (short + gain, long)
            self.lots[index] = (fund, owned - units, basis - part, bought)
            self.cash += proceeds * (1.0 - COST)
            self.traded += proceeds
        tax = law_tax(RATES, short, long - self.carried)
        self.carried = max(self.carried - short - long, 0.0)
        self.paid += tax
        self.cash -= tax
        self.lots = [lot for lot in self.lots if lot[1] * float(price[lot[0]]) > 0.005]

    def _buy(self, wanted: Floats, price: Floats, day: int) -> None:
        """As far as the money goes after tax."""
        total = float(wanted.sum())
        scale = min(1.0, max(self.cash, 0.0) / (total * (1.0 + COST))) if total > 0 else 0.0
        for fund in np.flatnonzero(wanted > 0):
            spent = float(wanted[fund]) * scale
            self.lots.append((int(fund), spent / float(price[fund]), spent, day))
            self.cash -= spent * (1.0 + COST)
            self.traded += spent

    def _book(self, price: Floats, traits: tuple[Symbol, ...], day: int) -> Book:
        fund, units, basis, bought = (np.array(column) for column in zip(*self.lots, strict=True))
        cash = Symbol(asset_class=CASH_CLASS, beta=1.0, specific=FUND_RISK, price=1.0, known=True, note="")
        every = (*traits, cash)
        return Book(
            accounts=np.zeros(1, dtype=np.int64),
            unseen=np.zeros(0, dtype=np.int64),
            taxable=np.ones(1, dtype=np.bool_),
            fractional=np.ones(1, dtype=np.bool_),
            cash=np.array([max(self.cash, 0.0)]),
            symbols=(*(f"F{row}" for row in range(len(traits))), CASH),
            classes=tuple(str(ASSET_CLASSES[trait.asset_class]) for trait in every),
            traits=every,
            price=np.append(price, 1.0),
            lot_account=np.zeros(len(fund), dtype=np.int64),
            lot_asset=fund.astype(np.int64),
            lot_quantity=units.astype(np.float64),
            lot_value=units * price[fund],
            lot_basis=basis.astype(np.float64),
            lot_age=day - bought.astype(np.int64),
            lot_row=np.arange(len(fund)),
        )
