"""What the answers rest on: the market, the levels of risk and a plan for every household of the batch."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.facts import Facts, Positions
from engine.market import ASSET_CLASSES
from engine.portfolio.book import Book, books
from engine.portfolio.estimate import Market, market
from engine.portfolio.law import Rates, rates
from engine.portfolio.levels import Levels, risk_levels
from engine.portfolio.plan import Plan, make_plan
from engine.portfolio.target import Target, target


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One household."""

    facts: Facts
    user: int
    market: Market
    levels: Levels
    target: Target
    rates: Rates
    book: Book
    plan: Plan

    @property
    def currency(self) -> str:
        return str(self.facts.profile.currency[self.user] or "USD")


def cases(facts: Facts, recommended: Positions, scale_to: float | None) -> Iterator[Case]:
    """Each household of the batch, in order."""
    found, levels, paid = market(facts.prices, facts.today), risk_levels(facts, recommended), rates(facts)
    targets = {int(level): target(found.covariance, found.expected, int(level)) for level in np.unique(levels.level)}
    chosen = [targets[int(level)] for level in levels.level]
    wanted = np.array([each.weight for each in chosen]).reshape(len(facts), len(ASSET_CLASSES))
    for user, book in enumerate(books(facts, found, wanted, scale_to)):
        yield Case(
            facts=facts,
            user=user,
            market=found,
            levels=levels,
            target=chosen[user],
            rates=paid[user],
            book=book,
            plan=make_plan(book, found.covariance, paid[user], chosen[user]),
        )
