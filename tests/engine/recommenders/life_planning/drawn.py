"""Households whose past events follow what was known of them, drawn by chance year by year."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from engine.enums import LifeEvent, code
from engine.facts import Facts, LifeEvents
from engine.units import DAYS_A_YEAR
from tests.engine.facts_factory import TODAY, Row, facts, household

EDUCATED, OTHERS = 0.12, 0.02
"""Chance of a first home in a year, for tenants with a degree and for the others."""

Events = list[tuple[LifeEvent, float]]


def with_events(rows: list[Row], events: list[Events]) -> Facts:
    """Households with events so many years ago."""
    told = [(user, event, years) for user, each in enumerate(events) for event, years in each]
    days = [np.datetime64(TODAY - timedelta(days=round(DAYS_A_YEAR * years))) for _, _, years in told]
    source = LifeEvents(
        user=np.array([user for user, _, _ in told], dtype=np.int64),
        event=np.array([code(event) for _, event, _ in told], dtype=np.int8),
        date=np.array(days, dtype="datetime64[D]"),
    )
    batch = facts(*rows)
    return replace(batch, sources={**batch.sources, "life_events": source})


def buyers(size: int, seed: int) -> Facts:
    """Tenants of 20 years ago, of whom those with a degree buy a home much sooner."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    events: list[Events] = []
    for _ in range(size):
        educated = bool(random.random() < 0.5)
        ago = 20.0 - random.exponential(1.0 / (EDUCATED if educated else OTHERS))
        bought = ago > 0.02
        rows.append(
            household(
                age=float(random.integers(40, 66)),
                homeowner=bought,
                education="DEGREE" if educated else "HIGH_SCHOOL",
            )
        )
        events.append([(LifeEvent.HOME_PURCHASE, float(ago))] if bought else [])
    return with_events(rows, events)
