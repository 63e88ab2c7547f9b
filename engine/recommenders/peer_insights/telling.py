"""Which comparisons are put into words: only those that help the one who reads them.

People who learn that others save more tend to give up rather than to catch up (Beshears, Choi, Laibson, Madrian and
Milkman, *The Effect of Providing Peer Information on Retirement Savings Decisions*, Journal of Finance 70, 2015), and
people who learn that they spend less than others spend more, unless they are praised for it (Schultz, Nolan, Cialdini,
Goldstein and Griskevicius, Psychological Science 18, 2007). So:

- of savings, reserves, goals and debts those hear who do as well as the median or better, with praise, and nobody
  else; and nobody is praised for what is too little whatever others do: next to nothing saved, a reserve below its
  target, a dear debt or one that the plan pays down;
- of discretionary spending those hear who are above the third quartile, as money that they could keep;
- what those did who reached a goal is advised only where the household can do it today: where its plan has the money;
- of everything else nothing is said. The figures themselves stand in `benchmarks` for whoever asks for them.
"""

from collections.abc import Container

from engine.peers.metrics import PREFIX
from engine.recommenders.peer_insights.answer import PeerBenchmark
from engine.transactions import DISCRETIONARY

BETTER_ABOVE = frozenset({"savings_rate", "emergency_months", "goal_progress"})
BETTER_BELOW = frozenset({"debt_to_income"})
COULD_BE_LESS = frozenset(f"{PREFIX}{name}" for name in DISCRETIONARY if name != "other")
"""Nobody knows what to leave out of other things."""
LEAST_TOLD = {"savings_rate": 0.01, "goal_progress": 0.05}
"""Less is no reason to praise anybody, however little others have."""


def helps(one: PeerBenchmark, lacking: Container[str]) -> bool:
    """Whether this comparison is put into words for a household whose own plan still wants more of some metrics."""
    if one.median is None or one.p75 is None or one.metric in lacking:
        return False
    if one.metric in BETTER_ABOVE:
        return one.value > 0 and one.value >= max(one.median, LEAST_TOLD.get(one.metric, 0.0))
    if one.metric in BETTER_BELOW:
        return one.value <= one.median
    return one.metric in COULD_BE_LESS and one.value > one.p75


def effect(one: PeerBenchmark) -> float:
    """Share of peers between the household and the middle, above 0 where it does better than they."""
    distance = (one.percentile or 0.0) - 0.5
    return round(distance if one.metric in BETTER_ABOVE else -distance, 2) + 0.0
