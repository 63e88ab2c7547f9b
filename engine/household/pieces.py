"""The places where a household's next unit of money can go, a row a place and step."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.enums import UNKNOWN, SavingsBucket, code
from engine.facts import Codes, Flags, Floats, Positions

Number = TypeVar("Number", bound=np.generic)

NO_LIMIT = np.inf
CENTS, HALF_A_CENT = 100.0, 0.005


class Place(StrEnum):
    """What a bucket is in law and in fact; the order decides between places of the same worth."""

    MATCH = "MATCH"
    DEBT = "DEBT"
    EMERGENCY = "EMERGENCY"
    HSA = "HSA"
    PLAN = "PLAN"
    ROTH_IRA = "ROTH_IRA"
    TRADITIONAL_IRA = "TRADITIONAL_IRA"
    GOAL = "GOAL"
    TAXABLE = "TAXABLE"


BUCKET_OF = {
    Place.MATCH: SavingsBucket.EMPLOYER_MATCH,
    Place.DEBT: SavingsBucket.DEBT_PAYDOWN,
    Place.EMERGENCY: SavingsBucket.EMERGENCY_FUND,
    Place.HSA: SavingsBucket.HSA,
    Place.PLAN: SavingsBucket.RETIREMENT,
    Place.ROTH_IRA: SavingsBucket.RETIREMENT,
    Place.TRADITIONAL_IRA: SavingsBucket.RETIREMENT,
    Place.GOAL: SavingsBucket.GOAL,
    Place.TAXABLE: SavingsBucket.TAXABLE_INVESTING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """One row a step of a place: worth falls from step to step as a place fills.

    `worth` is money a year, after tax, for each unit put there; `limit` is what fits in a month, `stock` what fits in
    all; both may be infinite. `account` and `goal` are rows of the facts, `UNKNOWN` where none belongs to the place.
    """

    user: Positions
    place: Codes
    worth: Floats
    limit: Floats
    stock: Floats
    account: Positions
    goal: Positions

    def __len__(self) -> int:
        return len(self.user)

    def at(self, *places: Place) -> Flags:
        """Rows of the places."""
        chosen = np.zeros(len(Place), dtype=np.bool_)
        chosen[[code(place) for place in places]] = True
        return np.asarray(chosen[self.place], dtype=np.bool_)

    def take(self, rows: Positions | Flags) -> "Pieces":
        """The rows, in their order."""
        if rows.dtype == np.bool_ and rows.all():
            return self
        return Pieces(**{name: getattr(self, name)[rows] for name in COLUMNS})


COLUMNS = tuple(field.name for field in fields(Pieces))


def pieces(
    *,
    user: Positions,
    place: Place,
    worth: Floats | float,
    limit: Floats | float = NO_LIMIT,
    stock: Floats | float = NO_LIMIT,
    account: Positions | int = UNKNOWN,
    goal: Positions | int = UNKNOWN,
) -> Pieces:
    """Rows of one place; a single value holds for all. Places without room are left out."""
    made = Pieces(
        user=user,
        place=_filled(code(place), user, np.int8),
        worth=_column(worth, user),
        limit=_column(limit, user),
        stock=_column(stock, user),
        account=_rows(account, user),
        goal=_rows(goal, user),
    )
    return made.take(np.minimum(made.limit, made.stock) > 0)


def joined(parts: Sequence[Pieces]) -> Pieces:
    """All rows, by user and falling worth; of equal worth, in the order of `Place`, then as given."""
    whole = together(parts)
    return whole.take(np.lexsort((whole.place, -whole.worth, whole.user)))


def together(parts: Sequence[Pieces]) -> Pieces:
    """All rows, as given."""
    return Pieces(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS})


def room(found: Pieces) -> Floats:
    """What fits in a month, down to the cent."""
    return np.floor(CENTS * np.minimum(found.limit, found.stock) + 1e-6) / CENTS


def between(values: Floats, least: Floats | float, most: Floats | float) -> Floats:
    """Within both, as `np.clip`, at a quarter of its time for a household alone."""
    return np.minimum(np.maximum(values, least), most)


def before(found: Pieces, values: Floats) -> Floats:
    """Sum of the values of the same user's rows before each row; a user's sums do not depend on the batch."""
    if not len(found) or found.user[0] == found.user[-1]:  # one user: the same sums in the same order
        return np.concatenate([np.zeros(1), np.cumsum(values)])[:-1]
    rank = np.arange(len(found)) - np.searchsorted(found.user, found.user)
    order = np.argsort(rank, kind="stable")
    sums, running = np.zeros(len(found)), np.zeros(int(found.user.max(initial=-1)) + 1)
    for rows in np.split(order, np.cumsum(np.bincount(rank))[:-1]):
        sums[rows] = running[found.user[rows]]
        running[found.user[rows]] += values[rows]
    return sums


def _column(values: Floats | float, user: Positions) -> Floats:
    return values if isinstance(values, np.ndarray) else _filled(values, user, np.float64)


def _rows(values: Positions | int, user: Positions) -> Positions:
    return values if isinstance(values, np.ndarray) else _filled(values, user, np.int64)


def _filled(value: float, user: Positions, kind: type[Number]) -> NDArray[Number]:
    """A column of one value; a household alone spends a twentieth of its plan in `np.full` otherwise."""
    made = np.empty(len(user), dtype=kind)
    made.fill(value)
    return made
