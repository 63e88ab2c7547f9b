"""The household's figures beside those of its peers."""

import math
from collections.abc import Iterator, Sequence

from engine.peers.metrics import METRICS, PREFIX
from engine.recommenders.peer_insights.answer import PeerBenchmark
from engine.recommenders.peer_insights.peers import Peers, nobody
from engine.recommenders.peer_insights.study import Study

MOST_SPENDING = 5
"""Kinds of spending that are shown: those on which the household spends most."""
PLACES = 4


def benchmarks(study: Study, user: int, groups: Sequence[Peers]) -> tuple[PeerBenchmark, ...]:
    """Metrics that can be told of the household, each beside the nearest peers of whom enough is known."""
    missing = nobody(study.facts.profile.currency[user])
    return tuple(_benchmark(name, float(study.metrics[name][user]), groups, missing) for name in _shown(study, user))


def _shown(study: Study, user: int) -> Iterator[str]:
    known = [name for name in METRICS if not math.isnan(study.metrics[name][user])]
    yield from (name for name in known if not name.startswith(PREFIX))
    spent = [name for name in known if name.startswith(PREFIX) and study.metrics[name][user] > 0]
    yield from sorted(spent, key=lambda name: (-float(study.metrics[name][user]), name))[:MOST_SPENDING]


def _benchmark(metric: str, value: float, groups: Sequence[Peers], missing: str) -> PeerBenchmark:
    found = next((group for group in groups if metric in group.cohort.spreads), None)
    spread = None if found is None else found.cohort.spreads[metric]
    return PeerBenchmark(
        metric=metric,
        value=round(value, PLACES) + 0.0,
        p25=None if spread is None else spread.at(0.25),
        median=None if spread is None else spread.median,
        p75=None if spread is None else spread.at(0.75),
        percentile=None if spread is None else spread.below(value),
        source=missing if found is None else found.words(),
    )
