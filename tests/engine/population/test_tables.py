"""The shape of the population: columns, words, references, what may be missing, determinism, speed."""

from dataclasses import fields

import numpy as np
import pytest

from engine import enums
from engine.population import Columns, Population, generate, tables
from engine.transactions import CATEGORY_NAMES, SPENDING
from tests.engine.population.conftest import TODAY

KINDS = {
    "households": tables.HOUSEHOLDS,
    "accounts": tables.ACCOUNTS,
    "holdings": tables.HOLDINGS,
    "sales": tables.SALES,
    "goals": tables.GOALS,
    "transactions": tables.TRANSACTIONS,
    "budgets": tables.BUDGETS,
    "life_events": tables.LIFE_EVENTS,
    "prices": tables.PRICES,
}
OPTIONAL = {
    "households": {"stated_risk_tolerance"},
    "accounts": {"interest_rate", "minimum_payment", "employer_match_rate", "employer_match_limit"},
    "transactions": {"merchant", "hour"},
}
WORDS = {
    ("households", "marital_status"): enums.MaritalStatus,
    ("households", "employment"): enums.EmploymentStatus,
    ("households", "filing_status"): enums.FilingStatus,
    ("households", "education"): enums.Education,
    ("households", "sex"): enums.Sex,
    ("households", "stated_risk_tolerance"): enums.RiskLevel,
    ("accounts", "kind"): enums.AccountKind,
    ("goals", "kind"): enums.GoalKind,
    ("goals", "priority"): enums.Priority,
    ("goals", "status"): enums.GoalStatus,
    ("life_events", "event"): enums.LifeEvent,
}


def table(population: Population, kind: str) -> Columns:
    """Columns of a kind."""
    columns: Columns = getattr(population, kind)
    return columns


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_exactly_its_columns_all_of_one_length(population: Population, kind: str) -> None:
    columns = table(population, kind)
    assert tuple(columns) == KINDS[kind]
    assert len({len(values) for values in columns.values()}) == 1
    assert len(columns[KINDS[kind][0]]) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_no_column_that_loading_requires_has_a_gap(population: Population, kind: str) -> None:
    for name, values in table(population, kind).items():
        if name in OPTIONAL.get(kind, set()):
            continue
        if values.dtype == object:
            assert all(value is not None for value in values), name
        elif np.issubdtype(values.dtype, np.floating):
            assert np.isfinite(values).all(), name
        else:
            assert not np.isnat(values).any() if values.dtype.kind == "M" else True, name


@pytest.mark.parametrize("place", WORDS, ids=".".join)
def test_words_of_a_column_are_those_of_the_contract(population: Population, place: tuple[str, str]) -> None:
    kind, column = place
    known = {word for word in table(population, kind)[column] if word is not None}
    assert known <= set(WORDS[place])
    assert len(known) >= 2


def test_categories_are_the_documented_ones(population: Population) -> None:
    assert set(population.transactions["category"]) == set(CATEGORY_NAMES)
    assert set(population.budgets["category"]) <= set(SPENDING)


@pytest.mark.parametrize("kind", ["accounts", "sales", "goals", "transactions"])
def test_external_ids_are_unique_and_of_their_household(population: Population, kind: str) -> None:
    columns = table(population, kind)
    assert len(set(columns["external_id"])) == len(columns["external_id"])
    assert all(own.startswith(user) for own, user in zip(columns["external_id"], columns["user"], strict=True))


def test_life_events_and_prices_are_listed_once(population: Population) -> None:
    for columns, key in ((population.life_events, ("user", "event", "date")), (population.prices, ("symbol", "date"))):
        rows = list(zip(*(columns[name] for name in key), strict=True))
        assert len(set(rows)) == len(rows)


def test_rows_belong_to_households_and_accounts_that_exist(population: Population) -> None:
    households = set(population.households["external_id"])
    accounts = set(population.accounts["external_id"])
    for kind in ("accounts", "holdings", "sales", "goals", "transactions", "budgets", "life_events"):
        assert set(table(population, kind)["user"]) <= households
    for rows in (population.holdings, population.sales, population.transactions):
        assert set(rows["account"]) <= accounts
    for rows in (population.holdings, population.sales):
        assert set(rows["symbol"]) <= set(population.prices["symbol"])


def test_nothing_has_happened_after_today(population: Population) -> None:
    today = np.datetime64(TODAY)
    for kind, column in (
        ("households", "birth_date"),
        ("holdings", "acquired"),
        ("sales", "sold"),
        ("transactions", "date"),
        ("life_events", "date"),
        ("prices", "date"),
    ):
        assert table(population, kind)[column].max() <= today


def test_the_ledger_has_the_months_that_were_asked_for(population: Population) -> None:
    months = population.transactions["date"].astype("datetime64[M]")
    assert months.min() == np.datetime64("2023-03")
    assert len(np.unique(months)) == 37
    assert 450 <= len(months) / 600 <= 560


def test_money_is_whole_cents(population: Population) -> None:
    for columns, name in ((population.transactions, "amount"), (population.accounts, "balance")):
        cents = columns[name] * 100.0
        assert np.abs(cents - np.round(cents)).max() < 1e-3


def test_the_same_seed_gives_the_same_population_and_another_seed_another() -> None:
    first, again, other = (generate(users=40, seed=seed, today=TODAY, months=6) for seed in (5, 5, 6))
    for kind in KINDS:
        for name, values in table(first, kind).items():
            np.testing.assert_array_equal(values, table(again, kind)[name])
    assert not np.array_equal(first.households["annual_income"], other.households["annual_income"])
    assert not np.array_equal(first.prices["close"], other.prices["close"])


@pytest.mark.parametrize("users", [1, 3])
def test_a_handful_of_households_can_be_drawn(users: int) -> None:
    drawn = generate(users=users, seed=0, today=TODAY, months=1)
    assert len(drawn.households["external_id"]) == users
    assert len(drawn.transactions["user"]) > users


def test_no_column_tells_the_truth(population: Population) -> None:
    seen = {name for kind in KINDS for name in table(population, kind)}
    hidden = set(population.truth.households) - {"external_id"}
    assert not seen & hidden
    assert "truth" in {field.name for field in fields(Population)}


def test_two_thousand_households_have_a_million_transactions() -> None:
    drawn = generate(users=2_000, seed=7, today=TODAY)
    assert len(drawn.transactions["user"]) > 950_000
