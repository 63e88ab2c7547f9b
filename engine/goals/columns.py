"""The questions as columns: one row a goal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from engine.goals.returns import GLIDES

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]
# What a kernel takes, in this order.
Columns = tuple[Positions, Positions, Floats, Floats, Floats, Floats, Floats]

Number = TypeVar("Number", np.int64, np.float64)

RATE_LIMIT = 0.2  # of a growth or a shift, a year
LEAST, MOST = 1e-4, 1 - 1e-4  # probabilities that may be asked for: the tables hold no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """Money in today's purchasing power; contributions are paid at the end of each month.

    `glide` is a position in returns.GLIDES, `months` the time to the date, `growth` the yearly real growth of the
    contribution (0.02 is two per cent), `return_shift` what is added a year to the continuously compounded return.
    """

    glide: Positions
    months: Positions
    saved: Floats
    contribution: Floats
    target: Floats
    growth: Floats
    return_shift: Floats

    @classmethod
    def of(
        cls,
        *,
        glide: ArrayLike,
        months: ArrayLike,
        saved: ArrayLike,
        target: ArrayLike,
        contribution: ArrayLike = 0.0,
        growth: ArrayLike = 0.0,
        return_shift: ArrayLike = 0.0,
    ) -> "Goals":
        """Columns of one length from columns and single values; a growth or shift that is not known is none."""
        whole = [np.atleast_1d(np.asarray(column, dtype=np.int64)) for column in (glide, months)]
        given = (saved, contribution, target, growth, return_shift)
        money = [np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in given]
        count = max(len(column) for column in (*whole, *money))
        if count and (whole[0].min() < 0 or whole[0].max() >= len(GLIDES)):
            raise ValueError("a glide is a position in GLIDES")
        return cls(
            glide=_long(whole[0], count),
            months=_long(whole[1], count),
            saved=_long(money[0], count),
            contribution=_long(money[1], count),
            target=_long(money[2], count),
            growth=_long(_rate(money[3]), count),
            return_shift=_long(_rate(money[4]), count),
        )

    def __len__(self) -> int:
        return len(self.months)

    @property
    def columns(self) -> Columns:
        return (
            self.glide,
            self.months,
            self.saved,
            self.contribution,
            self.target,
            self.growth,
            self.return_shift,
        )

    def rows(self, positions: Positions | slice | Sequence[int]) -> "Goals":
        return Goals(**{name: getattr(self, name)[positions] for name in Goals.__slots__})

    def paying(self, contribution: Floats) -> "Goals":
        return replace(self, contribution=contribution)


def _rate(column: Floats) -> Floats:
    if not column.any():  # the usual case, and much the fastest
        return column
    kept: Floats = np.clip(np.nan_to_num(column), -RATE_LIMIT, RATE_LIMIT)
    return kept


def _long(column: NDArray[Number], count: int) -> NDArray[Number]:
    """Contiguous and writable, as the kernels were compiled for: others would be compiled anew for others."""
    whole = column if len(column) == count else np.broadcast_to(column, (count,))
    return whole if whole.flags.carray else whole.copy()


def scores(probability: ArrayLike, count: int) -> Floats:
    """Normal scores of probabilities, one a goal; of what is not known, that of the least."""
    if np.ndim(probability) == 0:  # one for all, without the ten microseconds of arrays
        return np.full(count, ndtri(min(max(LEAST, float(np.asarray(probability))), MOST)))
    kept = np.clip(np.nan_to_num(np.asarray(probability, dtype=np.float64)), LEAST, MOST)
    return _long(np.atleast_1d(ndtri(kept)), count)
