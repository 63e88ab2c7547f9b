"""Life events that have happened: dated by the law that draws the next ones (`engine.population.law`)."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import LifeEvent, code
from engine.facts import Floats, Positions
from engine.population.balance_sheet import BalanceSheet
from engine.population.births import births
from engine.population.firsts import first_home, first_marriage, retirement
from engine.population.law import lasting_drives
from engine.population.looking_back import Lives
from engine.population.losses import job_losses
from engine.population.people import People
from engine.population.streams import stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Rows of events; and, one entry a household, years since the last of a kind (infinity: none)."""

    user: Positions
    event: Positions
    years_ago: Floats
    since: dict[LifeEvent, Floats]


def draw_past(people: People, sheet: BalanceSheet, seed: int) -> Past:
    """First marriages, births, first homes, retirements; involuntary job changes of the last fifteen years."""
    random, drives = stream(seed, "past events"), lasting_drives(people, sheet)
    alone = Lives(people=people, drives=drives, marriage=np.zeros(len(people)))
    marriage = first_marriage(random, alone)
    lives = replace(alone, marriage=marriage)
    home, retired = first_home(random, lives), retirement(random, alone)
    dated = [
        (LifeEvent.MARRIAGE, marriage[:, None]),
        (LifeEvent.CHILD, births(random, lives, home)),
        (LifeEvent.JOB_CHANGE, job_losses(random, lives, retired)),
        (LifeEvent.HOME_PURCHASE, home[:, None]),
        (LifeEvent.RETIREMENT, retired[:, None]),
    ]
    cells = [np.argwhere(np.isfinite(years)) for _, years in dated]
    order = np.argsort(np.concatenate([cell[:, 0] for cell in cells]), kind="stable")
    return Past(
        user=np.concatenate([cell[:, 0] for cell in cells])[order],
        event=np.concatenate([np.full(len(cell), code(event)) for cell, (event, _) in zip(cells, dated, strict=True)])[
            order
        ],
        years_ago=np.concatenate([years[np.isfinite(years)] for _, years in dated])[order],
        since={event: years.min(axis=1) for event, years in dated},
    )
