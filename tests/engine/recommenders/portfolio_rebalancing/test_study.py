"""Plans of whole populations."""

from datetime import date

import numpy as np

from benchmarks.portfolio.demo import demo
from engine.recommenders.portfolio_rebalancing.study import cases


def test_every_household_gets_a_plan() -> None:
    facts = demo(400, 14, date(2026, 6, 30))
    reasons = [case.plan.reason for case in cases(facts, np.full(len(facts), 3), None)]
    assert not [reason for reason in reasons if "No plan could be computed" in reason]
