"""The law's hazards, looking back from today: at the ages and in the marriages of then."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.enums import LifeEvent
from engine.facts import Flags, Floats, Positions
from engine.life.events import hazard, reached
from engine.population.people import People

ADULT_AGE = 18.0
LEVEL_YEARS = 5.0
"""How long the table's rates have held."""
EARLIER = {LifeEvent.MARRIAGE: 0.3, LifeEvent.CHILD: 0.3, LifeEvent.HOME_PURCHASE: 0.35}
"""Of the table's rates, before that: at the whole of them nobody of 40 could have married, or had a child, at 22."""
YESTERDAY = 0.01  # years: nothing happens today


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """People, their lasting drives, and years since their first marriage (infinity: none)."""

    people: People
    drives: Mapping[LifeEvent, Floats]
    marriage: Floats

    @property
    def by_marriage(self) -> Positions:
        """A group for each schooling of the married and of others."""
        return np.asarray(2 * self.people.education + self.people.married, dtype=np.int64)

    def until_today(self, event: LifeEvent, years: float) -> tuple[Floats, Floats]:
        """The table's cumulative hazards of the years for which its rates have held, and of those before."""
        curve = self._curve(event, years, self.people.children > 0)
        return parted(event, curve, np.full(len(curve), years))

    def in_year(self, event: LifeEvent, back: int, parents: Flags) -> Floats:
        """The table's hazard of the year that ended so many years ago; none before adult age."""
        curve = self._curve(event, back + 1.0, parents)
        until, since = (reached(curve, np.full(len(curve), float(year))) for year in (back + 1, back))
        part = EARLIER.get(event, 1.0) if back >= LEVEL_YEARS else 1.0
        return np.where(self.people.age - back - 1.0 >= ADULT_AGE, part * (until - since), 0.0)

    def _curve(self, event: LifeEvent, years: float, parents: Flags) -> Floats:
        married = self.people.married & (self.marriage > years)
        return hazard(event).at(self.people.age - years, married, parents)


def parted(event: LifeEvent, curve: Floats, years: Floats) -> tuple[Floats, Floats]:
    """Of each row's years until today, the cumulative hazards of late and of earlier ones."""
    late, whole = reached(curve, np.minimum(years, LEVEL_YEARS)), reached(curve, years)
    return late, np.asarray(EARLIER.get(event, 1.0) * (whole - late), dtype=np.float64)
