"""Target weights by symbol from those by class: what is held serves its class, but single shares only up to a bound."""

import numpy as np

from engine.facts import Flags, Floats, Positions
from engine.market import CASH_CLASS, is_growth
from engine.portfolio.book import BROAD, Book

SINGLE_SHARE = 0.10
"""Of the portfolio that one symbol with much risk of its own may have."""
LEAST_NEW = 0.025
"""Of the portfolio: a class that nothing is held of and that the target has less of is not worth opening."""


def aims(book: Book, classes: Floats) -> Floats:
    """Weights by asset that sum to one and to the classes' weights; nearest to what is held.

    What a class is short of waits in cash where nothing of it may be bought yet.
    """
    kind = np.array([trait.asset_class for trait in book.traits])
    alone = np.array([trait.specific > BROAD for trait in book.traits])
    held = book.held / book.value if book.value > 0 else np.zeros(len(kind))
    wanted = np.zeros(len(kind))
    total = np.bincount(kind, held, len(classes)).astype(np.float64)
    classes = _worth_opening(classes, total)
    for each in np.flatnonzero(classes > 0):
        rows = np.flatnonzero(kind == each)
        if not len(rows):
            continue  # its share goes to the others
        share = held[rows] / total[each] if total[each] > 0 else _first(rows, alone)
        wanted[rows] = classes[each] * share
        if not alone[rows].any():
            continue
        excess = np.where(alone[rows], np.maximum(wanted[rows] - SINGLE_SHARE, 0.0), 0.0)
        broad = rows[~alone[rows]]
        if excess.sum() > 0 and len(broad):
            wanted[rows] -= excess
            wanted[broad[np.argmax(held[broad])]] += excess.sum()
    return _ready(book, np.asarray(wanted / wanted.sum(), dtype=np.float64), held)


def _ready(book: Book, wanted: Floats, held: Floats) -> Floats:
    if not book.again:
        return wanted
    ready = np.where(book.waiting, np.minimum(wanted, held), wanted)
    ready[-1] += wanted.sum() - ready.sum()
    return np.asarray(ready, dtype=np.float64)


def _worth_opening(classes: Floats, held: Floats) -> Floats:
    """What is not goes to the other classes of its sort; cash needs no opening."""
    little = (classes < LEAST_NEW) & (held <= 0)
    little[CASH_CLASS] = False
    kept = np.where(little, 0.0, classes)
    for sort in (is_growth(), ~is_growth()):
        if kept[sort].any():
            kept[sort] *= classes[sort].sum() / kept[sort].sum()
    return np.asarray(kept, dtype=np.float64)


def drift(held: Floats, wanted: Floats) -> float:
    """Half the sum of absolute differences: the share of the portfolio that would have to move."""
    return float(0.5 * np.abs(held - wanted).sum())


def _first(rows: Positions, alone: Flags) -> Floats:
    """All to one symbol, a broad one where there is one."""
    broad = np.flatnonzero(~alone[rows])
    share = np.zeros(len(rows))
    share[broad[-1] if len(broad) else 0] = 1.0
    return share
