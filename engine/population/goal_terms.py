"""Which goals a household of some age and means is likely to have, over how much, and by when."""

import numpy as np

from engine.enums import GoalKind, LifeEvent
from engine.facts import Floats
from engine.population.balance_sheet import BalanceSheet, Slot
from engine.population.ledger import Ledger
from engine.population.past import Past
from engine.population.people import People
from engine.population.shares import share_at

KINDS = tuple(GoalKind)
# Chance of a goal beside the survey's share of families who name it as their first reason to save (assumptions).
PLANS_HOME = ((2.0, 0.60), (5.0, 0.35), (np.inf, 0.10))  # years to the next home, chance of the goal
WEDDING_YEARS, WEDDING = 2.0, 0.45
LEAST_DEBT, PAYS_OFF = 2_000.0, 0.40
RETIREMENT_AGES, COLLEGE_AGE = (62.0, 70.0), 18.0


def chances(people: People, sheet: BalanceSheet, upcoming: dict[LifeEvent, Floats]) -> Floats:
    """A declared plan to buy a home or to celebrate is likelier the nearer the event is: a plan, not a prediction."""
    age, income = people.age, people.income
    to_home, to_wedding = upcoming[LifeEvent.HOME_PURCHASE], upcoming[LifeEvent.MARRIAGE]
    home = np.select([to_home < years for years, _ in PLANS_HOME], [chance for _, chance in PLANS_HOME], 0.10)
    debts = -sheet.total(Slot.CARD, Slot.LOAN, Slot.STUDENT_LOAN)
    found = {
        GoalKind.EMERGENCY_FUND: 0.20 + 0.9 * share_at("liquidity", age),
        GoalKind.RETIREMENT: np.where(people.working & (age > 24.0), 0.15 + 1.2 * share_at("retirement", age), 0.0),
        GoalKind.HOME_PURCHASE: np.where(people.homeowner | (age > 70.0), 0.0, home),
        GoalKind.EDUCATION: np.where(people.children > 0, 0.15 + 2.0 * share_at("education", age), 0.0),
        GoalKind.DEBT_PAYOFF: np.where(debts > LEAST_DEBT, PAYS_OFF, 0.0),
        GoalKind.MAJOR_PURCHASE: 0.05 + share_at("purchases", age),
        GoalKind.TRAVEL: np.where(income > 30_000.0, 0.14, 0.05),
        GoalKind.OTHER: np.where(to_wedding < WEDDING_YEARS, WEDDING, 0.5 * share_at("family", age)),
    }
    return np.column_stack([found[kind] for kind in KINDS])


def targets(random: np.random.Generator, people: People, sheet: BalanceSheet, ledger: Ledger) -> Floats:
    part = random.random((len(people), len(KINDS)))
    income = np.maximum(people.income, 15_000.0)
    debts = -sheet.total(Slot.CARD, Slot.LOAN, Slot.STUDENT_LOAN)
    found = {
        GoalKind.EMERGENCY_FUND: ledger.monthly_expenses * np.array((3.0, 4.0, 6.0))[(part[:, 0] * 3).astype(int)],
        GoalKind.RETIREMENT: income * (7.0 + 5.0 * part[:, 1]),
        GoalKind.HOME_PURCHASE: income * (2.8 + 1.7 * part[:, 2]) * 0.15,
        GoalKind.EDUCATION: np.maximum(people.children, 1) * (20_000.0 + 40_000.0 * part[:, 3]),
        GoalKind.DEBT_PAYOFF: debts,
        GoalKind.MAJOR_PURCHASE: income * (0.10 + 0.30 * part[:, 5]),
        GoalKind.TRAVEL: income * (0.02 + 0.06 * part[:, 6]),
        GoalKind.OTHER: income * (0.05 + 0.20 * part[:, 7]),
    }
    return np.column_stack([found[kind] for kind in KINDS])


def years_to(random: np.random.Generator, people: People, past: Past) -> Floats:
    part = random.random((len(people), len(KINDS)))
    early, late = RETIREMENT_AGES
    to_college = COLLEGE_AGE - np.nan_to_num(past.since[LifeEvent.CHILD], posinf=10.0)
    found = {
        GoalKind.EMERGENCY_FUND: 0.5 + 2.5 * part[:, 0],
        GoalKind.RETIREMENT: np.maximum(early + (late - early) * part[:, 1] - people.age, 1.5),
        GoalKind.HOME_PURCHASE: 1.0 + 6.0 * part[:, 2],
        GoalKind.EDUCATION: np.maximum(to_college, 1.0 + 3.0 * part[:, 3]),
        GoalKind.DEBT_PAYOFF: 1.0 + 4.0 * part[:, 4],
        GoalKind.MAJOR_PURCHASE: 0.8 + 3.5 * part[:, 5],
        GoalKind.TRAVEL: 0.3 + 1.7 * part[:, 6],
        GoalKind.OTHER: 0.5 + 2.5 * part[:, 7],
    }
    return np.column_stack([found[kind] for kind in KINDS])
