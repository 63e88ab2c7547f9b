"""Habits that are not judged, and what the data would show of them: why nothing is claimed.

Growth of spending for lifestyle inflation, on the demo population (synthetic).
"""

from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.behavior.demo import Demo
from engine.behavior.series import MONTHS_A_YEAR, total
from engine.categories import DISCRETIONARY, INCOME, SPENDING
from engine.facts import Floats
from engine.learning.metrics import rounded

FIXED = {"rent", "mortgage", "taxes", "insurance", "childcare", "utilities"}
VARIABLE = tuple(name for name in SPENDING if name not in FIXED)


def unjudged(drawn: Demo) -> dict[str, Any]:
    """Of each way to see the habit, how well it tells who has it."""
    return {"LIFESTYLE_INFLATION": _growth(drawn)}


def _growth(drawn: Demo) -> dict[str, Any]:
    """AUC of growth over three years, and who would be told of it at two standard errors."""
    flows, planted = drawn.facts.cash_flows, drawn.biases["LIFESTYLE_INFLATION"] > 0
    spent, wanted, income = (total(flows, names) for names in (VARIABLE, DISCRETIONARY, INCOME))
    slope, error = _slope(-spent)
    beyond = slope - np.maximum(_slope(income)[0], 0.03)
    years = [-spent[:, back : back + MONTHS_A_YEAR] for back in (0, 2 * MONTHS_A_YEAR)]
    ways = {
        "slope_of_the_logarithm": slope,
        "less_growth_of_income": beyond,
        "of_wanted_things": _slope(-wanted)[0],
        "ratio_of_yearly_sums": _ratio(*(year.sum(axis=1) for year in years)),
        "ratio_of_medians": _ratio(*(np.median(year, axis=1) for year in years)),
    }
    told = beyond >= 2.0 * error
    aucs = {name: float(roc_auc_score(planted, values)) for name, values in ways.items()}
    shares = {"told": float(told.mean()), "precision": float(planted[told].mean())}
    return {"auc": rounded(aucs), **rounded({"standard_error_a_year": float(np.median(error)), **shares})}


def _slope(values: Floats) -> tuple[Floats, Floats]:
    """Of the logarithm, a year, and its standard error."""
    log, time = np.log(np.maximum(values, 1.0)), np.arange(values.shape[1]) / MONTHS_A_YEAR
    centred = time - time.mean()
    apart = log - log.mean(axis=1, keepdims=True)
    slope = apart @ centred / (centred @ centred)
    left = ((apart - slope[:, None] * centred) ** 2).sum(axis=1) / (len(time) - 2)
    return slope, np.sqrt(left / (centred @ centred))


def _ratio(before: Floats, after: Floats) -> Floats:
    return np.log(np.maximum(after, 1.0) / np.maximum(before, 1.0))
