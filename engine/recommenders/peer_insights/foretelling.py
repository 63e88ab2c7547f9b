"""What a model of peers foretells of accounts that are hidden, from who holds them among the nearest."""

import numpy as np

from engine.facts import Flags, Floats, Positions
from engine.peers.crowd import Asked
from engine.peers.features import PRODUCTS
from engine.peers.products import NEIGHBOURS, Calibration, Hidden, calibrated, hide, shares
from engine.peers.scaling import Coarse
from engine.peers.traits import has
from engine.recommenders.peer_insights.model import PeerModel

CALIBRATED_ON = 3_000
CHUNK = 20_000
"""Hidden accounts at a time."""


def calibration(model: PeerModel, held: Flags, seed: int) -> Calibration:
    """On some of the people, none of whom counts among its own neighbours."""
    people = model.people
    drawn = np.random.default_rng(seed).permutation(len(held))[:CALIBRATED_ON]
    coarse, mine = people.coarse[drawn], held[drawn]

    def nearest(rows: Coarse, person: Positions) -> Floats:
        who = drawn[person]
        currency, mark = people.currency[who].astype(np.int64), people.mark[who].astype(np.int64)
        return _shares(model, Asked(coarse=rows, currency=currency, mark=mark))

    return calibrated(coarse, mine, hide(model.scaling, coarse, mine), nearest)


def scores(model: PeerModel, hidden: Hidden, asked: Asked) -> Floats:
    """Log odds of holding each product, a row a hidden account."""
    found = np.zeros((len(hidden.person), len(PRODUCTS)))
    for start in range(0, len(found), CHUNK):
        part = slice(start, start + CHUNK)
        who = asked.take(hidden.person[part])
        found[part] = _shares(model, Asked(coarse=hidden.coarse[part], currency=who.currency, mark=who.mark))
    return model.calibration.scores(found)


def _shares(model: PeerModel, asked: Asked) -> Floats:
    """Of each product among the nearest."""
    near = model.nearest(asked, NEIGHBOURS)
    held = has(near.people.traits)[:, -len(PRODUCTS) :]
    return shares(held, near.rows, near.similarity, model.popularity)
