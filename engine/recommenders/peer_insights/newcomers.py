"""People who came after the training, as the artifact would keep them."""

from collections.abc import Sequence

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Facts, Flags, Positions
from engine.features.cash_flow import cash_flow
from engine.peers.bands import age_bands, currency_numbers, income_bands
from engine.peers.cohort import LEAST_PEERS
from engine.peers.crowd import People
from engine.peers.features import FEATURES, features
from engine.peers.traits import traits
from engine.recommenders.peer_insights.model import PeerModel

ROW = np.dtype(
    [
        ("coarse", "i1", (len(FEATURES),)),
        ("currency", "<i2"),
        ("age_band", "i1"),
        ("income_band", "i1"),
        ("traits", "<u4"),
        ("mark", "u1"),
    ]
)


def described(model: PeerModel, facts: Facts) -> People:
    """One row a user; a band is told only where at least twenty people of the artifact share it."""
    columns, currency = features(facts, cash_flow(facts)), currency_numbers(facts).astype(np.int64)
    age, income = age_bands(facts), income_bands(facts)
    income = np.where(_few(model, currency, age, income), UNKNOWN, income)
    age = np.where(_few(model, currency, age, income), UNKNOWN, age)
    return People(
        coarse=model.scaling.coarse(columns),
        currency=currency.astype(np.int16),
        age_band=age.astype(np.int8),
        income_band=income.astype(np.int8),
        traits=traits(columns),
        mark=model.marks(facts.users).astype(np.uint8),
    )


def packed(people: People) -> list[bytes]:
    """Each person as bytes of one length."""
    table = np.zeros(len(people), dtype=ROW)
    for name in ROW.names or ():
        table[name] = getattr(people, name)
    return [row.tobytes() for row in table]


def unpacked(rows: Sequence[bytes]) -> People:
    """The people that were packed."""
    table = np.frombuffer(b"".join(rows), dtype=ROW)
    return People(**{name: np.ascontiguousarray(table[name]) for name in ROW.names or ()})


def _few(model: PeerModel, currency: Positions, age: Positions, income: Positions) -> Flags:
    """Whether fewer share the bands than may be told."""
    rows = zip(currency.tolist(), age.tolist(), income.tolist(), strict=True)
    return np.array([model.sharing.get(bands, 0) < LEAST_PEERS for bands in rows], dtype=np.bool_)
