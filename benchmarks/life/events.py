"""Life events: hazard models beside the base rates, on the demo population's hidden truth and on real people.

    OMP_NUM_THREADS=1 python -m benchmarks.life.events [FOLDER]   (else FINREC_STUDY_DATA, else ../shared/data)

Demo: synthetic households watched for one to six years (so that some are lost from view), five folds by person, judged
on what really comes next. Served: the model that the product trains, from dates of past events alone, beside its own
proof and on what really comes next. NLSY79: marriage of the unmarried (`benchmarks.life.marriage`).
"""

import json
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.demo_facts import as_facts, positions
from benchmarks.life.marriage import marriage_chances, of_chances
from benchmarks.study import study_data
from engine.enums import LifeEvent, codes
from engine.facts import Facts, Floats, LifeEvents, Positions
from engine.learning.folds import group_folds
from engine.learning.metrics import auc, rounded
from engine.learning.training import trained
from engine.life.events import reached
from engine.life.features import life_features
from engine.life.survival import HazardModel, hazards
from engine.population import Population, generate
from engine.population.balance_sheet import draw_balance_sheet
from engine.population.biases import draw_biases
from engine.population.future import next_hazards
from engine.population.past import draw_past
from engine.population.people import draw
from engine.population.portfolio import draw_holdings
from engine.population.prices import draw_prices
from engine.recommenders.life_planning.chances import possible, yearly
from engine.recommenders.life_planning.model import LifeEventModel, supported
from engine.recommenders.life_planning.trainer import LifeEventTrainer

HOUSEHOLDS, SEED, FOLDS, YEARS = 8_000, 5, 5, 5
GATED = ((2_000, 7), (8_000, 5))
"""Households and seed: those of `make up`, and those of the table."""
SERVED_SEEDS = (5, 6, 7)
"""Of populations: one tells more of its luck than of the model."""
TODAY = date(2026, 9, 15)
CALIBRATION_BAR = 0.03
JUDGED_YEARS = (2, 5)


def main(folder: Path) -> None:
    """Prints the figures as JSON; without the data, those of the demo population alone."""
    start = time.perf_counter()
    real = marriage_chances(folder) if folder.is_dir() else None
    report: dict[str, Any] = {
        "demo": demo(),
        "served": {str(seed): served(seed) for seed in SERVED_SEEDS},
        "gate": {str(users): gated(users, seed) for users, seed in GATED},
        "nlsy79_marriage": real,
    }
    json.dump(report | {"seconds": round(time.perf_counter() - start, 1)}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def demo() -> dict[str, Any]:
    """Every event of the demo population."""
    population = generate(users=HOUSEHOLDS, seed=SEED, today=TODAY, months=3)
    facts = _with_past(population, as_facts(population, TODAY))
    X, hidden = life_features(facts), hidden_hazards()
    return {str(event): _demo_event(population, facts, X, event, hidden[event]) for event in LifeEvent}


def hidden_hazards() -> dict[LifeEvent, Floats]:
    """What the population's next events were drawn from: no model could know better."""
    people, wealth = draw(HOUSEHOLDS, SEED, TODAY)
    drawn = draw_balance_sheet(people, wealth, SEED)
    _, sheet = draw_holdings(people, drawn, draw_prices(SEED, TODAY), draw_biases(people, SEED), SEED)
    return next_hazards(people, sheet, draw_past(people, sheet, SEED))


def _demo_event(population: Population, facts: Facts, X: Floats, event: LifeEvent, hidden: Floats) -> dict[str, Any]:
    chosen = np.flatnonzero(possible(facts, event))
    until = population.truth.households[f"years_to_{event.lower()}"][chosen].astype(np.float64)
    seen = np.random.default_rng(SEED).uniform(1.0, YEARS + 1.0, len(chosen))
    base = yearly(facts, event)[chosen]
    rows, found = X[chosen], np.zeros((len(chosen), YEARS))
    for train, test in group_folds(chosen, FOLDS, SEED):
        model = HazardModel(years=YEARS, seed=SEED)
        model.fit(rows[train], until[train], seen[train], chosen[train], hazards(base[train]))
        found[test] = model.predict(rows[test], hazards(base[test]))
    best = {years: reached(hidden[chosen], np.full(len(chosen), float(years))) for years in JUDGED_YEARS}
    told = {f"best_auc_at_{years}": round(auc(until <= years, best[years]), 4) for years in JUDGED_YEARS}
    return _judged(until, found, base, chosen) | told


def served(seed: int) -> dict[str, Any]:
    """What the product would train and serve, of one population."""
    population = generate(users=HOUSEHOLDS, seed=seed, today=TODAY, months=3)
    facts, trainer = _with_past(population, as_facts(population, TODAY)), LifeEventTrainer()
    model = trainer.fit(trainer.sample(facts), SEED)
    return {str(event): _served_event(population, facts, model, event) for event in model.proofs}


def gated(users: int, seed: int) -> str:
    """What the gate says of a training on so many households."""
    population = generate(users=users, seed=seed, today=TODAY, months=3)
    facts, trainer = _with_past(population, as_facts(population, TODAY)), LifeEventTrainer()
    return trained(trainer, trainer.sample(facts), None, lambda *_: None).reason


def _served_event(population: Population, facts: Facts, model: LifeEventModel, event: LifeEvent) -> dict[str, Any]:
    """On the past that was left out, and on what is to come of those for whom it would answer."""
    chosen = np.flatnonzero(possible(facts, event) & supported(facts, event))
    base, until = yearly(facts, event), population.truth.households[f"years_to_{event.lower()}"]
    proof = model.proofs[event]
    past = rounded({"skill": proof.skill, "least": proof.least}) | {"people": proof.people, "answers": proof.holds}
    ahead = _judged(until[chosen].astype(np.float64), model.within(facts, event, base)[chosen], base[chosen], chosen)
    return {"on_the_past_left_out": past, "on_what_really_comes": ahead}


def _judged(until: Floats, found: Floats, base: Floats, people: Positions) -> dict[str, Any]:
    figures = {
        f"at_{years}": of_chances(until <= years, found[:, years - 1], base[:, years - 1], people)
        for years in JUDGED_YEARS
    }
    return {"people": len(until), "curves_that_fall": _falls(found), **figures}


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
