"""The household's monthly plan in today's dollars: what is owed, what is set aside, what is left to spend."""

from dataclasses import dataclass

import numpy as np

from engine.enums import EmploymentStatus, LifeEvent
from engine.facts import Floats
from engine.population.balance_sheet import BalanceSheet, Slot
from engine.population.means import Means
from engine.population.past import Past
from engine.population.people import People
from engine.population.streams import stream
from engine.units import MONTHS_A_YEAR

# Savings rate out of net income: rises with discipline and income (US mean 7.6 % in 2019, BEA).
SAVING_AT_LEAST, BY_DISCIPLINE, BY_INCOME, FOR_RICH = -0.08, 0.16, 0.11, 0.15
RETIRED_SAVE_LESS, LEAST_RATE, MOST_RATE = 0.10, 0.0, 0.45
PLAN_LIMIT = 19_000.0  # a year an employee may put into an employer's plan (2019)
NO_PLAN_SAVING = 0.10  # share of employees with a plan who put nothing in now
EARNED_BY_SAVING = 0.85  # of a balance, at most, was put in during the months of the ledger
WITHDRAWAL_RATE, WITHDRAWING = 0.04, 0.60  # a year of invested wealth, by so many of the retired
PROPERTY_TAX, HOME_INSURANCE = 0.011, 0.0035  # of the home's value a year
VEHICLE_INSURANCE, MEDICARE = 131.0, 135.0  # a month (BLS 2019; premium of Part B 2019)
UTILITIES, UTILITIES_ELASTICITY, MEAN_INCOME = 250.0, 0.30, 82_852.0  # a month at the mean income (BLS 2019)
CHILDCARE_AGE, CHILDCARE_USE, CHILDCARE_LEAST, CHILDCARE_MOST = 5.0, 0.55, 250.0, 1_400.0
CHILDCARE_OF_NET = 0.14
MOST_RENT_TO_NET = 0.55
BASIC_SPENDING, BASIC_A_PERSON = 250.0, 110.0  # a month, for groceries and the like, however little comes in
MORE_THAN_LEAST = 0.5  # the disciplined pay so much more on a card than asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Dollars a month, one entry a household."""

    rent: Floats
    mortgage: Floats
    second_mortgage: Floats
    utilities: Floats
    insurance: Floats
    property_tax: Floats
    childcare: Floats
    card: Floats
    student_loan: Floats
    vehicle_loan: Floats
    loan: Floats
    to_savings: Floats
    to_investment: Floats
    to_plan: Floats
    withdrawal: Floats
    variable: Floats


def draw_plan(people: People, sheet: BalanceSheet, means: Means, past: Past, months: int, seed: int) -> Plan:
    """Fixed costs first, then what is put aside; the rest is spent, but never less than the basics."""
    random = stream(seed, "plan")
    monthly = means.net / MONTHS_A_YEAR
    fixed = _fixed(random, people, sheet, monthly, past)
    debts = _debts(people, sheet)
    saved = _saved(random, people, sheet, means, months)
    withdrawal = _withdrawal(random, people, sheet)
    left = monthly + withdrawal - sum((*fixed.values(), *debts.values(), *saved.values()), np.zeros(len(people)))
    basic = BASIC_SPENDING + BASIC_A_PERSON * (people.married + people.children)
    return Plan(**fixed, **debts, **saved, withdrawal=withdrawal, variable=np.maximum(left, basic))


def _fixed(
    random: np.random.Generator, people: People, sheet: BalanceSheet, monthly: Floats, past: Past
) -> dict[str, Floats]:
    payment = np.nan_to_num(sheet.minimum_payment)
    home = sheet.balance[:, Slot.HOME] / MONTHS_A_YEAR
    owes = sheet.exists[:, Slot.MORTGAGE]
    level = (np.maximum(people.income, 12_000.0) / MEAN_INCOME) ** UTILITIES_ELASTICITY
    taste = np.exp(0.25 * random.standard_normal((2, len(people))))
    retired = people.is_(EmploymentStatus.RETIRED)
    insurance = (
        VEHICLE_INSURANCE * sheet.exists[:, Slot.VEHICLE] * taste[1] + HOME_INSURANCE * home + MEDICARE * retired
    )
    return {
        "rent": np.minimum(people.rent, MOST_RENT_TO_NET * monthly),
        "mortgage": payment[:, Slot.MORTGAGE],
        "second_mortgage": payment[:, Slot.SECOND_MORTGAGE],
        "utilities": UTILITIES * level * taste[0],
        "insurance": np.minimum(insurance, 0.2 * monthly + 60.0),
        "property_tax": np.where(owes, 0.0, np.minimum(PROPERTY_TAX * home, 0.15 * monthly)),
        "childcare": _childcare(random, people, monthly, past),
    }


