"""What goals that are reached leave to those that are still short of money."""

import numpy as np

from engine.facts import Facts, Floats, Positions
from engine.goals.priorities import WEIGHTS

LEAST = 5.0
"""A month; less hands nothing over."""


def handed_over(facts: Facts, months: Positions, paid: Floats, lacking: Floats) -> tuple[Positions, Floats]:
    """By goal the month from which it gets more, and how much: what `paid` goals of the household hand over.

    The most urgent goal that lacks money takes first. It waits for those that end before its own date; where none does,
    for the one that ends first. Nobody's money is handed over twice.
    """
    start, more, free = np.zeros(len(months), dtype=np.int64), np.zeros(len(months)), paid.copy()
    weight = WEIGHTS[facts.goals.priority]
    short = np.flatnonzero(lacking >= LEAST)
    for goal in short[np.lexsort((months[short], -weight[short]))]:
        own = np.arange(*np.searchsorted(facts.goals.user, [facts.goals.user[goal], facts.goals.user[goal] + 1]))
        givers = own[free[own] > 0]
        sooner = givers[months[givers] < months[goal]]
        chosen = sooner if len(sooner) else givers[np.argsort(months[givers], kind="stable")[:1]]
        for giver in chosen[np.argsort(months[chosen], kind="stable")]:
            part = min(float(free[giver]), float(lacking[goal] - more[goal]))
            if part >= LEAST:
                more[goal], start[goal] = more[goal] + part, max(start[goal], months[giver] + 1)
                free[giver] -= part
    return start, np.round(more, 2)
