"""The tax table of 2026 against the figures that the IRS publishes, and the shape of what is computed from it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.enums import EmploymentStatus, FilingStatus, code
from engine.taxes import (
    TAX_YEAR,
    federal,
    gains_rate,
    hsa_limit,
    income_tax,
    ira_limit,
    marginal_rate,
    payroll_rate,
    payroll_tax,
    plan_limit,
    room_in_bracket,
    share_left,
    taxable_income,
)

TABLE = federal()
STATUSES = st.sampled_from(list(FilingStatus))


def status(*members: FilingStatus) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    return np.array([code(member) for member in members], dtype=np.int8)


def one(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([value])


def test_the_table_is_of_its_year_and_currency() -> None:
    assert (TABLE.year, TABLE.currency) == (TAX_YEAR, "USD")


def test_tax_at_the_start_of_each_bracket_is_what_the_irs_publishes() -> None:
    """Rev. Proc. 2025-32, tables 1 to 3: the fixed amounts of the 12, 22, 24, 32, 35 and 37 % brackets."""
    published = {
        FilingStatus.SINGLE: (1_240, 5_800, 17_966, 41_024, 58_448, 192_979.25),
        FilingStatus.MARRIED_JOINTLY: (2_480, 11_600, 35_932, 82_048, 116_896, 206_583.50),
        FilingStatus.HEAD_OF_HOUSEHOLD: (1_770, 7_740, 16_155, 39_207, 56_631, 191_171),
    }
    for member, amounts in published.items():
        starts = TABLE.bracket_starts[code(member), 1:]
        found = income_tax(TABLE, status(*[member] * len(starts)), starts)
        assert found == pytest.approx(np.array(amounts))


def test_the_standard_deduction_is_taken_first() -> None:
    found = taxable_income(TABLE, status(*FilingStatus), np.full(4, 40_000.0))
    assert found.tolist() == [23_900.0, 7_800.0, 23_900.0, 15_850.0]


@given(STATUSES, st.floats(0, 2e6), st.floats(1, 1e5))
def test_more_income_leaves_more_after_tax(member: FilingStatus, income: float, more: float) -> None:
    tax = [income_tax(TABLE, status(member), one(value))[0] for value in (income, income + more)]
    assert 0 <= tax[1] - tax[0] <= 0.37 * more + 1e-6


@given(STATUSES, st.floats(1, 2e6))
def test_a_deduction_within_the_room_saves_tax_at_the_marginal_rate(member: FilingStatus, income: float) -> None:
    room = room_in_bracket(TABLE, status(member), one(income))
    saved = income_tax(TABLE, status(member), one(income)) - income_tax(TABLE, status(member), one(income) - room)
    assert saved == pytest.approx(room * marginal_rate(TABLE, status(member), one(income)), abs=1e-6)


def test_the_marginal_rate_is_that_of_the_last_unit() -> None:
    found = marginal_rate(TABLE, status(*[FilingStatus.SINGLE] * 4), np.array([0.0, 12_400.0, 12_401.0, 700_000.0]))
    assert found.tolist() == [0.0, 0.10, 0.12, 0.37]


def test_gains_are_taxed_by_where_they_begin() -> None:
    found = gains_rate(TABLE, status(*[FilingStatus.MARRIED_JOINTLY] * 3), np.array([98_899.0, 98_900.0, 613_700.0]))
    assert found.tolist() == [0.0, 0.15, 0.20]


def test_payroll_tax_is_capped_for_social_security_only() -> None:
    employed = np.array([code(EmploymentStatus.EMPLOYED)], dtype=np.int8)
    assert payroll_tax(TABLE, employed, one(100_000.0))[0] == pytest.approx(7_650.0)
    assert payroll_tax(TABLE, employed, one(284_500.0))[0] == pytest.approx(0.062 * 184_500 + 0.0145 * 284_500)
    assert payroll_rate(TABLE, np.array([100_000.0, 200_000.0])) == pytest.approx(np.array([0.0765, 0.0145]))


def test_the_self_employed_pay_both_halves_and_the_retired_none() -> None:
    jobs = [EmploymentStatus.SELF_EMPLOYED, EmploymentStatus.RETIRED, EmploymentStatus.UNEMPLOYED]
    found = payroll_tax(TABLE, np.array([code(job) for job in jobs], dtype=np.int8), np.full(3, 50_000.0))
    assert found == pytest.approx(np.array([0.153 * 0.9235 * 50_000, 0.0, 0.0]))


def test_limits_rise_with_age() -> None:
    ages = np.array([49.0, 50.0, 59.0, 60.0, 63.0, 64.0])
    assert plan_limit(TABLE, ages).tolist() == [24_500, 32_500, 32_500, 35_750, 35_750, 32_500]
    assert ira_limit(TABLE, ages).tolist() == [7_500, 8_600, 8_600, 8_600, 8_600, 8_600]
    family = np.array([False, False, True, True, False, True])
    assert hsa_limit(TABLE, ages, family).tolist() == [4_400, 4_400, 9_750, 9_750, 5_400, 9_750]


def test_a_phase_out_falls_from_the_whole_to_nothing() -> None:
    incomes = np.array([153_000.0, 160_500.0, 168_000.0, 9e5])
    found = share_left(TABLE.roth_phase_out, status(*[FilingStatus.SINGLE] * 4), incomes)
    assert found == pytest.approx(np.array([1.0, 0.5, 0.0, 0.0]))


def test_an_earlier_year_is_another_table() -> None:
    earlier = federal(2019)
    assert earlier.year == 2019
    assert earlier.standard_deduction[code(FilingStatus.SINGLE)] == 12_200
