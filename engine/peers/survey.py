"""Public survey figures by age and income, which stand in where there are not yet enough peers."""

import json
from functools import cache
from importlib.resources import files

from engine.enums import UNKNOWN
from engine.peers.cohort import Cohort, Spread

PRIORS = "peers_scf_2019"
CURRENCY = "USD"
YEAR = 2019
NAME = "Survey of Consumer Finances"


def stand_in(currency: object, age_band: int, income_band: int) -> Cohort | None:
    """Families alike of the survey; None outside its currency."""
    if currency != CURRENCY:
        return None
    told = cohorts()
    narrow, by_age = told.get((age_band, income_band)), told.get((age_band, UNKNOWN))
    return narrow or by_age or told[UNKNOWN, UNKNOWN]


@cache
def cohorts() -> dict[tuple[int, int], Cohort]:
    """By bands of age and income; `UNKNOWN` stands for all."""
    document = json.loads((files("engine") / "priors" / f"{PRIORS}.json").read_text("utf-8"))
    levels = tuple(document["levels"])
    return {
        (row["age_band"], row["income_band"]): Cohort(
            size=row["families"],
            spreads={name: Spread(levels=levels, values=tuple(values)) for name, values in row["metrics"].items()},
            age_band=row["age_band"],
            income_band=row["income_band"],
        )
        for row in document["cohorts"]
    }
