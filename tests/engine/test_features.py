"""What is read from facts: cash flow, what can be sustained, pay days, emergency months, the balance sheet."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.enums import AccountKind, FilingStatus, code
from engine.facts import Facts
from engine.features.balance_sheet import cash, largest, minimum_payment, owed
from engine.features.cash_flow import Flow, cash_flow, monthly_mean, rate
from engine.features.emergency import target_months
from engine.features.income import filing_status, take_home
from engine.features.pay import next_date, pay_days
from engine.features.sustainable import opening_balance, surplus_series, sustainable_amount
from tests.engine.facts_factory import Row, account, facts, household, steady
from tests.engine.strategies import households


def sustained(one: Row) -> float:
    batch = facts(one)
    return float(sustainable_amount(batch, cash_flow(batch))[0])


def share_of_months_carried(batch: Facts, flow: Flow, amount: float) -> float:
    """Month by month: whether the account is empty at its end when the amount is put aside every month."""
    left = float(opening_balance(batch, flow)[0])
    carried: list[bool] = []
    for surplus, seen in zip(surplus_series(flow)[0], flow.seen[0], strict=True):
        left += (surplus - amount) * seen
        carried += [left >= 0] * bool(seen)
    return sum(carried) / len(carried)


def months_held(one: Row) -> float:
    batch = facts(one)
    return float(target_months(batch, cash_flow(batch))[0])


def paid_on(*days: date) -> tuple[int, int]:
    found = pay_days(facts(household(pay=[(day, 2_000.0) for day in days])))
    return int(found.first[0]), int(found.second[0])


class TestCashFlow:
    def test_the_rate_is_what_transactions_show(self) -> None:
        flow = cash_flow(facts(household(months=steady(4_000.0, 3_000.0))))
        assert rate(flow)[0] == pytest.approx(0.25)

    def test_only_the_last_twelve_months_count(self) -> None:
        flow = cash_flow(facts(household(months=[*steady(4_000.0, 1_000.0, 12), *steady(4_000.0, 3_000.0, 12)])))
        assert rate(flow)[0] == pytest.approx(0.25)

    def test_transfers_are_neither_income_nor_spending(self) -> None:
        months = [{**month, "savings_transfer": -500.0, "debt_payment": -300.0} for month in steady(4_000.0, 3_000.0)]
        assert rate(cash_flow(facts(household(months=months))))[0] == pytest.approx(0.25)

    def test_with_two_months_of_transactions_what_is_stated_counts(self) -> None:
        flow = cash_flow(facts(household(months=steady(9_000.0, 100.0, 2), monthly_expenses=3_000.0)))
        assert (flow.spending[0], bool(flow.observed[0]), bool(flow.stated[0])) == (3_000.0, False, True)

    def test_a_month_without_any_transaction_is_not_a_month_without_spending(self) -> None:
        flow = cash_flow(facts(household(months=[*steady(4_000.0, 3_000.0, 4), {}, *steady(4_000.0, 3_000.0, 4), {}])))
        assert (flow.income[0], flow.spending[0], flow.seen[0].sum()) == (4_000.0, 3_000.0, 8)

    def test_a_category_is_quiet_in_a_month_that_holds_others(self) -> None:
        batch = facts(household(months=[*steady(4_000.0, 3_000.0, 11), {"salary": 4_000.0, "travel": -1_200.0}]))
        assert monthly_mean(batch, ("travel",))[0] == pytest.approx(-100.0)

    def test_two_months_that_were_loaded_once_tell_no_usual_month(self) -> None:
        months = [*steady(9_000.0, 100.0, 2), *[{} for _ in range(5)]]
        flow = cash_flow(facts(household(months=months, monthly_expenses=3_000.0)))
        assert (flow.spending[0], bool(flow.observed[0])) == (3_000.0, False)

    def test_months_of_more_than_a_year_ago_tell_no_usual_month(self) -> None:
        months = [*steady(9_000.0, 100.0, 10), *[{} for _ in range(12)], *steady(9_000.0, 100.0, 2)]
        flow = cash_flow(facts(household(months=months, monthly_expenses=3_000.0)))
        assert (flow.spending[0], bool(flow.observed[0])) == (3_000.0, False)

    def test_stated_income_is_taken_after_tax(self) -> None:
        flow = cash_flow(facts(household(annual_income=60_000.0)))
        tax = 1_240 + 0.12 * (60_000 - 16_100 - 12_400) + 0.0765 * 60_000
        assert flow.income[0] == pytest.approx((60_000 - tax) / 12)

    def test_without_any_spending_known_a_share_of_income_is_assumed(self) -> None:
        flow = cash_flow(facts(household(monthly_expenses=None)))
        assert rate(flow)[0] == pytest.approx(0.05)
        assert not flow.stated[0]

    def test_pay_that_transactions_do_not_show_is_taken_as_stated(self) -> None:
        months = [{"groceries": -500.0} for _ in range(12)]
        batch = facts(household(months=months))
        assert cash_flow(batch).income[0] == take_home(batch)[0]

    def test_without_income_the_rate_is_the_worst_or_nothing(self) -> None:
        spending = household(annual_income=0.0)
        idle = household(annual_income=0.0, monthly_expenses=0.0)
        assert rate(cash_flow(facts(spending, idle))).tolist() == [-1.0, 0.0]

    def test_payments_on_debts_are_owed_besides_spending(self) -> None:
        debts = [
            account("CREDIT_CARD", -5_000.0, minimum_payment=150.0),
            account("MORTGAGE", -1e5, minimum_payment=900),
        ]
        months = [{**month, "mortgage": -900.0} for month in steady(4_000.0, 2_000.0)]
        assert cash_flow(facts(household(accounts=debts, months=months))).debt_payments[0] == 150.0

    def test_other_currencies_keep_a_fixed_share_of_pay(self) -> None:
        assert take_home(facts(household(currency="EUR", annual_income=48_000.0)))[0] == pytest.approx(3_000.0)


class TestSustainable:
    def test_a_steady_surplus_can_be_put_aside_whole(self) -> None:
        assert sustained(household(months=steady(4_000.0, 3_000.0))) == pytest.approx(1_000.0)

    def test_nothing_can_be_put_aside_of_a_deficit(self) -> None:
        assert sustained(household(months=steady(3_000.0, 3_500.0))) == 0.0

    def test_uneven_income_sustains_less_than_its_mean_leaves(self) -> None:
        uneven = [*steady(1_000.0, 2_000.0, 1), *steady(5_500.0, 2_000.0, 1)] * 12
        without = sustained(household(months=uneven, accounts=[account("CHECKING", 0.0)]))
        assert 0 < without < 1_250.0

    def test_a_cushion_in_checking_carries_months_that_lack_something(self) -> None:
        lean = [*steady(2_000.0, 2_200.0, 4), *steady(2_700.0, 2_200.0, 20)]
        poor = household(months=lean, accounts=[account("CHECKING", 0.0)])
        cushioned = household(months=lean, accounts=[account("CHECKING", 2_000.0)])
        assert (sustained(poor), sustained(cushioned) > 100.0) == (0.0, True)

    def test_without_transactions_four_fifths_of_what_is_said_to_be_left(self) -> None:
        batch = facts(household())
        flow = cash_flow(batch)
        left = flow.income[0] - flow.spending[0]
        assert sustainable_amount(batch, flow)[0] == pytest.approx(0.8 * left)

    @settings(max_examples=50, deadline=None)
    @given(households())
    def test_nine_months_of_ten_carry_the_amount(self, one: Row) -> None:
        batch = facts(one)
        flow = cash_flow(batch)
        amount = sustainable_amount(batch, flow)
        if flow.observed[0] and amount[0] > 0:
            assert share_of_months_carried(batch, flow, float(amount[0]) - 1e-6) >= 0.9
        assert 0 <= amount[0] <= max(flow.income[0] - flow.spending[0], 0) + 1e-6


class TestPayDays:
    def test_pay_on_the_same_day_of_each_month(self) -> None:
        assert paid_on(*[date(2026, month, 25) for month in range(1, 9)]) == (25, 0)

    def test_pay_on_two_days_of_each_month(self) -> None:
        days = [date(2026, month, day) for month in range(1, 9) for day in (1, 15)]
        assert paid_on(*days) == (1, 15)

    def test_pay_every_two_weeks_is_in_by_the_14th_and_28th(self) -> None:
        start = date(2026, 1, 2).toordinal()
        assert paid_on(*[date.fromordinal(start + 14 * number) for number in range(17)]) == (14, 28)

    def test_pay_on_the_last_day_is_moved_on_the_first(self) -> None:
        days = [date(2026, month, day) for month, day in ((1, 31), (3, 31), (5, 31), (7, 31), (8, 31), (6, 30))]
        assert paid_on(*days) == (1, 0)

    def test_irregular_pay_is_in_by_the_28th(self) -> None:
        days = [date(2026, month, day) for month, day in ((1, 3), (2, 11), (3, 19), (4, 6), (5, 27), (6, 14))]
        assert paid_on(*days) == (28, 0)

    def test_without_pay_the_first_is_taken(self) -> None:
        assert paid_on() == (1, 0)

    def test_small_deposits_are_no_pay(self) -> None:
        pay = [(date(2026, month, 25), 3_000.0) for month in range(1, 9)]
        interest = [(date(2026, month, day), 2.5) for month in range(1, 9) for day in (1, 2, 3)]
        found = pay_days(facts(household(pay=[*pay, *interest])))
        assert (found.first[0], found.second[0]) == (25, 0)

    @given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 28))
    def test_the_next_date_is_within_a_month_and_on_the_day(self, today: date, day: int) -> None:
        found = next_date(np.datetime64(today), np.array([day]))[0].item()
        assert found.day == day
        assert 0 < (found - today).days <= 31


class TestEmergencyMonths:
    def test_the_employed_hold_three_months_and_a_parent_four(self) -> None:
        assert (months_held(household()), months_held(household(dependents=2.0))) == (3.0, 4.0)

    def test_the_self_employed_and_the_unemployed_hold_more(self) -> None:
        jobs = [household(employment=job) for job in ("EMPLOYED", "SELF_EMPLOYED", "UNEMPLOYED")]
        assert [months_held(one) for one in jobs] == [3.0, 5.0, 6.0]

    def test_unsteady_income_asks_for_more(self) -> None:
        uneven = [*steady(2_000.0, 2_000.0, 1), *steady(6_000.0, 2_000.0, 1)] * 12
        assert months_held(household(months=uneven)) == 5.0

    @settings(max_examples=25, deadline=None)
    @given(households())
    def test_the_target_stays_between_two_and_nine_months(self, one: Row) -> None:
        assert 2.0 <= months_held(one) <= 9.0


class TestBalanceSheet:
    def test_an_overdraft_lowers_cash(self) -> None:
        rows = [account("CHECKING", -400.0), account("SAVINGS", 1_000.0)]
        assert cash(facts(household(accounts=rows)))[0] == 600.0

    def test_without_accounts_liquid_assets_are_cash(self) -> None:
        assert cash(facts(household(liquid_assets=8_000.0)))[0] == 8_000.0

    def test_a_least_payment_is_never_more_than_is_owed(self) -> None:
        batch = facts(household(accounts=[account("CREDIT_CARD", -20.0, minimum_payment=35.0), account("LOAN", 0.0)]))
        assert (owed(batch).tolist(), minimum_payment(batch).tolist()) == ([20.0, 0.0], [20.0, 0.0])

    def test_the_largest_account_of_a_kind_is_found_for_each_user(self) -> None:
        some = household(accounts=[account("SAVINGS", 1.0), account("SAVINGS", 9.0), account("CHECKING", 99.0)])
        assert largest(facts(some, household()), (AccountKind.SAVINGS,)).tolist() == [1, -1]

    def test_filing_status_follows_the_family_where_it_is_not_stated(self) -> None:
        batch = facts(
            household(),
            household(dependents=1.0),
            household(marital_status="MARRIED"),
            household(marital_status="MARRIED", filing_status="MARRIED_SEPARATELY"),
        )
        assert filing_status(batch).tolist() == [
            code(FilingStatus.SINGLE),
            code(FilingStatus.HEAD_OF_HOUSEHOLD),
            code(FilingStatus.MARRIED_JOINTLY),
            code(FilingStatus.MARRIED_SEPARATELY),
        ]
