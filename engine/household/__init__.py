"""One household, one plan: the next unit of money goes where it is worth most, for every category alike."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Facts, Floats, Positions
from engine.features.balance_sheet import cash
from engine.features.cash_flow import Flow
from engine.features.emergency import target_months
from engine.household.aims import USUAL, Aims, Scenario, aims
from engine.household.law import law
from engine.household.pieces import CENTS, HALF_A_CENT, Pieces, Place, before, between, joined, room
from engine.household.places import Fund, cash_rate, debt_pieces, places, taxable_pieces
from engine.household.spare import near_goals, reserve, used_once
from engine.household.split import only_for_goals, served_goal, split
from engine.household.worth import LEAST_TRANSFER

NEVER = 1e9
"""Months; stands for infinity in sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Places, the worthiest first within a user, and what each gets."""

    months: Floats
    """Of spending that the emergency fund should hold."""
    held: Floats
    """In cash, once debts dearer than the fund are paid from it."""
    budget: Floats
    """A month: the sum of the amounts."""
    places: Pieces
    """As they are once spare cash has been used."""
    at_once: Floats
    """Once, from spare cash."""
    amount: Floats
    """A month, in whole cents."""
    goal: Positions
    """Row of the goal that the place serves, `UNKNOWN` where none: whatever is put by for retirement serves that."""
    for_goals: Floats
    """A month, by user: what was divided among goals; a rest too small for a transfer stays in checking."""
    aims: Aims
    months_to_fill: Floats
    """Until the place has all that it can hold when the same budget goes on; infinite where it never has."""

    def rows(self, users: int) -> Positions:
        """Where each user's rows begin; one more entry ends the last."""
        return np.searchsorted(self.places.user, np.arange(users + 1))


def plan(facts: Facts, flow: Flow, budget: Floats, scenario: Scenario = USUAL) -> Plan:
    """Spare cash once, then the next month's money, place by place; what a full place cannot take passes on.

    How much goals get together follows from what they are worth; which of them gets it, from their probabilities.
    """
    rules, months = law(facts), target_months(facts, flow)
    kept = reserve(facts, flow, months, cash_rate(facts, rules))
    paid = (debt_pieces(facts, rules), taxable_pieces(facts, rules))
    first, once = used_once(facts, joined((*paid, near_goals(facts, kept, scenario))), kept)
    taken = np.maximum(facts.total(first.user, once) - kept.spare(), 0.0)
    fund = Fund(months=months, held=cash(facts) - taken, rate=kept.rate)
    for_near = first.at(Place.GOAL)
    aimed = aims(facts, months * flow.spending, taken, scenario).once_paid(first.goal[for_near], once[for_near])
    found = places(facts, flow, rules, fund, aimed, paid)
    lump = _in_rows(found, once[~for_near])
    aimed = aimed.once_paid(found.goal, lump)
    found = replace(found, stock=np.maximum(found.stock - lump, 0.0))
    nothing = np.zeros(len(found))
    unspent = Plan(
        months=months,
        held=fund.held,
        budget=np.zeros(len(facts)),
        places=found,
        at_once=lump,
        amount=nothing,
        goal=served_goal(facts, found),
        for_goals=np.zeros(len(facts)),
        aims=aimed,
        months_to_fill=nothing,
    )
    return with_budget(facts, unspent, budget)


def _in_rows(found: Pieces, once: Floats) -> Floats:
    """What goes at once to debts and taxable accounts, which follow one another alike in both."""
    lump = np.zeros(len(found))
    lump[found.at(Place.DEBT, Place.TAXABLE)] = once
    return lump


def goals_alone(facts: Facts, made: Plan, budget: Floats) -> Plan:
    """The plan with another amount for goals: places that serve none get nothing, the others in their order.

    What the plan itself puts by for goals, given as the budget, leaves every amount as it was.
    """
    found = only_for_goals(made.places, made.goal, made.amount)
    amount = worth_an_order(found, split(facts, found, made.goal, poured(found, budget), made.aims))
    return replace(made, amount=amount, for_goals=budget)


def with_budget(facts: Facts, made: Plan, budget: Floats) -> Plan:
    """The same places with another budget a month."""
    money = poured(made.places, np.floor(np.maximum(budget, 0.0)))
    amount = worth_an_order(made.places, split(facts, made.places, made.goal, money, made.aims))
    spent = facts.total(made.places.user, amount)
    for_goals = facts.total(made.places.user, np.where(made.goal == UNKNOWN, 0.0, money))
    return replace(
        made,
        budget=np.rint(CENTS * spent) / CENTS,
        amount=amount,
        for_goals=np.rint(CENTS * for_goals) / CENTS,
        months_to_fill=_months_to_fill(made.places, spent),
    )


def poured(found: Pieces, budget: Floats) -> Floats:
    """What arrives at each place after those before it have taken theirs, but for a last drop."""
    most = np.rint(CENTS * np.minimum(room(found), budget[found.user]))
    amount = between(np.rint(CENTS * budget[found.user]) - before(found, most), 0.0, most) / CENTS
    drop = (amount < LEAST_TRANSFER) & (amount < most / CENTS)
    return np.where(drop, 0.0, amount)


def worth_an_order(found: Pieces, amount: Floats) -> Floats:
    """Without places that get less than a standing order is worth, all their steps together."""
    target = np.where(found.at(Place.GOAL), found.goal, found.account)
    whose = np.lexsort((target, found.place, found.user))
    keys = np.stack([found.user, found.place.astype(np.int64), target])[:, whose]
    begins = np.ones(len(found), dtype=np.int64)
    begins[1:] = (np.diff(keys, axis=1) != 0).any(axis=0)
    slot = np.empty(len(found), dtype=np.int64)
    slot[whose] = np.cumsum(begins) - 1
    together = np.bincount(slot, weights=amount)[slot] if len(found) else amount
    return np.where(together < LEAST_TRANSFER - HALF_A_CENT, 0.0, amount)


def _months_to_fill(found: Pieces, budget: Floats) -> Floats:
    """Places without a monthly limit fill one after another; those with one run beside them, once reached."""
    blocking = np.isinf(found.limit)
    flows = np.where(blocking, 0.0, np.minimum(found.limit, budget[found.user]))
    left = np.maximum(budget[found.user] - before(found, flows), 0.0)
    speed = np.minimum(left, found.limit)
    own = np.where(speed > 0, np.minimum(found.stock, NEVER * speed) / np.where(speed > 0, speed, 1.0), NEVER)
    months = before(found, np.where(blocking, own, 0.0)) + own
    return np.where(months >= NEVER, np.inf, months)
