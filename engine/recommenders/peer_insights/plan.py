"""What the household's one plan says of a place or a goal: no advice goes against it."""

import numpy as np

from engine.enums import UNKNOWN, GoalKind, code
from engine.household.pieces import Place
from engine.household.worth import LEAST_TRANSFER
from engine.recommenders.peer_insights.study import Study

PLACES = tuple(Place)
OPEN = tuple(code(place) for place in (Place.DEBT, Place.EMERGENCY, Place.GOAL))
"""Places that a household wants filled, whatever else it does with its money."""
DEAR = 0.10
"""A debt's rate after tax: a card's, not a mortgage's."""


def lacking(study: Study, user: int) -> frozenset[str]:
    """Metrics of which the household should have more, or in debts less, whatever its peers have."""
    rows = _rows(study, user)
    is_debt = study.plan.places.place[rows] == code(Place.DEBT)
    is_dear = is_debt & ((study.plan.places.worth[rows] >= DEAR) | (study.plan.amount[rows] > 0))
    is_thin = study.metrics["emergency_months"][user] < study.plan.months[user]
    is_spent = study.flow.income[user] - study.flow.debt_payments[user] <= study.flow.spending[user]
    found = {"debt_to_income": is_dear.any(), "emergency_months": is_thin, "savings_rate": is_spent}
    return frozenset(metric for metric, is_lacking in found.items() if is_lacking)


def planned(study: Study, user: int, place: Place) -> float:
    """What the plan puts into a place every month."""
    rows = _rows(study, user)
    chosen = study.plan.places.place[rows] == code(place)
    return float(study.plan.amount[rows][chosen].sum())


def planned_for(study: Study, user: int, kind: GoalKind) -> float:
    """What the plan puts by every month for goals of a kind."""
    rows = _rows(study, user)
    goal = study.plan.goal[rows]
    kinds = np.append(study.facts.goals.kind, UNKNOWN)[goal]  # the last is what `UNKNOWN` points to
    return float(study.plan.amount[rows][kinds == code(kind)].sum())


def next_open(study: Study, user: int) -> tuple[Place, float] | None:
    """The worthiest debt, reserve or goal that is not yet full, and what one more unit is worth a year there."""
    rows, found = _rows(study, user), study.plan.places
    limit = np.minimum(found.limit[rows], found.stock[rows])
    is_open = np.isin(found.place[rows], OPEN) & (study.plan.amount[rows] < limit - LEAST_TRANSFER)
    is_open &= found.worth[rows] > 0
    if not is_open.any():
        return None
    row = int(np.argmax(np.where(is_open, found.worth[rows], 0.0)))
    return PLACES[found.place[rows][row]], float(found.worth[rows][row])


def _rows(study: Study, user: int) -> slice:
    return slice(study.first_row[user], study.first_row[user + 1])
