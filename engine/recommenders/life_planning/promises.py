"""What life planning promises: the chance of each event within each horizon."""

from collections.abc import Sequence
from datetime import date

from engine.ledger.promises import Promise, PromiseKind, first_after
from engine.recommenders.life_planning.answer import LifePlanning
from engine.units import MONTHS_A_YEAR


def promises(answer: LifePlanning, today: date) -> Sequence[Promise]:
    """One an event and horizon; the years of the horizon begin today."""
    return [
        Promise(
            kind=PromiseKind.EVENT_HAPPENED,
            subject=f"{forecast.event}:{within.years}",
            due=first_after(today, MONTHS_A_YEAR * within.years),
            probability=within.probability,
        )
        for forecast in answer.events
        for within in forecast.probabilities
    ]
