"""The household's figures beside those of its peers."""

import math
from collections.abc import Iterator

from engine.peers.cohort import Cohort, Spread
from engine.peers.metrics import METRICS, PREFIX
from engine.recommenders.peer_insights.answer import PeerBenchmark
from engine.recommenders.peer_insights.study import Study

MOST_SPENDING = 5
"""Kinds of spending that are shown: those on which the household spends most."""
PLACES = 4


def benchmarks(study: Study, user: int, peers: Cohort | None) -> tuple[PeerBenchmark, ...]:
    """Metrics that can be told of the household; without figures of peers where there are none."""
    spreads = {} if peers is None else peers.spreads
    values = {name: float(study.metrics[name][user]) for name in _shown(study, user)}
    return tuple(_benchmark(name, value, spreads.get(name)) for name, value in values.items())


def _shown(study: Study, user: int) -> Iterator[str]:
    known = [name for name in METRICS if not math.isnan(study.metrics[name][user])]
    yield from (name for name in known if not name.startswith(PREFIX))
    spent = [name for name in known if name.startswith(PREFIX) and study.metrics[name][user] > 0]
    yield from sorted(spent, key=lambda name: (-float(study.metrics[name][user]), name))[:MOST_SPENDING]


def _benchmark(metric: str, value: float, spread: Spread | None) -> PeerBenchmark:
    return PeerBenchmark(
        metric=metric,
        value=round(value, PLACES) + 0.0,
        p25=None if spread is None else spread.at(0.25),
        median=None if spread is None else spread.median,
        p75=None if spread is None else spread.at(0.75),
        percentile=None if spread is None else spread.below(value),
    )
