"""The money for goals, divided among them: the split with the greatest sum of weighted probabilities."""

from dataclasses import replace

import numpy as np

from engine.enums import UNKNOWN, GoalKind
from engine.facts import Facts, Flags, Floats, Positions
from engine.features.balance_sheet import interest_rate, minimum_payment
from engine.features.income import MONTHS
from engine.features.known import or_zero
from engine.goals.knapsack import Terms, allocate_budget
from engine.goals.priorities import WEIGHTS
from engine.household.aims import ENOUGH, Aims, first_goal
from engine.household.pieces import CENTS, Pieces, Place, before, between, room
from engine.household.worth import LEAST_TRANSFER

FOR_RETIREMENT = (Place.MATCH, Place.PLAN, Place.ROTH_IRA, Place.TRADITIONAL_IRA)


def served_goal(facts: Facts, found: Pieces) -> Positions:
    """Row of the goal that each place serves: what is put by for retirement serves the first retirement goal."""
    retirement = first_goal(facts, GoalKind.RETIREMENT)[found.user]
    return np.where(found.at(*FOR_RETIREMENT) & (found.goal == UNKNOWN), retirement, found.goal)


def only_for_goals(found: Pieces, goal: Positions, amount: Floats) -> Pieces:
    """Places that serve goals; those that serve one besides what it asks for take no more than they already get."""
    asked = (found.goal != UNKNOWN) | found.at(Place.MATCH)
    limit = np.where(asked, found.limit, np.minimum(found.limit, amount))
    return replace(found, limit=np.where(goal == UNKNOWN, 0.0, limit))


def contributions(facts: Facts, goal: Positions, amount: Floats) -> Floats:
    """What each goal (row) gets of the household's own money, a month."""
    rows = np.flatnonzero(goal != UNKNOWN)
    paid = np.bincount(goal[rows], weights=amount[rows], minlength=len(facts.goals.user))
    return np.asarray(np.rint(CENTS * paid) / CENTS, dtype=np.float64)


def growing(facts: Facts, found: Pieces, goal: Positions, amount: Floats) -> Floats:
    """The same with what an employer adds to it, and what least payments take off debts that a goal wants paid."""
    return contributions(facts, goal, amount * matched(facts, found)) + repaid(facts, found)


def matched(facts: Facts, found: Pieces) -> Floats:
    """By place what becomes of a unit that is paid in, with what an employer adds to it."""
    rates = np.append(or_zero(facts.accounts.employer_match_rate), 0.0)  # the last is what `UNKNOWN` points to
    return 1.0 + np.where(found.at(Place.MATCH), rates[found.account], 0.0)


def repaid(facts: Facts, found: Pieces) -> Floats:
    """By goal (row): what lenders ask for anyway takes off the debts that it wants paid, after interest, a month."""
    rows = np.flatnonzero(found.at(Place.DEBT) & (found.goal != UNKNOWN) & (found.stock > 0))
    if not len(rows):
        return np.zeros(len(facts.goals.user))
    account, owed = found.account[rows], found.stock[rows]
    principal = np.maximum(minimum_payment(facts)[account] - interest_rate(facts)[account] * owed / MONTHS, 0.0)
    return np.bincount(found.goal[rows], weights=principal, minlength=len(facts.goals.user)).astype(np.float64)


def split(facts: Facts, found: Pieces, goal: Positions, amount: Floats, aimed: Aims) -> Floats:
    """The amounts with each household's money for goals divided anew where it does not suffice for all of them."""
    goals = found.at(Place.GOAL)
    rows = np.flatnonzero(goals & _contested(facts, found, amount, goals)[found.user])
    if not len(rows):
        return amount
    users, household = np.unique(found.user[rows], return_inverse=True)
    money = facts.total(found.user[rows], amount[rows])
    own = goal[rows]
    besides = growing(facts, found, goal, np.where(goals, 0.0, amount))[own]
    best = allocate_budget(
        aimed.goals.rows(own),
        household=household,
        weight=WEIGHTS[facts.goals.priority[own]],
        budget=money[users],
        terms=Terms(paid=besides, enough=ENOUGH),
    )
    out = amount.copy()
    out[rows] = _in_cents(found.take(rows), best, money)
    return out


def _contested(facts: Facts, found: Pieces, amount: Floats, goals: Flags) -> Flags:
    """Users of whose goals some get money and some lack it."""
    lacking = goals & (amount < room(found) - 1e-6)
    paid, short = (facts.total(found.user[rows], np.ones(len(found))[rows]) for rows in (goals & (amount > 0), lacking))
    several = facts.total(found.user[goals], np.ones(len(found))[goals]) > 1
    return np.asarray(several & (paid > 0) & (short > 0), dtype=np.bool_)


def _in_cents(found: Pieces, best: Floats, money: Floats) -> Floats:
    """What a split leaves over goes to the goals that it serves, then to the worthiest; never a last drop."""
    most = np.rint(CENTS * room(found))
    cents = np.minimum(np.floor(CENTS * best + 1e-6), most)
    order = np.lexsort((np.arange(len(found)), cents == 0, found.user))
    ordered, space = found.take(order), (most - cents)[order]
    left = np.rint(CENTS * money) - np.bincount(found.user, weights=cents, minlength=len(money))
    more = np.empty(len(found))
    more[order] = between(left[ordered.user] - before(ordered, space), 0.0, space)
    total = (cents + more) / CENTS
    return np.where((total < LEAST_TRANSFER) & (total < most / CENTS), 0.0, total)
