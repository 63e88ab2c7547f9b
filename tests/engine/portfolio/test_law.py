"""Tax on gains by law, and the program's convex stand-in for it, which never promises less."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.enums import FilingStatus, code
from engine.portfolio.law import Rates, law_tax, loss_relief, owed, rates_of
from tests.engine.portfolio.oracle import schedule_d

SINGLE = code(FilingStatus.SINGLE)
amounts = st.floats(-2e5, 2e6)


def test_long_term_gains_pass_through_their_own_brackets() -> None:
    rates = rates_of(SINGLE, 40_000.0)
    assert rates.long[:2] == (0.0, 0.15)
    assert law_tax(rates, 0.0, 9_450.0) == 0
    assert law_tax(rates, 0.0, 10_450.0) == pytest.approx(150.0)
    assert law_tax(rates, 0.0, 600_000.0) == pytest.approx(0.15 * 496_050 + 0.20 * (640_000 - 545_500))


def test_short_term_gains_are_income() -> None:
    rates = rates_of(SINGLE, 100_000.0)
    assert law_tax(rates, 10_000.0, 0.0) == pytest.approx(0.22 * 5_700 + 0.24 * 4_300)


def test_losses_of_one_term_reduce_gains_of_the_other() -> None:
    rates = rates_of(SINGLE, 80_000.0)
    assert law_tax(rates, -4_000.0, 10_000.0) == pytest.approx(0.15 * 6_000)
    assert law_tax(rates, 10_000.0, -4_000.0) == pytest.approx(0.22 * 6_000)
    assert law_tax(rates, -4_000.0, 1_000.0) == 0


def test_a_net_loss_reduces_other_income_up_to_a_limit() -> None:
    rates = rates_of(SINGLE, 80_000.0)
    assert loss_relief(rates, -1_000.0, 0.0) == pytest.approx(220.0)
    assert loss_relief(rates, -9_000.0, 1_000.0) == pytest.approx(660.0)
    assert rates_of(code(FilingStatus.MARRIED_SEPARATELY), 80_000.0).loss_limit == 1_500


def test_losses_of_earlier_years_cover_gains_and_cost_what_they_would_have_saved() -> None:
    rates = replace(rates_of(SINGLE, 80_000.0), carried=10_000.0)
    assert owed(rates, 0.0, 6_000.0) == 0
    assert owed(rates, 0.0, 8_000.0) == pytest.approx(0.22 * 1_000)  # 2,000 are left to deduct, not 3,000
    assert owed(rates, 0.0, 14_000.0) == pytest.approx(0.15 * 4_000 + 0.22 * 3_000)
    assert owed(rates, 0.0, -5_000.0) == 0  # this year's deduction is used already


@given(
    amounts, amounts, st.floats(0, 1e6), st.sampled_from([0.0, 2e3, 30e3, 51e3, 80e3, 300e3, 700e3]), st.integers(0, 3)
)
def test_what_is_owed_is_what_the_return_says_with_and_without_the_sales(
    short: float, long: float, carried: float, income: float, status: int
) -> None:
    with_sales, without = (schedule_d(status, income, *results, carried) for results in ((short, long), (0.0, 0.0)))
    found = owed(replace(rates_of(status, income), carried=carried), short, long)
    assert found == pytest.approx(with_sales - without, abs=0.01)


@given(amounts, amounts, st.sampled_from([0.0, 30e3, 80e3, 300e3]), st.integers(0, 3))
def test_the_program_never_expects_less_tax_than_the_law_takes(
    short: float, long: float, income: float, status: int
) -> None:
    rates = rates_of(status, income)
    assert (
        stand_in(rates, short, long) >= law_tax(rates, min(short, 0.0), long) - loss_relief(rates, short, long) - 1e-6
    )


def stand_in(rates: Rates, short: float, long: float) -> float:
    """What the tax variables of the program cost at least for these results."""
    left, tax = max(short + long, 0.0), 0.0
    for rate, room in zip(rates.long, rates.room, strict=True):
        tax += rate * min(left, room)
        left -= min(left, room)
    return tax + max(rates.short - rates.long[0], 0.0) * max(short, 0.0)
