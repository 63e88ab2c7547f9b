"""Everything the assessment rests on, as columns of the batch."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Facts, Flags, Floats, Positions
from engine.features.balance_sheet import cash
from engine.features.cash_flow import cash_flow
from engine.features.emergency import target_months
from engine.recommenders.risk_assessment.capacity import Capacity, capacity
from engine.recommenders.risk_assessment.model import ToleranceModel
from engine.recommenders.risk_assessment.tolerance import Tolerance, tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Columns, one value a user."""

    facts: Facts
    tolerance: Tolerance
    capacity: Capacity
    recommended: Positions
    fund_missing: Floats
    """Cash that the emergency fund of the savings strategy lacks."""
    is_short: Flags
    """Whether more goes out and to lenders than comes in."""


def study(facts: Facts, model: ToleranceModel | None = None) -> Study:
    """All columns, computed once for the batch."""
    wanted, able, flow = tolerance(facts, model), capacity(facts), cash_flow(facts)
    return Study(
        facts=facts,
        tolerance=wanted,
        capacity=able,
        recommended=np.minimum(wanted.wanted, able.level),
        fund_missing=np.maximum(target_months(facts, flow) * flow.spending - cash(facts), 0.0),
        is_short=np.asarray(flow.income < flow.spending + flow.debt_payments, dtype=np.bool_),
    )
