"""What a family spends, which the survey does not ask: a curve by income, within what is left after tax."""

import numpy as np
import polars as pl

from engine.enums import EmploymentStatus, FilingStatus, codes
from engine.facts import Codes, Floats
from engine.taxes import federal, income_tax, payroll_tax, taxable_income
from store.loading.scf.assumptions import assumptions
from store.loading.scf.families import PAYMENTS, Families
from store.loading.scf.people import employment, filing_status

MONTHS = 12
TAX_YEAR = 2019
"""The year of the dollars in the table."""


def monthly_expenses(families: Families) -> pl.Series:
    """A curve through mean spending by income, no more than most of what is left after tax.

    Never less than lenders are paid, since what is spent holds that. Whether the family says that it spends less than
    its income (WSAVED) is left out on purpose: models of saving are judged by it.
    """
    table = assumptions()["expenses"]
    income = families.frame["INCOME"].to_numpy()
    most = table["most_of_take_home"] * _take_home(families, np.maximum(income, 0.0))
    spent = np.maximum(np.minimum(_usual(income), most) / MONTHS, table["least_a_month"])
    return pl.Series("monthly_expenses", np.maximum(spent, _paid(families)).round(2))


def _usual(income: Floats) -> Floats:
    """Mean spending a year at an income, with the last slope beyond the table."""
    table = assumptions()["expenses"]
    log_income = np.log(np.array(table["annual_income"], dtype=np.float64))
    log_spending = np.log(np.array(table["annual_spending"], dtype=np.float64))
    earned = np.log(np.maximum(income, 1.0))
    slope = (log_spending[-1] - log_spending[-2]) / (log_income[-1] - log_income[-2])
    beyond = slope * np.maximum(earned - log_income[-1], 0.0)
    return np.asarray(np.exp(np.interp(earned, log_income, log_spending) + beyond), dtype=np.float64)


def _take_home(families: Families, income: Floats) -> Floats:
    """Income a year less federal tax."""
    law = federal(TAX_YEAR)
    status = _codes(families, filing_status(), FilingStatus)
    taxed = income_tax(law, status, taxable_income(law, status, income))
    return income - taxed - payroll_tax(law, _codes(families, employment(), EmploymentStatus), income)


def _codes(families: Families, words: pl.Expr, enum: type[FilingStatus] | type[EmploymentStatus]) -> Codes:
    return codes(enum, families.frame.select(words).to_series().to_numpy().astype(object))


def _paid(families: Families) -> Floats:
    """Monthly payments to lenders, where the extract has them."""
    paid = families.payments(*PAYMENTS)
    if paid is None:
        return np.zeros(len(families.frame))
    return families.frame.select(paid).to_series().to_numpy()
