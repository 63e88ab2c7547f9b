"""Cash that does more elsewhere: used once, before the monthly plan.

Cash beyond the emergency fund pays off debts, goes to goals that are near, and is invested. A debt dearer than what
a step of the fund is worth is paid from that step too, the last step first; the fund is then filled again, month by
month.
"""

from dataclasses import dataclass

import numpy as np

from engine.enums import AccountKind, GoalKind, Priority, code
from engine.facts import Facts, Flags, Floats
from engine.features.balance_sheet import balance, cash, has_accounts, total_debt
from engine.features.cash_flow import Flow, shortfall
from engine.features.income import earns
from engine.features.known import or_zero
from engine.household.aims import MONTHS_TO_INVEST, Scenario, is_kind, months_left
from engine.household.pieces import HALF_A_CENT, Pieces, Place, before, between, pieces, together
from engine.household.worth import CASH, GOAL_WORTH, SHOCK_CHANCE, emergency_worth
from engine.wording import amount
from engine.wording import months as months_told

CHECKING_MONTHS = 1.0
"""Of spending that stay at hand besides the emergency fund."""
GAP_MONTHS = 24.0
"""For so long cash has to cover what months lack before any of it is spare."""
LEAST_TOLD = 1.0
"""A month; less is not spoken of."""
LEAST_GAIN = 0.015
"""A year, by which a place must be worth more than cash pays, or than what the fund is worth."""
NOT_IN_CASH = (GoalKind.EMERGENCY_FUND, GoalKind.DEBT_PAYOFF, GoalKind.RETIREMENT)
LEAST_LUMP = 100.0
"""Less is not worth an order of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """One value a user: the cash that could be used, and what of it the emergency fund keeps."""

    usable: Floats
    """Cash less a month's spending, two years' gap and what is set aside for goals."""
    months: Floats
    """Of spending that the fund should hold."""
    spending: Floats
    beyond: Floats
    """What a goal of the household's own has saved for emergencies beyond that."""
    rate: Floats
    """What cash pays a year after tax."""

    def spare(self) -> Floats:
        """What nothing is kept for."""
        return np.floor(np.maximum(self.usable - self.months * self.spending - self.beyond, 0.0))

    def free_for(self, found: Pieces) -> Floats:
        """What each place (row) may take: down to the first step of the fund that is worth more than the place."""
        user, free = found.user, self.spare()[found.user]
        for start, _, chance in SHOCK_CHANCE[:0:-1]:
            dearer = found.worth > emergency_worth(self.rate, chance, self.months)[user] + LEAST_GAIN
            kept = np.minimum(start, self.months) * self.spending
            down_to = np.floor(np.maximum(self.usable - kept, 0.0))
            free = np.where(found.at(Place.DEBT) & dearer, np.maximum(free, down_to[user]), free)
        return free


def reserve(facts: Facts, flow: Flow, months: Floats, rate: Floats) -> Reserve:
    """Where no accounts are known, the cash that is stated, less the debts that are stated: they may be dear."""
    owed = np.where(has_accounts(facts), 0.0, total_debt(facts))
    usable = cash(facts) - owed - CHECKING_MONTHS * flow.spending - GAP_MONTHS * shortfall(flow) - _set_aside(facts)
    return Reserve(
        usable=usable,
        months=months,
        spending=flow.spending,
        beyond=np.maximum(_saved(facts, is_kind(facts, GoalKind.EMERGENCY_FUND)) - months * flow.spending, 0.0),
        rate=rate,
    )


def kept_for_gap(gap: float, currency: str) -> str:
    """A clause on what months lack, for who is told to use cash; empty where they lack nothing to speak of."""
    if gap < LEAST_TOLD:
        return ""
    return f"what covers the gap of {amount(gap, currency)} a month for {months_told(GAP_MONTHS)} is kept"


