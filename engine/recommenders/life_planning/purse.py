"""What is there today for events, and who has it first: each unit of money is counted for one event."""

from dataclasses import dataclass

import numpy as np

from engine.enums import AccountKind
from engine.facts import Facts, Flags, Floats
from engine.features.balance_sheet import balance, cash, has_accounts, invested
from engine.features.cash_flow import Flow
from engine.features.known import or_zero
from engine.household import Plan
from engine.household.pieces import Place
from engine.household.spare import not_in_cash
from engine.recommenders.life_planning.streams import Streams


@dataclass(slots=True, kw_only=True)
class Purse:
    """One row a user; what an event takes is gone for the next."""

    reserve: Floats
    """Cash, up to what the emergency fund should hold."""
    free: Floats
    """Cash beyond it and taxable investments, less what is saved for goals and what the plan spends at once."""
    investable: Floats
    """Of what is free, what could stay invested for retirement."""
    sheltered: Floats
    """Invested beside that."""
    streams: Streams
    used: Floats
    """Share of the unclaimed stream that is taken."""

    def take(self, wanted: Floats, who: Flags) -> Floats:
        """As much as there is, for those users."""
        taken = np.where(who, np.minimum(self.free, wanted), 0.0)
        self.free = self.free - taken
        return taken

    def tap(self, wanted: Floats, months: Floats, who: Flags) -> Floats:
        """The share of the unclaimed stream that brings what is wanted in so many months, as far as it is left."""
        whole = self.streams.unclaimed.paid(months)
        asked = np.where(whole > 0, wanted / np.where(whole > 0, whole, 1.0), 0.0)
        share = np.where(who, np.clip(asked, 0.0, 1.0 - self.used), 0.0)
        self.used = self.used + share
        return share


def purse(facts: Facts, flow: Flow, made: Plan, kept: Streams) -> Purse:
    """Before any event."""
    found = made.places
    debts, bought = (
        facts.total(found.user[rows], made.at_once[rows]) for rows in (found.at(Place.DEBT), found.at(Place.TAXABLE))
    )
    held, fund = np.maximum(cash(facts) - debts - bought, 0.0), made.months * flow.spending
    taxable = np.where(has_accounts(facts), np.maximum(balance(facts, (AccountKind.TAXABLE,)), 0.0), 0.0) + bought
    free = np.maximum(np.maximum(held - fund, 0.0) + taxable - _set_aside(facts, made), 0.0)
    investable = np.where(has_accounts(facts), np.minimum(taxable, free), free)
    return Purse(
        reserve=np.minimum(held, fund),
        free=free,
        investable=investable,
        sheltered=np.maximum(or_zero(invested(facts)) + np.where(has_accounts(facts), bought, 0.0) - investable, 0.0),
        streams=kept,
        used=np.zeros(len(facts)),
    )


def _set_aside(facts: Facts, made: Plan) -> Floats:
    """Saved for goals, with what the plan completes at once; others count as reserve, as debt or as invested."""
    rows = ~not_in_cash(facts)
    return facts.total(facts.goals.user[rows], made.aims.goals.saved[rows])
