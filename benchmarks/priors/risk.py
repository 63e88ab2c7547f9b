"""Recomputes how many families take no risk, by age and income.

    python -m benchmarks.priors.risk [FOLDER]

The folder is the argument, else FINREC_STUDY_DATA, else `../shared/data` beside the repository. Figures go to
`engine/priors/`; the data themselves never enter the repository.
"""

import json

import numpy as np
import polars as pl

from benchmarks.study import PRIORS, SCF_SOURCE, study_data

AGES = (18, 35, 45, 55, 65, 75)
INCOMES = (0, 25_000, 50_000, 100_000, 200_000)
LEAST_FAMILIES = 50
METHOD = (
    "Weighted share of families (WGT, all implicates) with NOFINRISK = 1, by age of the reference person and income in "
    "dollars of 2019: the figure holds from the age and income that are named up to the next. `families` is the number "
    "of families behind it, at least 50: a smaller group is told together with the one below. `levels` are the shares "
    "below each next of five levels in all families: 0.392 is the survey's (takes no risk), the others are "
    "assumptions, the same as the demo population's."
)
LEVELS = (0.22, 0.392, 0.72, 0.92)


def main() -> None:
    """Write the document."""
    survey = pl.read_parquet(study_data() / "scf_2019.parquet", columns=["YY1", "WGT", "AGE", "INCOME", "NOFINRISK"])
    rows = [{"age": age, "income": income, **_cell(survey, age, income)} for age in AGES for income in (None, *INCOMES)]
    lines = ",\n".join("  " + json.dumps(row) for row in [{"age": None, "income": None, **_figures(survey)}, *rows])
    told = {"source": SCF_SOURCE, "method": METHOD, "levels": LEVELS}
    head = "".join(f" {json.dumps(name)}: {json.dumps(value)},\n" for name, value in told.items())
    (PRIORS / "risk_tolerance_2019.json").write_text(f'{{\n{head} "no_risk": [\n{lines}\n ]\n}}\n', "utf-8")


def _cell(survey: pl.DataFrame, age: int, income: int | None) -> dict[str, float]:
    inside = pl.col("AGE").is_between(age, _next(AGES, age), closed="left")
    if income == INCOMES[0]:
        inside &= pl.col("INCOME") < INCOMES[1]
    elif income is not None:
        inside &= pl.col("INCOME").is_between(income, _next(INCOMES, income), closed="left")
    figures = _figures(survey.filter(inside))
    if income and figures["families"] < LEAST_FAMILIES:
        return _cell(survey.with_columns(INCOME=pl.col("INCOME").clip(upper_bound=income - 1)), age, _before(income))
    return figures


def _before(income: int) -> int:
    return INCOMES[INCOMES.index(income) - 1]


def _next(starts: tuple[int, ...], start: int) -> float:
    return next((later for later in starts if later > start), float("inf"))


def _figures(part: pl.DataFrame) -> dict[str, float]:
    share = np.average(part["NOFINRISK"].to_numpy(), weights=part["WGT"].to_numpy())
    return {"families": part["YY1"].n_unique(), "no_risk": round(float(share), 4)}


if __name__ == "__main__":
    main()
