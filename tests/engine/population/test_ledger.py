"""Money in, money out, money put aside: consistent with income, expenses and accounts."""

import numpy as np

from engine.facts import Flags, Floats
from engine.population import Population
from engine.population.calendar import calendar
from engine.population.means import net_income
from engine.population.people import draw
from engine.transactions import INCOME, SPENDING
from tests.engine.population.conftest import TODAY, positions

USERS = 600


def sums(population: Population, rows: Flags) -> Floats:
    """Amounts by household."""
    owner = positions(population, population.transactions)
    return np.bincount(owner[rows], population.transactions["amount"][rows], minlength=USERS).astype(np.float64)


def between(population: Population, first: str, last: str) -> Flags:
    """Rows from the first to before the last month."""
    day = population.transactions["date"]
    return (day >= np.datetime64(first, "D")) & (day < np.datetime64(last, "D"))


def category(population: Population, *names: str) -> Flags:
    """Rows of some categories."""
    return np.isin(population.transactions["category"], names)


def test_signs_follow_the_group(population: Population) -> None:
    amount = population.transactions["amount"]
    assert (amount[category(population, *INCOME)] > 0).all()
    assert (amount[category(population, *SPENDING)] < 0).all()
    assert (amount[category(population, "debt_payment")] < 0).all()


def test_income_of_the_last_year_is_annual_income_after_tax(population: Population) -> None:
    people, _ = draw(USERS, 7, TODAY)
    net = net_income(people)
    year = between(population, "2025-03-18", "2026-03-18")
    received = sums(population, category(population, *INCOME) & year)
    lately = population.life_events["date"] > np.datetime64("2024-12-01")
    changed = np.isin(population.life_events["event"], ("JOB_CHANGE", "RETIREMENT")) & lately
    steady = np.ones(USERS, dtype=bool)
    steady[positions(population, population.life_events)[changed]] = False
    steady &= net > 0
    assert np.abs(received[steady] / net[steady] - 1.0).max() < 0.15
    assert abs(received[steady].sum() / net[steady].sum() - 1.0) < 0.02
    kept = net[net > 0] / people.income[net > 0]
    assert 0.5 < kept.min() < kept.max() <= 1.0


def test_monthly_expenses_are_the_mean_spending_of_the_last_twelve_months(population: Population) -> None:
    spent = -sums(population, category(population, *SPENDING) & between(population, "2025-03", "2026-03")) / 12
    np.testing.assert_allclose(population.households["monthly_expenses"], spent, atol=0.02)


def test_spending_follows_income_but_less_than_in_proportion(population: Population) -> None:
    income, expenses = population.households["annual_income"], population.households["monthly_expenses"]
    known = income > 5_000
    slope = np.polyfit(np.log(income[known]), np.log(expenses[known]), 1)[0]
    assert 0.5 < slope < 1.0


def test_the_current_account_never_ends_a_day_below_zero(population: Population) -> None:
    rows = population.transactions
    user, day, amount = positions(population, rows), rows["date"], rows["amount"]
    checking = population.accounts["balance"][population.accounts["kind"] == "CHECKING"]
    later = np.cumsum(amount[::-1])[::-1] - amount
    after = later - np.append(later + amount, 0.0)[np.searchsorted(user, user, side="right")]
    balance = checking[user] - after
    ends = np.append((np.diff(day).astype(int) != 0) | (np.diff(user) != 0), True)
    assert balance[ends].min() > -0.01


def test_savings_balances_could_have_come_from_the_transfers(population: Population) -> None:
    accounts = population.accounts
    savings = np.bincount(
        positions(population, accounts), accounts["balance"] * (accounts["kind"] == "SAVINGS"), minlength=USERS
    )
    put = -sums(population, category(population, "savings_transfer"))
    assert (put[savings == 0] == 0).all()
    assert np.mean(put > savings * 1.8 + 1.0) < 0.01


