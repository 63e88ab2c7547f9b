"""Everything the insights rest on, as columns of the batch."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.facts import Facts, Floats, Positions
from engine.features.cash_flow import Flow, cash_flow, shortfall
from engine.features.sustainable import sustainable_amount
from engine.household import Plan, plan
from engine.peers.bands import age_bands, income_bands
from engine.peers.metrics import metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Columns, one value a user."""

    facts: Facts
    flow: Flow
    plan: Plan
    first_row: Positions
    """Of each user in the plan."""
    shortfall: Floats
    metrics: Mapping[str, Floats]
    age_band: Positions
    income_band: Positions


def study(facts: Facts) -> Study:
    """All columns, computed once for the batch."""
    flow = cash_flow(facts)
    made = plan(facts, flow, sustainable_amount(facts, flow))
    return Study(
        facts=facts,
        flow=flow,
        plan=made,
        first_row=made.rows(len(facts)),
        shortfall=shortfall(flow),
        metrics=metrics(facts, flow),
        age_band=age_bands(facts),
        income_band=income_bands(facts),
    )
