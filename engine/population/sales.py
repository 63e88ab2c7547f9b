"""Lots that were bought and sold in the last years, by the law that left what is held today."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Floats, Positions
from engine.population import trading
from engine.population.biases import Biases
from engine.population.portfolio import QUANTITY_DIGITS, Holdings
from engine.population.prices import Prices
from engine.population.streams import stream

RECORD_WEEKS = 260
"""Sales before are not on record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """One row a lot, by household, the oldest sale first; as `Holdings`, with the week of the sale."""

    user: Positions
    slot: Positions
    fund: Positions
    quantity: Floats
    week: Positions
    sold: Positions
    cost_basis: Floats
    proceeds: Floats


def draw_sales(held: Holdings, prices: Prices, biases: Biases, seed: int) -> Sales:
    """So many that as many lots as are held today would be left."""
    random = stream(seed, "sales")
    key = np.column_stack([held.user, held.slot, held.fund])
    position, place, lots = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    mean_quantity = np.bincount(place.ravel(), held.quantity) / lots
    weeks = len(prices.dates) - 1
    hazard = trading.habits(biases, position[:, 0]).hazard
    count = random.poisson(lots * weeks * hazard / -np.expm1(-weeks * hazard))
    row = np.repeat(np.arange(len(position)), count)
    user, slot, fund = position[row].T
    own = trading.habits(biases, user)
    week = trading.bought(random, prices, fund, own)
    sold = trading.sold(random, prices, fund, week, own)
    part = (random.exponential(1.0, len(row)) + 0.2) / 1.2
    quantity = np.maximum((mean_quantity[row] * part).round(QUANTITY_DIGITS), 10.0**-QUANTITY_DIGITS)
    kept = np.flatnonzero((sold <= weeks) & (sold > weeks - RECORD_WEEKS))
    kept = kept[np.lexsort((sold[kept], user[kept]))]
    return Sales(
        user=user[kept],
        slot=slot[kept],
        fund=fund[kept],
        quantity=quantity[kept],
        week=week[kept],
        sold=sold[kept],
        cost_basis=(quantity * prices.close[week, fund])[kept].round(2),
        proceeds=(quantity[kept] * prices.close[sold[kept], fund[kept]]).round(2),
    )
