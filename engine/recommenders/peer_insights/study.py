"""Everything the insights rest on, as columns of the batch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.facts import Facts, Flags, Floats, Positions
from engine.features.cash_flow import Flow, cash_flow
from engine.household import Plan, plan
from engine.household.means import means
from engine.learning.model import Models
from engine.peers.bands import age_bands, currency_numbers, income_bands
from engine.peers.features import features
from engine.peers.habits import Habit, habits, record, was_seen
from engine.peers.metrics import metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Columns, one value a user."""

    facts: Facts
    flow: Flow
    plan: Plan
    first_row: Positions
    """Of each user in the plan."""
    metrics: Mapping[str, Floats]
    age_band: Positions
    income_band: Positions
    currency: Positions
    """As `engine.peers.bands` numbers it."""
    features: Floats
    habits: Mapping[Habit, Flags]
    """Of the last twelve months."""
    seen: Flags
    """Whether half of them was."""


def study(facts: Facts, models: Models) -> Study:
    """All columns, computed once for the batch."""
    flow = cash_flow(facts)
    made = plan(facts, flow, means(facts, flow, models).budget)
    known, today = record(facts), np.full(len(facts), np.datetime64(facts.today))
    return Study(
        facts=facts,
        flow=flow,
        plan=made,
        first_row=made.rows(len(facts)),
        metrics=metrics(facts, flow),
        age_band=age_bands(facts),
        income_band=income_bands(facts),
        currency=currency_numbers(facts).astype(np.int64),
        features=features(facts, flow),
        habits=habits(facts, known, today),
        seen=was_seen(known, today),
    )
