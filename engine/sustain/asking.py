"""The question "is so much put aside?" as columns: the share that is asked for beside the household's own record.

All of them rise with the share, so a model in which each may only lower the chance never answers that more is likelier.
"""

from collections.abc import Sequence

import numpy as np

from engine.facts import Floats
from engine.sustain.conformal import SHARES, WORTH_PROMISING

LEAST_RECORD = 0.002
LARGEST_RATIO = 50.0
DRAWN_SHARES, DRAWN_PARTS = 4, 3
PART_LEAST, PART_MOST = 0.3, 1.3
KEPT_PART = 0.9
"""Of last year's share: who puts aside so much has kept it up."""


def asked(X: Floats, share: Floats, records: Sequence[int]) -> Floats:
    """Features, the share, its distance from each record and its ratio to each."""
    share = np.clip(share, WORTH_PROMISING, 1.0)
    own = X[:, list(records)]
    ratios = np.minimum(share[:, None] / np.maximum(own, LEAST_RECORD), LARGEST_RATIO)
    return np.column_stack([X, share, share[:, None] - own, ratios])


def asked_names(names: Sequence[str], records: Sequence[int]) -> tuple[str, ...]:
    """Of the columns of `asked`."""
    beyond = (f"asked_beyond_{names[record]}" for record in records)
    times = (f"asked_over_{names[record]}" for record in records)
    return (*names, "share_asked", *beyond, *times)


def directions(features: int, records: Sequence[int]) -> tuple[int, ...]:
    """0 for what may matter either way, -1 for what may only lower the chance."""
    return (0,) * features + (-1,) * (1 + 2 * len(records))


def drawn_shares(last: Floats, seed: int) -> Floats:
    """Shares to ask about in training: questions x people; some from all shares, some near the household's last."""
    random = np.random.default_rng(seed)
    anywhere = random.choice(SHARES, (DRAWN_SHARES, len(last)))
    near = random.uniform(PART_LEAST, PART_MOST, (DRAWN_PARTS, len(last))) * last
    drawn = np.clip(np.vstack([anywhere, near, KEPT_PART * last]), WORTH_PROMISING, 1.0)
    return np.asarray(drawn, dtype=np.float64)
