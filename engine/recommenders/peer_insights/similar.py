"""Households alike, as they may be shown: a name made for the one who asks, bands, and what both are."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from engine.peers.bands import age_label, income_label
from engine.peers.index import NOBODY
from engine.peers.traits import shared
from engine.recommenders.peer_insights.answer import SimilarUser
from engine.recommenders.peer_insights.model import Near, PeerModel

PLACES = 2
"""Of the similarity: exact ones, asked for again and again with other figures, would tell where a peer stands."""
DIGITS = 4
"""Bytes of a pseudonym."""


def similar_users(model: PeerModel, near: Near, user: int, asker: object, traits: int) -> Sequence[SimilarUser]:
    """Those near one user of the batch, the nearest first."""
    people = near.people
    return tuple(
        SimilarUser(
            handle=handle(model, asker, int(row)),
            similarity=round(float(np.clip(cosine, -1.0, 1.0)), PLACES) + 0.0,
            age_band=age_label(int(people.age_band[row])),
            income_band=income_label(int(people.income_band[row])),
            shared_traits=shared(traits, int(people.traits[row]), model.rarest),
        )
        for row, cosine in zip(near.rows[user], near.similarity[user], strict=True)
        if row != NOBODY
    )


def handle(model: PeerModel, asker: object, row: int) -> str:
    """The same for the same asker and model; two askers cannot find out that they see the same person."""
    digest = blake2b(f"{asker} {row}".encode(), key=model.key, digest_size=DIGITS)
    return f"peer-{digest.hexdigest()}"
