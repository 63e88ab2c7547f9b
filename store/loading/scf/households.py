"""A family of the survey as a household."""

import polars as pl

from engine.enums import MaritalStatus, RiskLevel
from store.loading.scf.assumptions import assumed
from store.loading.scf.expenses import monthly_expenses
from store.loading.scf.families import Families
from store.loading.scf.people import MARRIED, RETIRED_DISABLED_OR_STUDENT, either, employment, filing_status

OWNER = 1
EDUCATION = {1: "NO_DIPLOMA", 2: "HIGH_SCHOOL", 3: "SOME_COLLEGE", 4: "DEGREE"}
SEX = {1: "MALE", 2: "FEMALE"}


def households(families: Families) -> pl.DataFrame:
    """One row a family, with the columns of the kind `households`."""
    return families.frame.select(
        monthly_expenses(families),
        external_id="user",
        birth_date=_birth_date(families),
        annual_income=pl.col("INCOME").round(2),
        net_worth=pl.col("NETWORTH").round(2),
        liquid_assets=pl.col("LIQ").round(2),
        total_debt=pl.col("DEBT").round(2),
        marital_status=either(pl.col("MARRIED") == MARRIED, MaritalStatus.MARRIED, MaritalStatus.SINGLE),
        dependents=pl.col("KIDS"),
        employment=employment(),
        homeowner=pl.col("HOUSECL") == OWNER,
        filing_status=filing_status(),
        education=_coded(families, "EDCL", EDUCATION),
        sex=_coded(families, "HHSEX", SEX),
        stated_risk_tolerance=_risk(families),
        weight=pl.when(pl.col("weight") > 0).then(pl.col("weight").round(8)),
        assumed=_assumed(),
    )


def _birth_date(families: Families) -> pl.Expr:
    """As if the survey had been taken when it was first loaded: who was 54 then is 54 now, with wealth to match."""
    latest = pl.lit(families.asked).dt.offset_by(f"-{assumed('birth_days_before'):.0f}d")
    return latest.dt.offset_by(pl.format("-{}y", pl.col("AGE")))


def _risk(families: Families) -> pl.Expr:
    if not (families.has("NOFINRISK") and families.has("YESFINRISK")):
        return pl.lit(None, pl.String)
    bold = either(pl.col("YESFINRISK") == 1, RiskLevel.AGGRESSIVE, RiskLevel.MODERATE)
    return pl.when(pl.col("NOFINRISK") == 1).then(pl.lit(RiskLevel.CONSERVATIVE.value)).otherwise(bold)


def _assumed() -> pl.Expr:
    """The extract does not tell the divorced and widowed from the never married, nor one idle person from another."""
    alone = pl.when(pl.col("MARRIED") != MARRIED).then(pl.lit("marital_status"))
    idle = pl.when(pl.col("OCCAT1") >= RETIRED_DISABLED_OR_STUDENT).then(pl.lit("employment"))
    always = pl.lit("birth_date;monthly_expenses;filing_status")
    return pl.concat_str(always, alone, idle, separator=";", ignore_nulls=True)


def _coded(families: Families, column: str, words: dict[int, str]) -> pl.Expr:
    if not families.has(column):
        return pl.lit(None, pl.String)
    return pl.col(column).replace_strict(words, default=None, return_dtype=pl.String)
