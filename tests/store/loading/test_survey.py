"""Families of the Survey of Consumer Finances become households whose balance sheets add up."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine, text

from engine.features.income import take_home
from store.errors import BadFile
from store.facts import load_facts
from store.households import profiles
from store.households.profiles import RATE_SOURCES
from store.loading import LoadReport, load_file
from store.session import transaction
from tests.store.loading.samples import TODAY, query, versions
from tests.store.loading.survey import extract, family, study_file

Load = Callable[..., LoadReport]


@pytest.fixture
def load(engine: Engine, tmp_path: Path) -> Load:
    """Loads a frame as an extract."""

    def loaded(frame: pl.DataFrame, name: str = "scf_2019.parquet", today: date = TODAY) -> LoadReport:
        path = tmp_path / name
        (frame.write_csv if path.suffix == ".csv" else frame.write_parquet)(path)
        return load_file(engine, path, format="scf", today=today)

    return loaded


def profile(engine: Engine, *columns: str) -> Any:
    """Columns of the only household."""
    (row,) = query(engine, f"SELECT {', '.join(columns)} FROM users JOIN financial_profiles ON user_id = id")
    return row if len(columns) > 1 else row[0]


def accounts(engine: Engine) -> dict[str, Decimal]:
    return dict(query(engine, "SELECT external_id, balance FROM accounts"))


def test_five_implicates_are_one_household_with_mean_dollars_and_the_first_codes(engine: Engine, load: Load) -> None:
    rows = [family(INCOME=80_000.0 + 1_000 * place, KIDS=place, WGT=1_000.0 + place) for place in range(5)]
    report = load(extract(rows))
    assert report.kinds["households"].read == 1
    assert profile(engine, "external_id", "source", "annual_income", "dependents", "weight") == (
        "scf:2019:1",
        "scf",
        Decimal("82000.00"),
        0,
        Decimal(5_010),
    )


def test_rows_of_a_family_may_stand_anywhere_and_some_may_be_missing(engine: Engine, load: Load) -> None:
    rows = extract(family(AGE=30), family(AGE=60)).sample(fraction=1, shuffle=True, seed=1)
    load(rows.filter(pl.col("Y1") != 13))
    assert query(engine, "SELECT external_id, weight FROM users ORDER BY 1") == [
        ("scf:2019:1", Decimal(5_000)),
        ("scf:2019:2", Decimal(5_000)),
    ]


def test_the_balance_sheet_is_in_accounts_by_kind(engine: Engine, load: Load) -> None:
    load(extract(family()))
    assert accounts(engine) == {
        "checking": Decimal("2100.00"),
        "savings": Decimal("6000.00"),
        "brokerage_cash": Decimal("400.00"),
        "certificates": Decimal("3000.00"),
        "brokerage": Decimal("26000.00"),
        "ira": Decimal("20000.00"),
        "workplace_plan": Decimal("30000.00"),
        "pension": Decimal("5000.00"),
        "other_financial": Decimal("750.00"),
        "home": Decimal("300000.00"),
        "vehicles": Decimal("12000.00"),
        "other_assets": Decimal("900.00"),
        "mortgage": Decimal("-180000.00"),
        "home_equity_line": Decimal("-7000.00"),
        "credit_card": Decimal("-2500.00"),
        "student_loan": Decimal("-15000.00"),
        "vehicle_loan": Decimal("-6000.00"),
        "other_debt": Decimal("-500.00"),
    }


def test_a_business_worth_less_than_nothing_is_owed(engine: Engine, load: Load) -> None:
    load(extract(family(BUS=-60_000.0)))
    assert accounts(engine)["owed_on_assets"] == Decimal("-60000.00")
    assert "business" not in accounts(engine)


def test_a_code_below_zero_is_no_debt(engine: Engine, load: Load) -> None:
    load(extract(family(CURRPEN=-1.0)))
    assert not {"owed_on_assets", "pension"} & set(accounts(engine))


def test_holdings_add_up_to_their_account_and_cost_less_by_the_gains(engine: Engine, load: Load) -> None:
    load(extract(family()))
    held = query(
        engine,
        "SELECT external_id, symbol, quantity, cost_basis FROM tax_lots AS l JOIN accounts AS a ON a.id = account_id",
    )
    lots = {(account, symbol): (quantity, cost) for account, symbol, quantity, cost in held}
    assert lots["brokerage", "US_EQUITY"] == (Decimal(20_000), Decimal(14_500))
    assert lots["brokerage", "US_BONDS"] == (Decimal(2_000), Decimal(1_450))
    assert lots["brokerage", "TREASURIES"] == (Decimal(2_500), Decimal(1_950))
    assert lots["brokerage", "CORPORATE_BONDS"] == (Decimal(1_500), Decimal(1_500))
    assert lots["ira", "US_EQUITY"] == (Decimal(12_000), Decimal(12_000))
    assert lots["certificates", "CASH"] == (Decimal(3_000), Decimal(3_000))
    for account, balance in accounts(engine).items():
        values = [quantity for (held_in, _), (quantity, _) in lots.items() if held_in == account]
        assert not values or sum(values) == balance


def test_who_was_not_asked_states_nothing(engine: Engine, load: Load) -> None:
    load(extract(family()).drop("NOFINRISK", "EDCL", "HHSEX"))
    assert profile(engine, "stated_risk_tolerance", "education", "sex") == (None, None, None)


def test_people_are_told_apart_as_far_as_the_survey_does(engine: Engine, load: Load) -> None:
    columns = ("marital_status", "filing_status", "employment", "homeowner", "education", "sex")
    load(extract(family(MARRIED=2, OCCAT1=3, AGE=70, HOUSECL=2, EDCL=1, HHSEX=1)))
    assert profile(engine, *columns) == ("SINGLE", "HEAD_OF_HOUSEHOLD", "RETIRED", False, "NO_DIPLOMA", "MALE")
    load(extract(family(KIDS=0, OCCAT1=2)))
    assert profile(engine, *columns) == ("MARRIED", "MARRIED_JOINTLY", "SELF_EMPLOYED", True, "DEGREE", "FEMALE")


def test_what_the_survey_does_not_ask_is_marked_assumed(engine: Engine, load: Load) -> None:
    load(extract(family()))
    assert set(profile(engine, "assumed")) == {"birth_date", "monthly_expenses", "filing_status"}
    marks = dict(query(engine, "SELECT external_id, assumed FROM accounts WHERE assumed <> '{}'"))
    assert marks["workplace_plan"] == ["employer_match_rate", "employer_match_limit"]
    assert marks["mortgage"] == ["interest_rate"]
    assert marks["credit_card"] == ["interest_rate", "minimum_payment"]
    assert query(engine, "SELECT minimum_payment FROM accounts WHERE external_id = 'mortgage'") == [(Decimal(1_200),)]
    (assumed,) = query(engine, "SELECT assumed FROM goals")[0]
    assert {"target_amount", "target_date", "saved_amount", "monthly_contribution"} <= set(assumed)


@pytest.mark.parametrize("income", [16_000.0, 40_000.0, 90_000.0, 400_000.0])
def test_no_family_is_assumed_to_spend_more_than_is_left_after_tax(engine: Engine, load: Load, income: float) -> None:
    load(extract(family(INCOME=income, MARRIED=2, KIDS=0, PAYMORT1=0.0)))
    with transaction(engine, everyone=True) as session:
        (user,) = session.connection().execute(text("SELECT id FROM users")).scalars()
        known = load_facts(session, [user], RATE_SOURCES, TODAY)
        assert profiles.savings_rates(session, [user], TODAY) == {}, "it is only assumed"
    assert known.profile.expenses_assumed.all()
    assert known.profile.monthly_expenses[0] < take_home(known)[0]


def test_a_family_spends_at_least_what_it_pays_to_lenders(engine: Engine, load: Load) -> None:
    load(extract(family(INCOME=0.0, PAYMORT1=1_500.0, PAYVEH1=250.0, PAYLOC1=60.0, PAYEDU1=150.0)))
    assert profile(engine, "monthly_expenses") == Decimal(1_960)


def test_only_employees_have_an_employer_who_matches(engine: Engine, load: Load) -> None:
    load(extract(family(), family(OCCAT1=2)))
    rates = "SELECT employer_match_rate FROM accounts WHERE external_id = 'workplace_plan' ORDER BY 1"
    assert query(engine, rates) == [(Decimal("0.5"),), (None,)]


def test_the_head_is_as_old_as_in_the_survey(engine: Engine, load: Load) -> None:
    load(extract(family(AGE=44)))
    (loaded,) = (profile(engine, "extract(year FROM age(created_at AT TIME ZONE 'UTC', birth_date))::int"),)
    assert loaded == 44


def test_the_same_extract_on_another_day_changes_nothing(engine: Engine, load: Load) -> None:
    frame = extract(family(), family(MARRIED=2))
    load(frame)
    before = versions(engine)
    report = load(frame, today=TODAY + timedelta(days=400))
    assert not report.changed_anything
    assert versions(engine) == before


def test_a_changed_family_changes_alone_and_loses_what_it_no_longer_has(engine: Engine, load: Load) -> None:
    load(extract(family(), family()))
    before = versions(engine)
    report = load(extract(family(), family(CCBAL=0.0, SAVRES6=0, SAVRES4=1)))
    assert report.kinds["households"].changed == 1
    assert (report.kinds["accounts"].removed, report.kinds["accounts"].changed) == (1, 0)
    assert (report.kinds["goals"].removed, report.kinds["goals"].new) == (1, 1)
    assert versions(engine) == before | {"scf:2019:2": before["scf:2019:2"] + 1}


def test_two_years_do_not_overwrite_each_other(engine: Engine, load: Load) -> None:
    load(extract(family()))
    load(extract(family()), name="SCFP2016.csv")
    load(extract(family()), name="survey.csv")
    load(extract(family()).with_columns(YEAR=pl.lit(1998)), name="stacked.csv")
    assert sorted(versions(engine)) == ["scf:1", "scf:1998:1", "scf:2016:1", "scf:2019:1"]


def test_csv_in_small_letters_without_family_numbers_loads_the_same(engine: Engine, load: Load) -> None:
    frame = extract(family(INCOME=1234.567))
    load(frame)
    report = load(frame.drop("YY1").rename(str.lower), name="scfp2019.csv")
    assert not report.changed_anything


def test_a_survey_has_no_single_kind(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="a survey holds several kinds: leave the kind out"):
        load_file(engine, tmp_path / "scf_2019.parquet", kind="households", format="scf")


def test_the_survey_of_2019_adds_up(engine: Engine) -> None:
    path = study_file("scf_2019.parquet")
    load_file(engine, path, format="scf", today=TODAY)
    survey = pl.read_parquet(path)
    families = survey.group_by("YY1").agg(pl.col("NETWORTH", "DEBT", "LIQ").mean(), pl.col("WGT").sum())
    loaded = """
    SELECT sum(weight * balance), -sum(weight * balance) FILTER (WHERE balance < 0),
           sum(weight * balance) FILTER (WHERE kind IN ('CHECKING', 'SAVINGS'))
    FROM users AS u JOIN accounts AS a ON a.user_id = u.id
    """
    (sums,) = query(engine, loaded)
    for name, value in zip(("NETWORTH", "DEBT", "LIQ"), sums, strict=True):
        assert float(value) == pytest.approx((families[name] * families["WGT"]).sum(), rel=1e-3), name
        assert float(value) == pytest.approx((survey[name] * survey["WGT"]).sum(), rel=5e-3), name
    assert query(engine, "SELECT count(*), round(sum(weight)) FROM users") == [(5777, round(survey["WGT"].sum()))]
    assert not load_file(engine, path, format="scf", today=TODAY + timedelta(days=1)).changed_anything
