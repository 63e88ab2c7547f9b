"""Rank correlation of the financial health score with the CFPB's well-being score of real people.

    python -m benchmarks.health [FOLDER]   (else FINREC_STUDY_DATA, else ../shared/data)

The survey asks in ranges; each answer becomes a value by the table below, written down before the correlation was
looked at. No weight and no mark of the score is fitted to it.
"""

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import spearmanr

from benchmarks.study import study_data
from engine.enums import UNKNOWN, AccountKind, EmploymentStatus, GoalKind, MaritalStatus, Priority, code
from engine.facts import Accounts, Budgets, CashFlows, Facts, Goals, Profile
from engine.features.income import take_home
from engine.health import health
from engine.health.components import COMPONENTS
from engine.transactions import CATEGORY_NAMES

SURVEY = "cfpb_wellbeing_2016.parquet"
TODAY = date(2016, 11, 1)
MONTHS = 12
Floats = NDArray[np.float64]

INCOME = {1: 12e3, 2: 25e3, 3: 35e3, 4: 45e3, 5: 55e3, 6: 67e3, 7: 87e3, 8: 122e3, 9: 200e3}
AGE = {1: 21, 2: 30, 3: 40, 4: 50, 5: 58, 6: 66, 7: 72, 8: 80}
CASH = {1: 0, 2: 50, 3: 500, 4: 2_500, 5: 11e3, 6: 42e3, 7: 120e3}
HOME_PAYMENT = {1: 150, 2: 400, 3: 625, 4: 875, 5: 1_250, 6: 1_750, 7: 2_500}
MORTGAGE = {1: 20e3, 2: 120e3, 3: 280e3}
SPENT = {1: 1.05, 2: 1.02, 3: 0.99, 4: 0.95, 5: 0.90, 6: 0.82}
"""Share of take-home pay, by `SAVEHABIT` ("putting money into savings is a habit for me", 1 strongly disagree)."""
FEE_MONTHS = {1: 12, 2: 8, 3: 4, 4: 1, 5: 0}
"""By `MANAGE1_1` ("paid all your bills on time", 5 always)."""
CARD_DEBT = {1: 0.10, 2: 0.10, 3: 0.06, 4: 0.02, 5: 0.0}
"""Share of income, by `MANAGE1_3` ("paid off credit card balance in full each month", 5 always)."""
STUDENT_DEBT = 20e3
SMALL_LOAN = 600.0
RETIREMENT_MULTIPLE = 0.5
"""Of the income expected by age, for those with a retirement account: between the median and nothing."""
INVESTMENTS = 40e3
EMPLOYMENT = {1: "SELF_EMPLOYED", 2: "EMPLOYED", 3: "EMPLOYED", 5: "STUDENT", 7: "UNEMPLOYED", 8: "RETIRED"}