def test_who_has_a_standing_contribution_to_savings_made_transfers(population: Population) -> None:
    goals = population.goals
    monthly = goals["monthly_contribution"] * np.isin(goals["kind"], ("EMERGENCY_FUND", "HOME_PURCHASE", "TRAVEL"))
    planned = np.bincount(positions(population, goals), monthly, minlength=USERS)
    rows = category(population, "savings_transfer") & (population.transactions["amount"] < 0)
    put = -sums(population, rows) / 36.5
    assert (planned > 0).sum() > 50
    assert np.mean(put[planned > 0] > 0) > 0.97
    assert np.median(put[planned > 0] / planned[planned > 0]) > 0.6


def test_spending_peaks_in_december(population: Population) -> None:
    rows = category(population, *SPENDING) & between(population, "2023-03", "2026-03")
    month = population.transactions["date"][rows].astype("datetime64[M]").astype(int) % 12
    total = np.bincount(month, -population.transactions["amount"][rows], minlength=12)
    assert np.argmax(total) == 11
    assert total[11] > 1.1 * total.mean()


def test_pay_is_by_weekly_monthly_or_irregular(population: Population) -> None:
    pay = category(population, "salary")
    user = positions(population, population.transactions)[pay]
    day = population.transactions["date"][pay].astype(int)
    gap = np.diff(day)[np.diff(user) == 0]
    assert 0.4 < np.mean(gap == 14) < 0.9
    assert np.mean((gap >= 28) & (gap <= 31)) > 0.05
    own = population.households["employment"] == "SELF_EMPLOYED"
    clients = sums(population, population.transactions["merchant"] == "Client payment")
    np.testing.assert_array_equal(clients > 0, own)


def test_renters_pay_rent_and_owners_with_a_loan_pay_a_mortgage(population: Population) -> None:
    lately = between(population, "2026-01", "2026-03")
    mortgage = sums(population, category(population, "mortgage") & lately) < 0
    kinds, user = population.accounts["kind"], positions(population, population.accounts)
    has_loan = np.bincount(user[kinds == "MORTGAGE"], minlength=USERS) > 0
    rent = sums(population, category(population, "rent") & lately) < 0
    owner = population.households["homeowner"].astype(bool)
    events = population.life_events
    moved = (events["event"] == "HOME_PURCHASE") & (events["date"] > np.datetime64("2025-12-01"))
    settled = owner.copy()
    settled[positions(population, events)[moved]] = False
    np.testing.assert_array_equal(mortgage[settled | ~owner], has_loan[settled | ~owner])
    assert not rent[settled].any()
    assert rent[~owner].mean() > 0.8


def test_who_bought_a_home_lately_paid_rent_before(population: Population) -> None:
    events = population.life_events
    moved = (events["event"] == "HOME_PURCHASE") & (events["date"] > np.datetime64("2024-01-01"))
    buyers = positions(population, events)[moved]
    buyers = buyers[population.households["homeowner"][buyers].astype(bool)]
    before = sums(population, category(population, "rent") & between(population, "2023-03", "2024-01")) < 0
    assert len(buyers) > 10
    assert before[buyers].all()


def test_debts_are_paid_every_month(population: Population) -> None:
    kinds, user = population.accounts["kind"], positions(population, population.accounts)
    owes = np.bincount(user[np.isin(kinds, ("CREDIT_CARD", "STUDENT_LOAN", "LOAN"))], minlength=USERS) > 0
    paid = sums(population, category(population, "debt_payment") & between(population, "2026-01", "2026-02")) < 0
    np.testing.assert_array_equal(paid, owes)


def test_a_calendar_knows_the_last_day_of_february() -> None:
    months = calendar(TODAY, 36)
    assert len(months) == 37
    assert months.lengths[-2] == 28
    assert months.last_day(np.array([36])).tolist() == [months.today]


def test_purchases_have_hours_that_are_rarely_at_night_but_for_planted_ones(population: Population) -> None:
    rows, planted = population.transactions, population.truth.anomalies
    new = np.isin(rows["external_id"], planted["transaction"][planted["kind"] == "NEW_MERCHANT"])
    assert (rows["hour"][new] < 5).all()
    assert 0.005 < (rows["hour"][~new & ~np.isnan(rows["hour"])] < 5).mean() < 0.04
    assert np.isnan(rows["hour"][np.isin(rows["category"], ["salary", "rent", "subscriptions"])]).all()
