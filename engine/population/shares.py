"""What share of households of an age is married, owns, works, saves for what: the survey's, straight between bands."""

import json
from functools import cache
from importlib.resources import files

import numpy as np

from engine.facts import Floats

# A band's share is taken at this age; below and above, the ends are guided by what is known of the very young and old.
MIDDLES = {18: 27.0, 35: 40.0, 45: 50.0, 55: 60.0, 65: 70.0, 75: 82.0}
YOUNGEST_AGE = 18.0
YOUNGEST = {
    "married": 0.15,
    "homeowner": 0.05,
    "working": 0.75,
    "retired": 0.0,
    "married_no_child": 0.05,
    "married_one_child": 0.05,
    "married_more_children": 0.05,
    "unmarried_no_child": 0.75,
    "unmarried_one_child": 0.05,
    "unmarried_more_children": 0.05,
}
OPPOSITE = {"unmarried": "married", "renter": "homeowner"}


def share_at(state: str, age: Floats) -> Floats:
    """Share of the households of each age in a state."""
    if state in OPPOSITE:
        return np.asarray(1.0 - share_at(OPPOSITE[state], age), dtype=np.float64)
    ages, shares = _points(state)
    return np.asarray(np.interp(age, ages, shares), dtype=np.float64)


@cache
def _points(state: str) -> tuple[list[float], list[float]]:
    document = json.loads((files("engine") / "priors" / "scf_2019_quantiles.json").read_text("utf-8"))
    bands = [group for group in document["groups"] if group["ages"]]
    ages = [YOUNGEST_AGE, *(MIDDLES[band["ages"][0]] for band in bands)]
    known = [(band["shares"] | band["saving_reasons"])[state] for band in bands]
    return ages, [YOUNGEST.get(state, known[0]), *known]
