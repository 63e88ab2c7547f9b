"""What a household has to live on a year after tax, and from which sources it comes."""

from dataclasses import dataclass

import numpy as np

from engine.enums import EmploymentStatus
from engine.facts import Floats
from engine.population.balance_sheet import BalanceSheet, Slot
from engine.population.people import People
from engine.population.streams import stream
from engine.taxes import federal, income_tax, payroll_tax, taxable_income

TAX_YEAR = 2019  # of the survey's dollars
TAXED_PART_OF_PENSIONS = 0.6  # Social Security is taxed in part: an assumption
DIVIDEND_YIELD = 0.02
MOST_FROM_CAPITAL = 0.5  # of what is left after tax
BONUS_SHARE, REFUND_SHARE = 0.30, 0.50  # of employees have a yearly bonus, get a tax refund


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Dollars a year after tax, one entry a household; `regular` is what is paid by the period."""

    net: Floats
    regular: Floats
    bonus: Floats
    refund: Floats
    interest: Floats
    dividends: Floats


def draw_means(people: People, sheet: BalanceSheet, seed: int) -> Means:
    """Net income split into its sources; they sum to it."""
    random = stream(seed, "means")
    net = net_income(people)
    interest, dividends = _from_capital(sheet, net)
    rest = net - interest - dividends
    employed = people.is_(EmploymentStatus.EMPLOYED)
    luck, part, other_luck, other_part = random.random((4, len(people)))
    bonus = np.where(employed & (luck < BONUS_SHARE), rest * (0.03 + 0.09 * part), 0.0)
    refund = np.where(employed & (other_luck < REFUND_SHARE), rest * (0.01 + 0.02 * other_part), 0.0)
    return Means(
        net=net,
        regular=rest - bonus - refund,
        bonus=bonus,
        refund=refund,
        interest=interest,
        dividends=dividends,
    )


def net_income(people: People) -> Floats:
    """After federal income and payroll tax, by the law of the survey's year; states take nothing here."""
    table = federal(TAX_YEAR)
    part = np.where(people.is_(EmploymentStatus.RETIRED), TAXED_PART_OF_PENSIONS, 1.0)
    tax = income_tax(table, people.filing_status, taxable_income(table, people.filing_status, people.income * part))
    return np.asarray(people.income - tax - payroll_tax(table, people.employment, people.income), dtype=np.float64)


def _from_capital(sheet: BalanceSheet, net: Floats) -> tuple[Floats, Floats]:
    rate = np.nan_to_num(sheet.interest_rate[:, Slot.SAVINGS])
    interest = sheet.balance[:, Slot.SAVINGS] * rate
    dividends = sheet.balance[:, Slot.BROKERAGE] * DIVIDEND_YIELD
    part = np.minimum(1.0, MOST_FROM_CAPITAL * net / np.maximum(interest + dividends, 1.0))
    return interest * part, dividends * part
