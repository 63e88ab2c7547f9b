"""One household and the plan of its budget."""

import numpy as np

from engine.facts import Facts
from engine.features.cash_flow import cash_flow
from engine.household import Plan, plan
from engine.household.pieces import Place
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import account, facts

PLACES = list(Place)
PLANS = account("EMPLOYER_PLAN", 10_000.0, employer_match_rate=1.0, employer_match_limit=0.03)
CARD = account("CREDIT_CARD", -2_000.0, interest_rate=0.24, minimum_payment=60.0)
CHEAP_LOAN = account("LOAN", -9_000.0, interest_rate=0.01)
FULL_FUND = account("SAVINGS", 60_000.0, interest_rate=0.045)


def planned(one: Row, budget: float) -> tuple[Facts, Plan]:
    batch = facts(one)
    return batch, plan(batch, cash_flow(batch), np.array([budget]))