def _childcare(random: np.random.Generator, people: People, monthly: Floats, past: Past) -> Floats:
    needs = (
        people.working & (past.since[LifeEvent.CHILD] < CHILDCARE_AGE) & (random.random(len(people)) < CHILDCARE_USE)
    )
    cost = np.clip(CHILDCARE_OF_NET * monthly * np.exp(0.2 * random.standard_normal(len(people))), 0.0, CHILDCARE_MOST)
    return np.where(needs & (cost > CHILDCARE_LEAST), cost, 0.0)


def _debts(people: People, sheet: BalanceSheet) -> dict[str, Floats]:
    payment = np.nan_to_num(sheet.minimum_payment)
    more = 1.0 + MORE_THAN_LEAST * (people.character.discipline > 0.5)
    return {
        "card": np.minimum(payment[:, Slot.CARD] * more, -sheet.balance[:, Slot.CARD]),
        "student_loan": payment[:, Slot.STUDENT_LOAN],
        "vehicle_loan": payment[:, Slot.VEHICLE_LOAN],
        "loan": payment[:, Slot.LOAN],
    }


def saving_rate(people: People, noise: Floats) -> Floats:
    """Of net income, what is set aside in all."""
    rank = np.argsort(np.argsort(people.income, kind="stable")) / len(people)
    rich = np.maximum(rank - 0.9, 0.0) * 10.0
    retired = people.is_(EmploymentStatus.RETIRED)
    rate = SAVING_AT_LEAST + BY_DISCIPLINE * people.character.discipline + BY_INCOME * rank + FOR_RICH * rich
    return np.clip(rate + 0.02 * noise - RETIRED_SAVE_LESS * retired, LEAST_RATE, MOST_RATE)


def _saved(
    random: np.random.Generator, people: People, sheet: BalanceSheet, means: Means, months: int
) -> dict[str, Floats]:
    """Employer plan first, then savings and investments; never more than the balances could have come from."""
    noise, luck = random.standard_normal((2, len(people)))
    wanted = saving_rate(people, noise) * means.net / MONTHS_A_YEAR
    to_plan = np.minimum(_plan_saving(random, people, sheet), _earned(sheet, months, Slot.PLAN))
    left = np.maximum(wanted - to_plan, 0.0)
    cash = np.minimum(left * np.clip(0.55 + 0.2 * luck, 0.2, 1.0), _earned(sheet, months, Slot.SAVINGS))
    invested = _earned(sheet, months, Slot.BROKERAGE, Slot.TRADITIONAL, Slot.ROTH)
    investing = people.character.discipline > 0.25
    to_investment = np.where(investing, np.minimum(left - cash, invested), 0.0)
    return {
        "to_savings": _whole(cash, 10.0),
        "to_investment": _whole(to_investment, 25.0),
        "to_plan": to_plan.round(2),
    }


def _earned(sheet: BalanceSheet, months: int, *slots: Slot) -> Floats:
    return np.asarray(sheet.total(*slots) * EARNED_BY_SAVING / max(months, 1), dtype=np.float64)


def _plan_saving(random: np.random.Generator, people: People, sheet: BalanceSheet) -> Floats:
    """Whole per cents of pay, more with discipline."""
    per_cent = np.round(1.0 + 10.0 * people.character.discipline + 1.5 * random.standard_normal(len(people)))
    active = people.is_(EmploymentStatus.EMPLOYED) & sheet.exists[:, Slot.PLAN]
    active &= random.random(len(people)) >= NO_PLAN_SAVING
    yearly = np.minimum(np.maximum(per_cent, 0.0) / 100.0 * people.income, PLAN_LIMIT)
    return np.where(active, yearly / MONTHS_A_YEAR, 0.0)


def _withdrawal(random: np.random.Generator, people: People, sheet: BalanceSheet) -> Floats:
    """What the retired take out of what they invested."""
    luck, part = random.random((2, len(people)))
    invested = sheet.total(Slot.BROKERAGE, Slot.TRADITIONAL, Slot.ROTH, Slot.PLAN)
    draws = people.is_(EmploymentStatus.RETIRED) & (luck < WITHDRAWING)
    amount = invested * WITHDRAWAL_RATE * (0.4 + part) / MONTHS_A_YEAR
    return np.where(draws, _whole(amount, 50.0), 0.0)


def _whole(amount: Floats, step: float) -> Floats:
    """Standing orders are round sums."""
    return np.asarray(np.floor(amount / step) * step, dtype=np.float64)
