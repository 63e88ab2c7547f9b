"""What a household earns, before and after tax: one function a column."""

import numpy as np

from engine.enums import UNKNOWN, EmploymentStatus, FilingStatus, MaritalStatus, code
from engine.facts import Codes, Facts, Flags, Floats
from engine.features.known import or_zero
from engine.taxes import TaxTable, federal, income_tax, payroll_tax, taxable_income

TAKE_HOME_ELSEWHERE = 0.75  # OECD, Taxing Wages 2024: an average worker keeps 75 % of pay on the OECD's average
MONTHS = 12.0


def gross_income(facts: Facts) -> Floats:
    """Income a year before tax as stated, 0 where none is."""
    return np.maximum(or_zero(facts.profile.annual_income), 0.0)


def pays_us_tax(facts: Facts) -> Flags:
    """Whether the United States' table applies: households in its currency."""
    return np.asarray(facts.profile.currency == federal().currency, dtype=np.bool_)


def earns(facts: Facts) -> Flags:
    """Whether there is income from work, which sheltered accounts ask for."""
    employment = facts.profile.employment
    at_work = (employment == code(EmploymentStatus.EMPLOYED)) | (employment == code(EmploymentStatus.SELF_EMPLOYED))
    return np.asarray(at_work & (gross_income(facts) > 0), dtype=np.bool_)


def filing_status(facts: Facts) -> Codes:
    """As stated, else as the family suggests."""
    profile = facts.profile
    alone = np.where(or_zero(profile.dependents) > 0, code(FilingStatus.HEAD_OF_HOUSEHOLD), code(FilingStatus.SINGLE))
    married = profile.marital_status == code(MaritalStatus.MARRIED)
    usual = np.where(married, code(FilingStatus.MARRIED_JOINTLY), alone)
    return np.where(profile.filing_status == UNKNOWN, usual, profile.filing_status).astype(np.int8)


def tax(facts: Facts, table: TaxTable) -> Floats:
    """Federal income and payroll tax a year on the stated income, by the table."""
    gross, status = gross_income(facts), filing_status(facts)
    own = income_tax(table, status, taxable_income(table, status, gross))
    return own + payroll_tax(table, facts.profile.employment, gross)


def take_home(facts: Facts) -> Floats:
    """Stated income a month after tax."""
    gross = gross_income(facts)
    kept = np.where(pays_us_tax(facts), gross - tax(facts, federal()), gross * TAKE_HOME_ELSEWHERE)
    return np.asarray(kept / MONTHS, dtype=np.float64)
