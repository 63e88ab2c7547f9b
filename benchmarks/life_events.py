"""Life events: hazard models beside the base rates, on the demo population's hidden truth and on real people.

OMP_NUM_THREADS=1 python -m benchmarks.life_events [FOLDER]   (else FINREC_STUDY_DATA, else ../shared/data)

Demo: synthetic households watched for one to six years (so that some are lost from view), five folds by person, judged
on what really comes next. NLSY79: marriage of the unmarried, trained on half of the persons until 1988, judged on the
others, until then and from 1990 on.
"""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.build_population_priors import study_data
from benchmarks.demo_facts import as_facts, positions
from benchmarks.marriages import Panel, marriages
from engine.enums import LifeEvent, codes
from engine.facts import Facts, Flags, Floats, LifeEvents, Positions
from engine.folds import group_folds
from engine.life_events import hazard, reached
from engine.life_features import life_features
from engine.metrics import auc, brier_skill, calibration_error, rounded, worst_bin
from engine.population import Population, generate
from engine.recommenders.life_planning.chances import has_children, is_married, possible
from engine.survival import HazardModel, hazards

HOUSEHOLDS, SEED, FOLDS, YEARS = 8_000, 5, 5, 5
TODAY = date(2026, 9, 15)
CALIBRATION_BAR = 0.03
JUDGED_YEARS = (2, 5)
PANEL_YEARS = (2, 4)
"""People are asked every other year from 1994 on."""
BEST_DEMO_AUC = {"MARRIAGE": 0.73, "CHILD": 0.78, "JOB_CHANGE": 0.70, "HOME_PURCHASE": 0.75, "RETIREMENT": 0.87}
"""Within two years, by the generator's own chances (docs/demo-population.md)."""
LAST_TRAINED, FIRST_JUDGED = 1988, 1990


def main(folder: Path) -> None:
    """Prints the figures as JSON; without the data, those of the demo population alone."""
    start = time.perf_counter()
    report: dict[str, Any] = {"demo": demo(), "nlsy79_marriage": real(folder) if folder.is_dir() else None}
    json.dump(report | {"seconds": round(time.perf_counter() - start, 1)}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def demo() -> dict[str, Any]:
    """Every event of the demo population."""
    population = generate(users=HOUSEHOLDS, seed=SEED, today=TODAY, months=3)
    facts = _with_past(population, as_facts(population, TODAY))
    X = life_features(facts)
    return {str(event): _demo_event(population, facts, X, event) for event in LifeEvent}


def _demo_event(population: Population, facts: Facts, X: Floats, event: LifeEvent) -> dict[str, Any]:
    chosen = np.flatnonzero(possible(facts, event))
    until = population.truth.households[f"years_to_{event.lower()}"][chosen].astype(np.float64)
    seen = np.random.default_rng(SEED).uniform(1.0, YEARS + 1.0, len(chosen))
    base = base_rates(event, facts.profile.age, is_married(facts), has_children(facts))[chosen]
    rows, found = X[chosen], np.zeros((len(chosen), YEARS))
    for train, test in group_folds(chosen, FOLDS, SEED):
        model = HazardModel(years=YEARS, seed=SEED)
        model.fit(rows[train], until[train], seen[train], chosen[train], hazards(base[train]))
        found[test] = model.predict(rows[test], hazards(base[test]))
    return _judged(until, found, base, chosen) | {"best_auc_at_2": BEST_DEMO_AUC[event]}


def real(folder: Path) -> dict[str, Any]:
    """Marriages of other people than trained on: in the same years, and in later ones."""
    panel = marriages(folder)
    everybody = np.unique(panel.person)
    taught = np.isin(panel.person, everybody[np.random.default_rng(SEED).random(len(everybody)) < 0.5])
    train = np.flatnonzero(taught & (panel.year <= LAST_TRAINED))
    nobody = np.zeros(len(panel.age), dtype=np.bool_)
    base = base_rates(LifeEvent.MARRIAGE, panel.age, nobody, nobody)  # family size tells of parents as well
    model = HazardModel(years=YEARS, seed=SEED)
    model.fit(panel.X[train], panel.until[train], panel.seen[train], panel.person[train], hazards(base[train]))
    same, later = (~taught & chosen for chosen in (panel.year <= LAST_TRAINED, panel.year >= FIRST_JUDGED))
    judged = {"same_years": np.flatnonzero(same), "later_years": np.flatnonzero(later)}
    found = {name: _real_figures(panel, model, base, rows) for name, rows in judged.items()}
    return {"trained_on": len(train), **found}


def _real_figures(panel: Panel, model: HazardModel, base: Floats, rows: Positions) -> dict[str, Any]:
    """Of those of whom it is known whether they married within so many years."""
    chance = model.predict(panel.X[rows], hazards(base[rows]))
    report: dict[str, Any] = {"judged_on": len(rows), "curves_that_fall": _falls(chance)}
    for years in PANEL_YEARS:
        known = (panel.until[rows] <= years) | (panel.seen[rows] >= years)
        came, people = panel.until[rows][known] <= years, panel.person[rows][known]
        report[f"at_{years}"] = _figures(came, chance[known, years - 1], base[rows][known, years - 1], people)
    return report


def base_rates(event: LifeEvent, age: Floats, married: Flags, children: Flags) -> Floats:
    """Chances within 1 to 5 years: people x years."""
    cumulative = hazard(event).at(age, married, children)
    within = [-np.expm1(-reached(cumulative, np.full(len(age), float(year)))) for year in range(1, YEARS + 1)]
    return np.column_stack(within)


def _judged(until: Floats, found: Floats, base: Floats, people: Positions) -> dict[str, Any]:
    figures = {
        f"at_{years}": _figures(until <= years, found[:, years - 1], base[:, years - 1], people)
        for years in JUDGED_YEARS
    }
    return {"people": len(until), "curves_that_fall": _falls(found), **figures}


def _figures(came: Flags, chance: Floats, base: Floats, people: Positions) -> dict[str, Any]:
    skill, least = brier_skill(came, chance, base, people)
    found: Mapping[str, float] = {
        "rate": float(came.mean()),
        "auc": auc(came, chance),
        "auc_of_base_rate": auc(came, base),
        "brier_skill": skill,
        "brier_skill_least": least,
        "calibration_error": calibration_error(came, chance),
        "calibration_error_of_base_rate": calibration_error(came, base),
        "worst_tenth": worst_bin(came, chance),
    }
    return rounded(found) | {"answers": least > 0, "calibrated": found["calibration_error"] <= CALIBRATION_BAR}


def _falls(found: Floats) -> int:
    return int((np.diff(found, axis=1) < 0).any(axis=1).sum())


def _with_past(population: Population, facts: Facts) -> Facts:
    """The facts with past life events."""
    rows = population.life_events
    position = {name: row for row, name in enumerate(population.households["external_id"])}
    user = positions(rows["user"], position)
    order = np.argsort(user, kind="stable")
    events = LifeEvents(
        user=user[order],
        event=codes(LifeEvent, rows["event"])[order],
        date=rows["date"].astype("datetime64[D]")[order],
    )
    return replace(facts, sources={**facts.sources, "life_events": events})


if __name__ == "__main__":
    main(study_data())
