"""The program of one household, as the arrays that `engine.portfolio.interior` takes; all in shares of its value."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Flags, Floats, Positions
from engine.portfolio.book import BROAD, Book
from engine.portfolio.interior import MOST_STEPS, interior, inverted
from engine.portfolio.law import Rates
from engine.portfolio.variables import carried, variables

TRACKING_PRICE = 4_000.0
"""Half of it times the squared tracking error is what being off target costs a year: at 0.1 % a year, 0.2 %."""
OWN_PRICE = 300.0
"""The same for what a fund does apart from its class: funds of one class stand in for each other at little cost."""
NOTHING = 1e-12
EXACT, ROUGH = 1e-11, 1e-9
"""Where the solver stops: fine enough to break ties, and fine enough to compare directions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Variables by row; `account`, `asset` and `lot` are -1 where they mean nothing."""

    kind: Positions
    account: Positions
    asset: Positions
    lot: Positions
    row: Positions
    value: Floats
    price: Floats
    upper: Floats
    right: Floats
    risk: Floats
    """Assets x assets: the price of being off target."""
    inverse: Floats
    is_loss: Flags
    """Sales at a loss that count for tax."""
    size: float
    """The portfolio's value, in money."""

    def solve(self, allowed: Flags, tolerance: float = EXACT) -> tuple[Floats, float, bool]:
        """The best values with some variables at 0, what they cost, and whether the solver converged."""
        kept = np.flatnonzero(allowed & (self.upper > NOTHING))
        given = (self.row[kept], self.value[kept], self.price[kept], self.upper[kept], self.inverse, self.right)
        x, y, _, steps = interior(*given, tolerance)
        if steps == MOST_STEPS and tolerance < ROUGH:  # rounding may leave nothing to divide by so near the bounds
            x, y, _, steps = interior(*given, ROUGH)
        full = np.zeros(len(self.kind))
        full[kept] = x
        multipliers = y[: len(self.inverse)]
        cost = 0.5 * multipliers @ self.inverse @ multipliers + self.price[kept] @ x
        return full, float(cost), steps < MOST_STEPS

    def cost(self, x: Floats) -> float:
        """What values cost, whether or not they are the best."""
        off = self.off_target(x)
        return float(0.5 * off @ self.risk @ off + self.price @ x)

    def off_target(self, x: Floats) -> Floats:
        """Weights less the target's, by asset."""
        assets = len(self.inverse)
        inside = (self.row >= 0) & (self.row < assets)
        moved = np.bincount(self.row[inside], (self.value * x[:, None])[inside], minlength=assets)
        return np.asarray(moved - self.right[:assets], dtype=np.float64)


def program(book: Book, covariance: Floats, rates: Rates, wanted: Floats) -> Program:
    """`wanted` are target weights by asset."""
    value = book.value
    risk = _priced(book, covariance)
    found = variables(book, rates)
    held = np.bincount(book.lot_asset, book.lot_value, len(book.symbols)) / value
    return Program(
        kind=found.kind,
        account=found.account,
        asset=found.asset,
        lot=found.lot,
        row=found.row,
        value=found.value,
        price=found.price,
        upper=found.upper,
        right=np.concatenate([wanted - held, book.cash / value, [carried(book, rates) / value, 0.0]]),
        risk=risk,
        inverse=inverted(risk),
        is_loss=found.is_loss,
        size=value,
    )


def _priced(book: Book, covariance: Floats) -> Floats:
    exposure, own = book.exposure, np.array([trait.specific for trait in book.traits])
    shared = TRACKING_PRICE * exposure @ covariance @ exposure.T
    price = np.where(own > BROAD, TRACKING_PRICE, OWN_PRICE)
    return np.asarray(shared + np.diag(price * own**2), dtype=np.float64)


def risk_of(book: Book, covariance: Floats) -> Floats:
    """Assets x assets: classes' covariance through the exposures, and each asset's own risk."""
    exposure = book.exposure
    own = np.array([trait.specific for trait in book.traits])
    return np.asarray(exposure @ covariance @ exposure.T + np.diag(own**2), dtype=np.float64)
