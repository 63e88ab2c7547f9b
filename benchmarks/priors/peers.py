"""Recomputes what stands in for peers, by age and income.

    python -m benchmarks.priors.peers [FOLDER]

The folder is the argument, else FINREC_STUDY_DATA, else `../shared/data` beside the repository. Figures go to
`engine/priors/`; the data themselves never enter the repository.
"""

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.study import PRIORS, SCF_SOURCE, study_data
from benchmarks.survey_facts import survey_facts
from engine.enums import UNKNOWN
from engine.facts import Facts, Flags, Floats
from engine.features.cash_flow import cash_flow
from engine.features.income import gross_income
from engine.peers.bands import AGES, INCOMES, age_bands, income_bands
from engine.peers.cohort import LEVELS
from engine.peers.metrics import metrics

ASKED = date(2020, 1, 1)
LEAST_FAMILIES = 50
SPENT = {
    "spending_housing": (12.0, ("RENT", "MORTPAY")),
    "spending_groceries": (1.0, ("FOODHOME",)),
    "spending_dining": (1.0, ("FOODAWAY", "FOODDELV")),
}
"""Columns that are added, and how often a year they are paid."""
MEASURED = ("emergency_months", "debt_to_income")
METHOD = (
    "Weighted quantiles of families (WGT; dollars as the mean of the five implicates) at `levels`, by position of the "
    "bands of age and income in engine/peers/bands.py (-1: all), in dollars of 2019. emergency_months: LIQ over "
    "monthly expenses, which the survey does not ask: assumed by income, as store/loading/scf does. debt_to_income: "
    "DEBT over INCOME. spending_housing: 12 times RENT and MORTPAY (all loans on real estate) over INCOME; "
    "spending_groceries: FOODHOME over INCOME; spending_dining: FOODAWAY and FOODDELV over INCOME. Families without "
    "income have no ratios to it. Bands with fewer than 50 families are left out. The survey asks no savings rate, and "
    "no goal with an amount: there are no figures of these."
)


def main() -> None:
    """Write the document."""
    path = study_data() / "scf_2019.parquet"
    facts = survey_facts(path, ASKED)
    values, weight = _values(facts, path)
    bands = [(age, income) for age in (UNKNOWN, *range(len(AGES))) for income in (UNKNOWN, *range(len(INCOMES)))]
    found = {band: _inside(facts, *band) for band in bands if band[0] != UNKNOWN or band[1] == UNKNOWN}
    rows = [
        {"age_band": age, "income_band": income, **_cohort(values, weight, inside)}
        for (age, income), inside in found.items()
        if inside.sum() >= LEAST_FAMILIES
    ]
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    told = {"source": SCF_SOURCE, "method": METHOD, "levels": LEVELS}
    head = "".join(f" {json.dumps(name)}: {json.dumps(value)},\n" for name, value in told.items())
    (PRIORS / "peers_scf_2019.json").write_text(f'{{\n{head} "cohorts": [\n{lines}\n ]\n}}\n', "utf-8")


def _values(facts: Facts, path: Path) -> tuple[dict[str, Floats], Floats]:
    """Metrics and weights, in the order of the facts."""
    columns = sorted({name for _, names in SPENT.values() for name in names})
    survey = pl.read_parquet(path, columns=["YY1", "Y1", "WGT", *columns]).sort("Y1")
    families = survey.group_by("YY1", maintain_order=True).agg(pl.col("WGT", *columns).mean())
    assert [f"scf:2019:{number}" for number in families["YY1"]] == facts.users.tolist()
    income = gross_income(facts)
    measured = metrics(facts, cash_flow(facts))
    found = {name: measured[name] for name in MEASURED}
    for name, (times, parts) in SPENT.items():
        spent = times * families.select(pl.sum_horizontal(*parts)).to_series().to_numpy()
        found[name] = np.where(income > 0, spent / np.maximum(income, 1.0), np.nan)
    return found, families["WGT"].to_numpy()


def _inside(facts: Facts, age: int, income: int) -> Flags:
    of_age = (age_bands(facts) == age) | (age == UNKNOWN)
    return np.asarray(of_age & ((income_bands(facts) == income) | (income == UNKNOWN)), dtype=np.bool_)


def _cohort(values: dict[str, Floats], weight: Floats, inside: Flags) -> dict[str, object]:
    return {
        "families": int(inside.sum()),
        "metrics": {name: _quantiles(column, weight, inside) for name, column in values.items()},
    }


def _quantiles(column: Floats, weight: Floats, inside: Flags) -> list[float]:
    rows = np.flatnonzero(inside & ~np.isnan(column))
    order = rows[np.argsort(column[rows], kind="stable")]
    share = (np.cumsum(weight[order]) - 0.5 * weight[order]) / weight[order].sum()
    return [float(f"{value:.3g}") for value in np.interp(LEVELS, share, column[order])]


if __name__ == "__main__":
    main()
