"""What the tax table says of each household of a batch."""

from dataclasses import dataclass

import numpy as np

from engine.enums import AccountKind, EmploymentStatus, FilingStatus, code
from engine.facts import Codes, Facts, Flags, Floats
from engine.features.balance_sheet import is_kind
from engine.features.income import MONTHS, earns, filing_status, gross_income, pays_us_tax
from engine.features.known import or_zero
from engine.household.worth import RETIREMENT_INCOME, years_to_retirement
from engine.taxes import (
    federal,
    gains_rate,
    hsa_limit,
    ira_limit,
    marginal_rate,
    payroll_rate,
    plan_limit,
    room_in_bracket,
    share_left,
    taxable_income,
)

GAINS_RATE_ELSEWHERE = 0.15
"""Where no table holds: between no tax on gains (Switzerland, Belgium) and a quarter or more (Germany, Sweden)."""
MEDICARE_AGE = 65.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One value a user; limits are a month, and 0 where the law opens no such place."""

    applies: Flags
    rate: Floats
    """On the last unit of income."""
    next_rate: Floats
    """On the units below the room."""
    room: Floats
    """Deductions a month at the first of the two rates."""
    later_rate: Floats
    """Expected in retirement."""
    years: Floats
    """To retirement."""
    payroll_rate: Floats
    """Saved on what an employer pays into a health savings account."""
    gains_rate: Floats
    student_loan_deduction: Floats
    """Share of student loan interest that can be deducted."""
    plan_limit: Floats
    ira_limit: Floats
    roth_limit: Floats
    deductible_limit: Floats
    hsa_limit: Floats


def law(facts: Facts) -> Law:
    """The table of `engine.taxes.TAX_YEAR` for households that it holds for."""
    table, status, gross, age = federal(), filing_status(facts), gross_income(facts), facts.profile.age
    applies, works = pays_us_tax(facts), earns(facts)
    taxable = taxable_income(table, status, gross)
    room = room_in_bracket(table, status, taxable)
    later = marginal_rate(table, status, taxable_income(table, status, RETIREMENT_INCOME * gross))
    ira = np.where(applies & works, np.minimum(_people(status) * ira_limit(table, age), gross), 0.0) / MONTHS
    deductible = np.where(_covered(facts), share_left(table.deduction_phase_out, status, gross), 1.0)
    return Law(
        applies=applies,
        rate=applies * marginal_rate(table, status, taxable),
        next_rate=applies * marginal_rate(table, status, taxable - room),
        room=applies * room / MONTHS,
        later_rate=applies * later,
        years=years_to_retirement(age),
        payroll_rate=applies * _employed(facts) * payroll_rate(table, gross),
        gains_rate=np.where(applies, gains_rate(table, status, taxable), GAINS_RATE_ELSEWHERE),
        student_loan_deduction=applies * share_left(table.student_loan_phase_out, status, gross),
        plan_limit=np.where(applies, np.minimum(plan_limit(table, age), gross), gross) * works / MONTHS,
        ira_limit=ira,
        roth_limit=ira * share_left(table.roth_phase_out, status, gross),
        deductible_limit=ira * deductible,
        hsa_limit=applies * (age < MEDICARE_AGE) * hsa_limit(table, age, _family(facts, status)) / MONTHS,
    )


def _people(status: Codes) -> Floats:
    """Spouses who file jointly may each have an IRA."""
    return np.where(status == code(FilingStatus.MARRIED_JOINTLY), 2.0, 1.0)


def _covered(facts: Facts) -> Flags:
    """Whether a plan at work limits the deduction of a traditional IRA."""
    rows = is_kind(facts, (AccountKind.EMPLOYER_PLAN,))
    return np.bincount(facts.accounts.user[rows], minlength=len(facts)) > 0


def _family(facts: Facts, status: Codes) -> Flags:
    together = status == code(FilingStatus.MARRIED_JOINTLY)
    return np.asarray(together | (or_zero(facts.profile.dependents) > 0), dtype=np.bool_)


def _employed(facts: Facts) -> Flags:
    return np.asarray(facts.profile.employment == code(EmploymentStatus.EMPLOYED), dtype=np.bool_)
