"""The hidden next life events: the table's rates, shifted between households by the law that drew their past.

Events are drawn independently of each other, given what is seen.
"""

import numpy as np

from engine.enums import LifeEvent
from engine.facts import Flags, Floats
from engine.life.events import hazard, years_until
from engine.population.balance_sheet import BalanceSheet
from engine.population.law import child_drive, job_drive, lasting_drives, level, who_can
from engine.population.past import Past
from engine.population.people import People
from engine.population.streams import stream


def draw_next(people: People, sheet: BalanceSheet, past: Past, seed: int) -> dict[LifeEvent, Floats]:
    """Years to the next event of each kind; infinity beyond ten years and for who cannot have it."""
    random, cumulative = stream(seed, "next events"), next_hazards(people, sheet, past)
    return {
        event: np.where(able, years_until(cumulative[event], random.exponential(1.0, len(people))), np.inf)
        for event, able in who_can(people).items()
    }


def next_hazards(people: People, sheet: BalanceSheet, past: Past) -> dict[LifeEvent, Floats]:
    """Cumulative hazards of the next event of each kind, households x knots of the table: nobody could know better."""
    drive = dict(lasting_drives(people, sheet))
    drive[LifeEvent.CHILD] = child_drive(drive[LifeEvent.CHILD], people.homeowner, people.children)
    drive[LifeEvent.JOB_CHANGE] = job_drive(drive[LifeEvent.JOB_CHANGE], past.since[LifeEvent.JOB_CHANGE])
    first = who_can(people) | _for_the_first_time(people, past)
    found: dict[LifeEvent, Floats] = {}
    for event in LifeEvent:
        table = hazard(event)
        ratio = np.exp(drive[event]) * level(people, event, drive[event], first[event])[table.band(people.age)]
        found[event] = table.at(people.age, people.married, people.children > 0) * ratio[:, None]
    return found


def _for_the_first_time(people: People, past: Past) -> dict[LifeEvent, Flags]:
    """Whom the past's level is of as well: others have the same hazards."""
    able = who_can(people)
    return {event: able[event] & np.isinf(past.since[event]) for event in (LifeEvent.MARRIAGE, LifeEvent.HOME_PURCHASE)}
