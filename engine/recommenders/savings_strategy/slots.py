"""One user's places, each with all its steps taken together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import NDArray

from engine.enums import UNKNOWN
from engine.household.pieces import HALF_A_CENT, Place
from engine.recommenders.savings_strategy.study import Study

PLACES = tuple(Place)
GOAL = PLACES.index(Place.GOAL)
YEAR = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place of one user's plan; `next_worth` is what the next unit is worth, None where nothing more fits.

    `first_year` is what the monthly amounts are worth within twelve months, each from the month in which it is paid,
    until the place is full.
    """

    place: Place
    account: int
    goal: int
    amount: float
    at_once: float
    worth: float
    first_year: float
    next_worth: float | None
    limit: float
    stock: float
    months_to_fill: float


class Step(NamedTuple):
    """One row of the plan."""

    place: int
    account: int
    goal: int
    worth: float
    limit: float
    stock: float
    amount: float
    at_once: float
    months_to_fill: float


def slots(study: Study, user: int) -> list[Slot]:
    """The user's places, the worthiest first."""
    grouped: dict[tuple[int, int], list[Step]] = {}
    for step in _steps(study, user):
        target = step.goal if step.place == GOAL else step.account
        grouped.setdefault((step.place, target), []).append(step)
    return [_slot(steps) for steps in grouped.values()]


def known(row: int) -> bool:
    """Whether a row of accounts or goals belongs to the slot."""
    return row != UNKNOWN


def _steps(study: Study, user: int) -> list[Step]:
    """The user's rows of the plan, as plain numbers."""
    rows = slice(study.first_row[user], study.first_row[user + 1])
    made, found = study.plan, study.plan.places
    columns: Sequence[NDArray[Any]] = (
        found.place,
        found.account,
        made.goal,
        found.worth,
        found.limit,
        found.stock,
        made.amount,
        made.at_once,
        made.months_to_fill,
    )
    return list(map(Step._make, zip(*(column[rows].tolist() for column in columns), strict=True)))


def _slot(steps: Sequence[Step]) -> Slot:
    room = [step.worth for step in steps if step.amount < min(step.limit, step.stock) - HALF_A_CENT]
    return Slot(
        place=PLACES[steps[0].place],
        account=steps[0].account,
        goal=max(step.goal for step in steps),
        amount=round(sum(step.amount for step in steps), 2),
        at_once=round(sum(step.at_once for step in steps), 2),
        worth=steps[0].worth,
        first_year=sum(_first_year(step) for step in steps),
        next_worth=room[0] if room else None,
        limit=sum(step.limit for step in steps),
        stock=sum(step.stock for step in steps),
        months_to_fill=max(step.months_to_fill for step in steps),
    )


def _first_year(step: Step) -> float:
    """Money paid in the middle of a month works for the rest of the year."""
    months = min(YEAR, step.stock / step.amount) if step.amount > 0 else 0.0
    return step.worth * step.amount * months * (1.0 - months / (2.0 * YEAR))
