"""Households whose word on risk follows what they hold, drawn by chance."""

import numpy as np

from engine.enums import RiskLevel
from engine.facts import Positions
from tests.engine.facts_factory import Row, account, household, lot

LEVELS = tuple(RiskLevel)
CUTS = (-1.2, -0.3, 0.5, 1.3)


def drawn(size: int, seed: int, *, noise: float = 0.6, levels: tuple[RiskLevel, ...] = LEVELS) -> list[Row]:
    """The more in stocks and the younger, the more risk they say they want."""
    random = np.random.default_rng(seed)
    appetite = random.standard_normal(size)
    share = 1.0 / (1.0 + np.exp(-1.5 * appetite))
    age = np.clip(np.round(48.0 - 8.0 * appetite + 9.0 * random.standard_normal(size)), 20.0, 85.0)
    said = np.searchsorted(CUTS, appetite + noise * random.standard_normal(size))
    said = np.minimum(said * len(levels) // len(LEVELS), len(levels) - 1)
    return [_household(*each, levels) for each in zip(share, age, said, strict=True)]


def restated(rows: list[Row], levels: Positions) -> list[Row]:
    """The same households with another word."""
    return [
        {**row, "profile": {**row["profile"], "stated_risk_tolerance": str(LEVELS[level])}}  # type: ignore[dict-item]
        for row, level in zip(rows, levels, strict=True)
    ]


def _household(share: float, age: float, said: int, levels: tuple[RiskLevel, ...]) -> Row:
    stocks = round(80_000.0 * float(share), 2)
    lots = [
        lot("VTI", stocks, 1.0, stocks, asset_class="US_EQUITY"),
        lot("AGG", 80_000.0 - stocks, 1.0, 80_000.0 - stocks, asset_class="US_BONDS"),
    ]
    return household(
        age=float(age),
        stated_risk_tolerance=str(levels[said]),
        accounts=[account("TAXABLE", 80_000.0, lots=lots), account("SAVINGS", 20_000.0)],
    )
