"""The demo's funds, one a class, as prices: what tests of estimates and policies look at."""

from datetime import date

import numpy as np

from engine.facts import Prices
from engine.population.prices import draw_prices


def drawn_prices(seed: int, today: date, weeks: int) -> Prices:
    """The last weeks of a drawn market."""
    drawn = draw_prices(seed, today)
    return Prices(
        symbol=np.array(drawn.symbols, dtype=object),
        asset_class=np.array(drawn.classes, dtype=object),
        rank=np.ones(len(drawn.symbols), dtype=np.int64),
        latest=np.full(len(drawn.symbols), np.datetime64(today)),
        weeks=drawn.dates[-weeks:],
        close=drawn.close[-weeks:].T.copy(),
        total_return=drawn.total_return[-weeks:].T.copy(),
    )
