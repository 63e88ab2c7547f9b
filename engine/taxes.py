"""Income tax, payroll tax and limits of sheltered saving by a versioned table; another country is another table.

Only what the law takes from wages and what it lets a household shelter: no credits, itemised deductions or states.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from engine.enums import EmploymentStatus, FilingStatus, code
from engine.facts import Codes, Flags, Floats

TAX_YEAR = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelter:
    """Yearly limit of one kind of account; ages are whole years."""

    limit: float
    catch_up: float
    catch_up_age: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTable:
    """The law of one year; first axis of every array: the positions of `FilingStatus`."""

    year: int
    currency: str
    rates: Floats
    bracket_starts: Floats
    standard_deduction: Floats
    gains_rates: Floats
    gains_starts: Floats
    social_security_rate: float
    medicare_rate: float
    wage_base: float
    self_employed_share: float
    employer_plan: Shelter
    late_catch_up: float
    late_catch_up_ages: tuple[float, float]
    ira: Shelter
    roth_phase_out: Floats
    deduction_phase_out: Floats
    hsa: Shelter
    hsa_family_limit: float
    student_loan_phase_out: Floats


@cache
def federal(year: int = TAX_YEAR) -> TaxTable:
    """The United States' federal law of a year, from `engine/priors/us_federal_<year>.json`."""
    law = json.loads((files("engine") / "priors" / f"us_federal_{year}.json").read_text("utf-8"))
    plan, ira, hsa, payroll = law["employer_plan"], law["ira"], law["hsa"], law["payroll"]
    return TaxTable(
        year=law["year"],
        currency=law["currency"],
        rates=np.array(law["rates"]),
        bracket_starts=_by_status(law["bracket_starts"]),
        standard_deduction=_by_status(law["standard_deduction"]),
        gains_rates=np.array(law["gains_rates"]),
        gains_starts=_by_status(law["gains_starts"]),
        social_security_rate=payroll["social_security_rate"],
        medicare_rate=payroll["medicare_rate"],
        wage_base=payroll["wage_base"],
        self_employed_share=payroll["self_employed_share"],
        employer_plan=_shelter(plan),
        late_catch_up=plan["late_catch_up"],
        late_catch_up_ages=(plan["late_catch_up_ages"][0], plan["late_catch_up_ages"][1]),
        ira=_shelter(ira),
        roth_phase_out=_by_status(ira["roth_phase_out"]),
        deduction_phase_out=_by_status(ira["deduction_phase_out"]),
        hsa=Shelter(limit=hsa["self_limit"], catch_up=hsa["catch_up"], catch_up_age=hsa["catch_up_age"]),
        hsa_family_limit=hsa["family_limit"],
        student_loan_phase_out=_by_status(law["student_loan_interest"]["phase_out"]),
    )


def taxable_income(table: TaxTable, status: Codes, gross: Floats) -> Floats:
    """Income above the standard deduction."""
    return np.maximum(gross - table.standard_deduction[status], 0.0)


def income_tax(table: TaxTable, status: Codes, taxable: Floats) -> Floats:
    """Tax a year on taxable income."""
    steps = np.diff(table.rates, prepend=0.0)
    tax = np.zeros_like(taxable)
    for bracket, step in enumerate(steps):
        tax += step * np.maximum(taxable - table.bracket_starts[status, bracket], 0.0)
    return tax


def marginal_rate(table: TaxTable, status: Codes, taxable: Floats) -> Floats:
    """The rate on the last unit of taxable income, 0 where there is none."""
    return np.where(taxable > 0, table.rates[_bracket(table, status, taxable)], 0.0)


def room_in_bracket(table: TaxTable, status: Codes, taxable: Floats) -> Floats:
    """How much can be deducted before the rate of the next lower bracket applies."""
    return taxable - table.bracket_starts[status, _bracket(table, status, taxable)]


def gains_rate(table: TaxTable, status: Codes, taxable: Floats) -> Floats:
    """The rate on long-term gains and qualified dividends on top of taxable income."""
    reached = (taxable[:, None] >= table.gains_starts[status, 1:]).sum(axis=1)
    return np.asarray(table.gains_rates[reached], dtype=np.float64)


def payroll_tax(table: TaxTable, employment: Codes, gross: Floats) -> Floats:
    """Social Security and Medicare on pay or self-employment; none on other income."""
    own = employment == code(EmploymentStatus.SELF_EMPLOYED)
    share = np.where(own, 2.0 * table.self_employed_share, employment == code(EmploymentStatus.EMPLOYED))
    capped = np.minimum(gross, table.wage_base)
    return np.asarray(share * (table.social_security_rate * capped + table.medicare_rate * gross), dtype=np.float64)


def payroll_rate(table: TaxTable, gross: Floats) -> Floats:
    """What an employee pays on the last unit of pay."""
    return np.where(gross < table.wage_base, table.social_security_rate, 0.0) + table.medicare_rate


def plan_limit(table: TaxTable, age: Floats) -> Floats:
    """What an employee may put into an employer's plan a year."""
    first, last = table.late_catch_up_ages
    late = (age >= first) & (age < last + 1)
    return np.where(late, table.employer_plan.limit + table.late_catch_up, _with_catch_up(table.employer_plan, age))


def ira_limit(table: TaxTable, age: Floats) -> Floats:
    """What one person may put into traditional and Roth IRAs together a year."""
    return _with_catch_up(table.ira, age)


def hsa_limit(table: TaxTable, age: Floats, family: Flags) -> Floats:
    """What a household with a qualifying health plan may put into a health savings account a year."""
    return _with_catch_up(table.hsa, age) + np.where(family, table.hsa_family_limit - table.hsa.limit, 0.0)


def share_left(phase_out: Floats, status: Codes, gross: Floats) -> Floats:
    """1 below a phase-out range, 0 above it, linear within."""
    start, end = phase_out[status, 0], phase_out[status, 1]
    return np.asarray(np.minimum(np.maximum((end - gross) / np.maximum(end - start, 1.0), 0.0), 1.0), dtype=np.float64)


def _bracket(table: TaxTable, status: Codes, taxable: Floats) -> Codes:
    """The bracket of the last unit, not of the next."""
    return np.asarray((taxable[:, None] > table.bracket_starts[status, 1:]).sum(axis=1), dtype=np.int8)


def _with_catch_up(shelter: Shelter, age: Floats) -> Floats:
    return np.where(age >= shelter.catch_up_age, shelter.limit + shelter.catch_up, shelter.limit)


def _shelter(law: dict[str, float]) -> Shelter:
    return Shelter(limit=law["limit"], catch_up=law["catch_up"], catch_up_age=law["catch_up_age"])


def _by_status(law: dict[str, object]) -> Floats:
    return np.array([law[status] for status in FilingStatus], dtype=np.float64)
