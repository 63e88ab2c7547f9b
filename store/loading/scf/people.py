"""What a family's codes say of work and of filing taxes."""

import polars as pl

from engine.enums import EmploymentStatus, FilingStatus

MARRIED = 1
EMPLOYED, SELF_EMPLOYED = 1, 2
RETIRED_DISABLED_OR_STUDENT = 3
STUDENT_AGE, LEAST_RETIREMENT_AGE, PENSION_AGE = 25, 50, 65


def filing_status() -> pl.Expr:
    """The usual one of such a family."""
    alone = either(pl.col("KIDS") > 0, FilingStatus.HEAD_OF_HOUSEHOLD, FilingStatus.SINGLE)
    return pl.when(pl.col("MARRIED") == MARRIED).then(pl.lit(FilingStatus.MARRIED_JOINTLY.value)).otherwise(alone)


def employment() -> pl.Expr:
    """The survey's "retired, disabled or student" is told apart by age."""
    age, code = pl.col("AGE"), pl.col("OCCAT1")
    older = (code == RETIRED_DISABLED_OR_STUDENT) & (age >= LEAST_RETIREMENT_AGE)
    return (
        pl.when(code == EMPLOYED)
        .then(pl.lit(EmploymentStatus.EMPLOYED.value))
        .when(code == SELF_EMPLOYED)
        .then(pl.lit(EmploymentStatus.SELF_EMPLOYED.value))
        .when(older | (age >= PENSION_AGE))
        .then(pl.lit(EmploymentStatus.RETIRED.value))
        .otherwise(either(age < STUDENT_AGE, EmploymentStatus.STUDENT, EmploymentStatus.UNEMPLOYED))
    )


def either(condition: pl.Expr, one: str, other: str) -> pl.Expr:
    """One of two words."""
    return pl.when(condition).then(pl.lit(str(one))).otherwise(pl.lit(str(other)))
