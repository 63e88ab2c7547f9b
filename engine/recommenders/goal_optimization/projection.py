"""What each goal's money will be, year by year, in today's purchasing power."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.answers import money
from engine.facts import Positions
from engine.goals.columns import Goals
from engine.goals.projection import fan
from engine.recommenders.goal_optimization.answer import ProjectionPoint
from engine.recommenders.goal_optimization.study import Study
from engine.recommenders.goal_optimization.timeline import later, recommended

Rows = list[tuple[int, list[float]]]


def projections(study: Study) -> list[tuple[ProjectionPoint, ...]]:
    """By goal: a year a point, the last on the recommended date; where the contribution changes, a point is there."""
    course = study.course
    before = _fans(replace(course.first, months=course.start), np.flatnonzero(course.start > 0))
    after = _fans(course.last, np.arange(len(course.start)))
    return [
        tuple(_points(study, goal, [*before.get(goal, []), *_put_off(after[goal], int(course.start[goal]))]))
        for goal in range(len(course.start))
    ]


def _fans(goals: Goals, rows: Positions) -> dict[int, Rows]:
    """By goal the months from now and the quantiles there."""
    found = fan(goals.rows(rows))
    quantiles = np.stack([found.p10, found.p50, found.p90], axis=1).tolist()
    first = np.searchsorted(found.goal, np.arange(len(rows) + 1))
    points = list(zip(found.months.tolist(), quantiles, strict=True))
    return {int(goal): points[first[row] : first[row + 1]] for row, goal in enumerate(rows)}


def _put_off(points: Rows, months: int) -> Rows:
    return [(months + month, wealth) for month, wealth in points]


def _points(study: Study, goal: int, points: Rows) -> Iterator[ProjectionPoint]:
    for number, (months, wealth) in enumerate(points, start=1):
        day = recommended(study, goal) if number == len(points) else later(study.facts.today, months)
        low, middle, high = (money(value) for value in wealth)
        yield ProjectionPoint(date=day, p10=low, p50=middle, p90=high)