def used_once(facts: Facts, found: Pieces, kept: Reserve) -> tuple[Pieces, Floats]:
    """What cash does, place by place.

    Near goals that it completes are completed, in their place by worth. What is spare after that goes to the others as
    a part before any of it is invested, so that no money is invested beside a near goal that lacks it.
    """
    whole = _completed(facts, found, kept)
    done, lacking = found.take(whole), found.take(~whole)
    lump = moved_at_once(facts, done, kept)
    if whole.all():
        return found, lump
    invested = done.at(Place.TAXABLE)
    rest = np.maximum(kept.spare() - facts.total(done.user, np.where(invested, 0.0, lump)), 0.0)
    part = _part(lacking, rest, kept)
    left = rest - facts.total(lacking.user, part)
    lump = np.where(invested, np.minimum(lump, left[done.user]), lump)
    return together((done, lacking)), np.concatenate([lump, part])


def _completed(facts: Facts, found: Pieces, kept: Reserve) -> Flags:
    """All places but the goals that cash does not complete: the worthiest that falls short makes room for the next."""
    goals = found.at(Place.GOAL)
    whole = ~goals | (found.stock <= kept.spare()[found.user])
    while (goals & whole).any():
        rows = np.flatnonzero(whole)
        short = rows[goals[rows] & (moved_at_once(facts, found.take(whole), kept) < found.stock[rows] - HALF_A_CENT)]
        if not len(short):
            break
        whole[short[np.unique(found.user[short], return_index=True)[1]]] = False
    return whole


def _part(lacking: Pieces, rest: Floats, kept: Reserve) -> Floats:
    """Of what is spare, for goals that it does not complete: the worthiest first."""
    part = np.round(between(rest[lacking.user] - before(lacking, lacking.stock), 0.0, lacking.stock), 2)
    better = lacking.worth > kept.rate[lacking.user] + LEAST_GAIN
    return np.where(better & (part >= LEAST_LUMP), part, 0.0)


def near_goals(facts: Facts, kept: Reserve, scenario: Scenario) -> Pieces:
    """What goals lack whose money belongs in cash: near purchases, and an emergency fund beyond what is kept anyway."""
    rows, fund = facts.goals, is_kind(facts, GoalKind.EMERGENCY_FUND)
    saved = np.maximum(or_zero(rows.saved_amount), 0.0)
    saved = np.where(fund, np.maximum(saved, (kept.months * kept.spending)[rows.user]), saved)
    lacking = or_zero(rows.target_amount) - saved
    in_cash = fund | (~not_in_cash(facts) & (months_left(facts, scenario) <= MONTHS_TO_INVEST))
    near = np.flatnonzero(in_cash & (lacking > 0))
    level = np.where(fund, code(Priority.LOW), rows.priority)
    return pieces(
        user=rows.user[near],
        place=Place.GOAL,
        worth=CASH + GOAL_WORTH[level[near]],
        stock=np.round(lacking[near], 2),
        goal=near,
    )


def not_in_cash(facts: Facts) -> Flags:
    """Goals (rows) whose money is no cash set apart for them: it counts as reserve, as debt or as invested."""
    return np.asarray(np.any([is_kind(facts, kind) for kind in NOT_IN_CASH], axis=0), dtype=np.bool_)


def moved_at_once(facts: Facts, found: Pieces, kept: Reserve) -> Floats:
    """What cash does, place by place: it pays for debts and near goals; who earns invests what is spare."""
    invests = found.at(Place.TAXABLE) & earns(facts)[found.user]
    better = (found.at(Place.DEBT, Place.GOAL) | invests) & (found.worth > kept.rate[found.user] + LEAST_GAIN)
    room = np.where(better, found.stock, 0.0)
    lump = between(kept.free_for(found) - before(found, room), 0.0, room)
    return np.where((lump < LEAST_LUMP) & (lump < found.stock), 0.0, np.round(lump, 2))


def _set_aside(facts: Facts) -> Floats:
    """Saved for goals in cash: what investment accounts do not already hold; retirement is not kept in cash."""
    return np.maximum(_saved(facts, ~not_in_cash(facts)) - balance(facts, (AccountKind.TAXABLE,)), 0.0)


def _saved(facts: Facts, rows: Flags) -> Floats:
    """What some of the goals hold, by user."""
    return facts.total(facts.goals.user[rows], np.maximum(or_zero(facts.goals.saved_amount[rows]), 0.0))
