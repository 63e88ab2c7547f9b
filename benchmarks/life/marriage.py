"""Marriage on real people (NLSY79): other persons than trained on, in the same years and in later ones.

Trees are grown on half of the persons with what the interviews until 1990 tell, and judged on the others: until 1988,
and from 1990 on with and without scaling them anew in each later year. That year's scale rests on what had come, by
then, of the persons that were trained on, over the five years before; nothing later is looked at.
"""

from copy import copy
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.life.nlsy79 import Panel, marriages
from engine.enums import LifeEvent
from engine.facts import Flags, Floats, Positions
from engine.learning.metrics import auc, brier_skill, calibration_error, rounded, worst_bin
from engine.life.events import hazard, reached
from engine.life.survival import HazardModel, hazards

SEED, YEARS = 5, 5
KNOWN_BY, LAST_SAME = 1990, 1988
PANEL_YEARS = (2, 4)
"""People are asked every other year from 1994 on."""
CALIBRATION_BAR = 0.03


def marriage_chances(folder: Path) -> dict[str, Any]:
    """All figures."""
    panel = marriages(folder)
    everybody = np.unique(panel.person)
    taught = np.isin(panel.person, everybody[np.random.default_rng(SEED).random(len(everybody)) < 0.5])
    base = _base_rates(panel)
    model, trained_on = _trained(panel, base, taught)
    same, later = (np.flatnonzero(~taught & c) for c in (panel.year <= LAST_SAME, panel.year >= KNOWN_BY))
    return {
        "trained_on": trained_on,
        "same_years": _figures(panel, base, same, model.predict(panel.X[same], hazards(base[same]))),
        "later_years": _figures(panel, base, later, model.predict(panel.X[later], hazards(base[later]))),
        "later_years_scaled_anew": _figures(panel, base, later, _scaled_anew(panel, base, (taught, later), model)),
    }


def _trained(panel: Panel, base: Floats, taught: Flags) -> tuple[HazardModel, int]:
    rows = np.flatnonzero(taught & (panel.year < KNOWN_BY))
    until, seen = _known_by(panel, rows, KNOWN_BY)
    model = HazardModel(years=YEARS, seed=SEED)
    return model.fit(panel.X[rows], until, seen, panel.person[rows], hazards(base[rows])), len(rows)


def _scaled_anew(panel: Panel, base: Floats, sides: tuple[Flags, Positions], model: HazardModel) -> Floats:
    """Chances of the rows judged, each year with the scale that could be known in that year."""
    taught, later = sides
    chance = np.zeros((len(later), YEARS))
    for year in np.unique(panel.year[later]):
        rows = np.flatnonzero(taught & (panel.year < year) & (panel.year >= year - YEARS))
        until, seen = _known_by(panel, rows, int(year))
        watched = (year - panel.year[rows]).astype(np.int64)
        whole = np.isfinite(until) | (seen >= watched)
        rows, came = rows[whole], np.isfinite(until[whole])
        scaled = copy(model).recalibrate(panel.X[rows], watched[whole], came, hazards(base[rows]))
        asked = panel.year[later] == year
        chance[asked] = scaled.predict(panel.X[later[asked]], hazards(base[later[asked]]))
    return chance


def _known_by(panel: Panel, rows: Positions, year: int) -> tuple[Floats, Floats]:
    """Years to the marriage and years watched, as they were known in that year."""
    left = (year - panel.year[rows]).astype(np.float64)
    until = np.where(panel.until[rows] <= left, panel.until[rows], np.inf)
    return until, np.minimum(panel.seen[rows], left)


def _base_rates(panel: Panel) -> Floats:
    """Chances within 1 to 5 years; family size tells of parents as well, so that children are not known."""
    nobody = np.zeros(len(panel.age), dtype=np.bool_)
    cumulative = hazard(LifeEvent.MARRIAGE).at(panel.age, nobody, nobody)
    within = [-np.expm1(-reached(cumulative, np.full(len(nobody), float(year)))) for year in range(1, YEARS + 1)]
    return np.column_stack(within)


def _figures(panel: Panel, base: Floats, rows: Positions, chance: Floats) -> dict[str, Any]:
    """Of those of whom it is known whether they married within so many years."""
    report: dict[str, Any] = {
        "judged_on": len(rows),
        "curves_that_fall": int((np.diff(chance, axis=1) < 0).any(axis=1).sum()),
    }
    for years in PANEL_YEARS:
        known = (panel.until[rows] <= years) | (panel.seen[rows] >= years)
        came, people = panel.until[rows][known] <= years, panel.person[rows][known]
        report[f"at_{years}"] = of_chances(came, chance[known, years - 1], base[rows][known, years - 1], people)
    return report


def of_chances(came: Flags, chance: Floats, base: Floats, people: Positions) -> dict[str, Any]:
    """A model's chances beside the base rate's."""
    skill, least = brier_skill(came, chance, base, people)
    error = calibration_error(came, chance)
    found = rounded(
        {
            "rate": float(came.mean()),
            "auc": auc(came, chance),
            "auc_of_base_rate": auc(came, base),
            "brier_skill": skill,
            "brier_skill_least": least,
            "calibration_error": error,
            "calibration_error_of_base_rate": calibration_error(came, base),
            "worst_tenth": worst_bin(came, chance),
        }
    )
    return found | {"answers": least > 0, "calibrated": error <= CALIBRATION_BAR}