def main(folder: Path) -> None:
    """Prints the figures as JSON."""
    survey = pl.read_parquet(folder / SURVEY).filter(pl.col("FWBscore") > 0)
    truth = survey["FWBscore"].to_numpy().astype(np.float64)
    scored = health(facts(survey))
    overall = np.array([each.overall_score for each in scored])
    report = {
        "people": len(scored),
        "spearman": round(correlation(overall, truth), 3),
        "spearman_by_age": {name: round(correlation(overall[rows], truth[rows]), 3) for name, rows in ages(survey)},
        "mean_wellbeing_by_band": by_band([each.band for each in scored], truth),
        "spearman_by_component": {
            each.name: round(correlation(part(scored, each.name), truth), 3) for each in COMPONENTS
        },
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def correlation(score: Floats, truth: Floats) -> float:
    """Spearman's, over those that have the score; 0 where it is the same for all."""
    known = ~np.isnan(score)
    return 0.0 if np.ptp(score[known]) == 0 else float(spearmanr(score[known], truth[known]).statistic)


def part(scored: list[Any], name: str) -> Floats:
    """One component's score, NaN where it is left out."""
    found = ({each.name: each.score for each in one.components} for one in scored)
    return np.array([scores.get(name, np.nan) for scores in found])


def ages(survey: pl.DataFrame) -> list[tuple[str, NDArray[np.bool_]]]:
    """Younger than 35, 35 to 61, older."""
    group = survey["agecat"].to_numpy()
    return [("18-34", group <= 2), ("35-61", (group > 2) & (group <= 5)), ("62+", group > 5)]


def by_band(bands: list[Any], truth: Floats) -> dict[str, list[float]]:
    """Mean well-being and number of people in each band."""
    found = np.array([str(each) for each in bands])
    return {
        name: [round(float(truth[found == name].mean()), 1), int((found == name).sum())]
        for name in ("VULNERABLE", "COPING", "HEALTHY")
    }


def facts(survey: pl.DataFrame) -> Facts:
    """The survey's people as facts: accounts, a year of equal months, a goal and a budget where they say so."""
    profile = _profile(survey)
    accounts = _accounts(survey, profile.annual_income)
    users = np.arange(len(survey)).astype(object)
    first = Facts(today=TODAY, users=users, sources={"profile": profile, "accounts": accounts})
    return Facts(
        today=TODAY,
        users=users,
        sources={
            **first.sources,
            "goals": _goals(survey),
            "budgets": _budgets(survey),
            "cash_flows": _cash_flows(survey, take_home(first)),
        },
    )


def values(survey: pl.DataFrame, column: str, table: Mapping[int, float], otherwise: float | None = None) -> Floats:
    """Answers as values; what was refused or not known as the middle answer, or as given."""
    codes = survey[column].to_numpy()
    given = np.array([table.get(int(answer), np.nan) for answer in codes])
    return np.where(np.isnan(given), np.nanmedian(given) if otherwise is None else otherwise, given)


def yes(survey: pl.DataFrame, column: str, least: int = 1) -> NDArray[np.bool_]:
    """Who answered at least so."""
    return np.asarray(survey[column].to_numpy() >= least)


def _profile(survey: pl.DataFrame) -> Profile:
    size = len(survey)
    nothing = np.full(size, np.nan)
    unknown = np.full(size, UNKNOWN, dtype=np.int8)
    jobs = [EMPLOYMENT.get(int(answer), "EMPLOYED") for answer in survey["EMPLOY"].to_numpy()]
    married = survey["PPMARIT"].to_numpy() == 1
    status = np.where(married, code(MaritalStatus.MARRIED), code(MaritalStatus.SINGLE))
    return Profile(
        currency=np.full(size, "USD", dtype=object),
        age=values(survey, "agecat", AGE),
        annual_income=values(survey, "PPINCIMP", INCOME),
        net_worth=nothing,
        liquid_assets=nothing,
        total_debt=nothing,
        monthly_expenses=nothing,
        marital_status=status.astype(np.int8),
        dependents=(survey["KIDS_NoChildren"].to_numpy() == 0).astype(np.float64),
        employment=np.array([code(EmploymentStatus(job)) for job in jobs], dtype=np.int8),
        homeowner=np.asarray(survey["HOUSING"].to_numpy() == 1),
        filing_status=unknown,
        region=np.full(size, None, dtype=object),
        education=unknown,
        sex=unknown,
        stated_risk_tolerance=unknown,
        capital_loss_carryforward=nothing,
        expenses_assumed=np.zeros(size, dtype=np.bool_),
    )


def _accounts(survey: pl.DataFrame, income: Floats) -> Accounts:
    age = values(survey, "agecat", AGE)
    expected = np.interp(age, (25, 30, 40, 50, 60, 67), (0.3, 1, 3, 6, 8, 10)) * income
    owed = {
        AccountKind.MORTGAGE: values(survey, "MORTGAGE", MORTGAGE, otherwise=0.0),
        AccountKind.CREDIT_CARD: values(survey, "MANAGE1_3", CARD_DEBT) * income,
        AccountKind.STUDENT_LOAN: STUDENT_DEBT * yes(survey, "PRODHAVE_8"),
        AccountKind.LOAN: SMALL_LOAN * (yes(survey, "PRODUSE_1") | yes(survey, "PRODUSE_2")),
    }
    owned = {
        AccountKind.SAVINGS: values(survey, "SAVINGSRANGES", CASH),
        AccountKind.TAXABLE: INVESTMENTS * yes(survey, "PRODHAVE_6"),
        AccountKind.EMPLOYER_PLAN: RETIREMENT_MULTIPLE
        * expected
        * np.maximum(yes(survey, "PRODHAVE_4"), yes(survey, "PRODHAVE_5")),
    }
    signed = {**{kind: -value for kind, value in owed.items()}, **owned}
    balance = np.column_stack(list(signed.values())).ravel()
    rows = len(balance)
    nothing = np.full(rows, np.nan)
    return Accounts(
        user=np.repeat(np.arange(len(survey)), len(signed)),
        id=np.arange(rows).astype(object),
        name=np.full(rows, "", dtype=object),
        kind=np.tile(np.array([code(kind) for kind in signed], dtype=np.int8), len(survey)),
        balance=balance,
        interest_rate=nothing,
        minimum_payment=nothing,
        employer_match_rate=nothing,
        employer_match_limit=nothing,
    )


def _goals(survey: pl.DataFrame) -> Goals:
    """One goal of those who have one; money goes to it each month where saving is automatic."""
    has = np.flatnonzero(yes(survey, "FINGOALS"))
    automatic = (survey["AUTOMATED_1"].to_numpy() == 1) | (survey["AUTOMATED_2"].to_numpy() == 1)
    return Goals(
        user=has,
        id=has.astype(object),
        name=np.full(len(has), "", dtype=object),
        kind=np.full(len(has), code(GoalKind.OTHER), dtype=np.int8),
        target_amount=np.full(len(has), 1_000.0),
        target_date=np.full(len(has), np.datetime64("2018-01-01")),
        saved_amount=np.zeros(len(has)),
        monthly_contribution=50.0 * automatic[has],
        priority=np.full(len(has), code(Priority.MEDIUM), dtype=np.int8),
    )


def _budgets(survey: pl.DataFrame) -> Budgets:
    """One budget of those who consult theirs or take steps to keep it (agree or strongly agree)."""
    has = np.flatnonzero(yes(survey, "PROPPLAN_1", 4) | yes(survey, "PROPPLAN_2", 4))
    return Budgets(user=has, category=np.full(len(has), "other", dtype=object), monthly_limit=np.ones(len(has)))


def _cash_flows(survey: pl.DataFrame, income: Floats) -> CashFlows:
    spending = values(survey, "SAVEHABIT", SPENT) * income
    home = np.minimum(values(survey, "HOUSERANGES", HOME_PAYMENT), spending)
    insured = (yes(survey, "PRODHAVE_2").astype(int) + yes(survey, "PRODHAVE_3")) / 2
    fees = values(survey, "MANAGE1_1", FEE_MONTHS)
    month = np.arange(MONTHS)[None, :]
    sums = {
        "salary": np.tile(income[:, None], (1, MONTHS)),
        "rent": -np.tile(home[:, None], (1, MONTHS)),
        "fees": -30.0 * (month < fees[:, None]),
        "insurance": -10.0 * (month < insured[:, None] * MONTHS / 2),
        "other": -np.tile((spending - home)[:, None], (1, MONTHS)),
    }
    amount = np.zeros((len(survey), MONTHS, len(CATEGORY_NAMES)))
    for name, values_ in sums.items():
        amount[:, :, CATEGORY_NAMES.index(name)] = values_
    return CashFlows(
        months=np.arange("2015-11", "2016-11", dtype="datetime64[M]"),
        categories=CATEGORY_NAMES,
        amount=amount,
        observed=np.full(len(survey), MONTHS),
    )


if __name__ == "__main__":
    main(study_data())
