"""Goals of a family: the survey asks for one reason to save; amounts and dates are assumed."""

from datetime import date
from typing import Any

import polars as pl

from engine.enums import GoalKind, GoalStatus
from store.loading.scf.assumptions import assumed, assumptions
from store.loading.scf.expenses import monthly_expenses
from store.loading.scf.families import Families

ASSUMED = "target_amount;target_date;saved_amount;monthly_contribution;priority;status"
EXTERNAL_IDS = tuple(goal["external_id"] for goal in assumptions()["goals"].values())


def goals(families: Families) -> pl.DataFrame:
    """One row a family that names a reason, with the columns of the kind `goals`.

    Who cannot save (SAVRES1) and who names no particular reason (SAVRES9) has no goal.
    """
    known = families.frame.with_columns(monthly_expenses(families))
    table = assumptions()["goals"].items()
    named = [_goal(families, known, reason, goal) for reason, goal in table if families.has(reason)]
    return pl.concat(named) if named else pl.DataFrame()


def _goal(families: Families, known: pl.DataFrame, reason: str, goal: dict[str, Any]) -> pl.DataFrame:
    planned = _target(goal)
    saved = _saved(families, goal, planned)
    target = _reached_when_retired(goal, planned, saved)
    return known.filter(pl.col(reason) == 1).select(
        "user",
        external_id=pl.lit(goal["external_id"]),
        name=pl.lit(goal["name"]),
        kind=pl.lit(goal["kind"]),
        target_amount=target,
        target_date=_target_date(families.asked, goal),
        saved_amount=saved,
        monthly_contribution=pl.lit(0),
        priority=pl.lit(goal["priority"]),
        status=pl.when(saved >= target)
        .then(pl.lit(GoalStatus.ACHIEVED.value))
        .otherwise(pl.lit(GoalStatus.ACTIVE.value)),
        assumed=pl.lit(ASSUMED),
    )


def _target(goal: dict[str, Any]) -> pl.Expr:
    of_income = pl.col("INCOME") * goal.get("incomes", 0)
    of_expenses = pl.col("monthly_expenses") * goal.get("months", 0)
    whole = of_income + of_expenses + goal.get("fixed", 0)
    return pl.max_horizontal(whole, pl.lit(assumed("least_goal"))).round(2)


def _reached_when_retired(goal: dict[str, Any], planned: pl.Expr, saved: pl.Expr) -> pl.Expr:
    """Who is past the age of retirement lives on what is saved for it, and is asked for no more."""
    if goal["kind"] != GoalKind.RETIREMENT:
        return planned
    enough = pl.max_horizontal(saved, pl.lit(assumed("least_goal")))
    return pl.when(pl.col("AGE") >= assumed("retirement_age")).then(enough).otherwise(planned)


def _saved(families: Families, goal: dict[str, Any], target: pl.Expr) -> pl.Expr:
    """What is plainly meant for it: retirement accounts for retirement, liquid assets for emergencies."""
    meant = {"RETIREMENT": families.dollars("RETQLIQ"), "EMERGENCY_FUND": pl.min_horizontal("LIQ", target)}
    return pl.max_horizontal(meant.get(goal["kind"], pl.lit(0.0)), 0.0).round(2)


def _target_date(asked: date, goal: dict[str, Any]) -> pl.Expr:
    years = pl.lit(int(goal["years"]))
    if goal["kind"] == "RETIREMENT":
        years = pl.max_horizontal(years, pl.lit(int(assumed("retirement_age"))) - pl.col("AGE"))
    return pl.lit(asked).dt.offset_by(pl.format("{}y", years))
