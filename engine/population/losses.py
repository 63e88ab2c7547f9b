"""Involuntary losses of a job, the first years first: who has lost one lately is likelier to lose the next."""

import numpy as np

from engine.enums import EmploymentStatus, LifeEvent
from engine.facts import Floats
from engine.life.events import hazard
from engine.population.law import job_drive, level
from engine.population.looking_back import YESTERDAY, Lives

YEARS_BACK = 15
UNEMPLOYED_LATELY, UNEMPLOYED_YEARS = 0.35, 1.5  # share of the unemployed who lost a job, within so many years
LEFT_FOR_WORKERS, LEFT_YEARS = 0.5, 2  # of the last years' losses: the unemployed had the others


def job_losses(random: np.random.Generator, lives: Lives, retired: Floats) -> Floats:
    """Of the last fifteen years, households x years; drawn twice, as the law's level hangs on who lost a job lately."""
    people, drive = lives.people, lives.drives[LifeEvent.JOB_CHANGE]
    lately = people.is_(EmploymentStatus.UNEMPLOYED) & (random.random(len(people)) < UNEMPLOYED_LATELY)
    ago = random.uniform(0.1, UNEMPLOYED_YEARS, len(people))
    days, luck = (random.random((len(people), YEARS_BACK)) for _ in range(2))
    days = days + np.arange(YEARS_BACK)
    years = np.full_like(days, np.inf)
    for _ in range(2):
        factor = level(people, LifeEvent.JOB_CHANGE, job_drive(drive, years.min(axis=1)), people.working)
        years = _lost(days, luck, lives, retired, factor)
        years[:, 0] = np.where(lately, ago, years[:, 0])
    return np.maximum(years, YESTERDAY)


def _lost(days: Floats, luck: Floats, lives: Lives, retired: Floats, factor: Floats) -> Floats:
    """At most one a year, while at work."""
    people, nobody = lives.people, np.zeros(len(retired), dtype=np.bool_)
    worked, latest = people.working | people.is_(EmploymentStatus.RETIRED), np.full(len(people), np.inf)
    years = np.full_like(days, np.inf)
    for back in reversed(range(YEARS_BACK)):
        ratio = np.exp(job_drive(lives.drives[LifeEvent.JOB_CHANGE], latest - back))
        ratio = ratio * factor[hazard(LifeEvent.JOB_CHANGE).band(people.age - back - 1.0)]
        part = LEFT_FOR_WORKERS if back < LEFT_YEARS else 1.0
        chance = -np.expm1(-part * ratio * lives.in_year(LifeEvent.JOB_CHANGE, back, nobody))
        at_work = worked & ((days[:, back] > retired) | np.isinf(retired))
        years[:, back] = np.where(at_work & (luck[:, back] < chance), days[:, back], np.inf)
        latest = np.minimum(latest, years[:, back])
    return years
