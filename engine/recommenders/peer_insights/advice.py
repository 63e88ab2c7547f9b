"""Recommendations: only what the household's own plan agrees with, and never that others do better."""

from collections.abc import Iterator, Sequence

import numpy as np

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import Priority, code
from engine.household.pieces import Place
from engine.household.worth import LEAST_TRANSFER
from engine.recommenders.peer_insights.answer import PeerBenchmark
from engine.recommenders.peer_insights.explanation import kind
from engine.recommenders.peer_insights.study import Study
from engine.recommenders.peer_insights.telling import COULD_BE_LESS, helps
from engine.wording import amount, months, percent

HALF_WAY = 0.5
"""Of the way to the median: a step within reach."""
MONTHS = 12.0
OPEN = tuple(code(place) for place in (Place.DEBT, Place.EMERGENCY, Place.GOAL))
"""Places that a household wants filled, whatever else it does with its money."""


def advice(study: Study, user: int, told: Sequence[PeerBenchmark]) -> tuple[Recommendation, ...]:
    """The most urgent first."""
    found = [*_build_reserve(study, user, told), *_spend_less(study, user, told)]
    urgency = list(Priority)
    return tuple(sorted(found, key=lambda each: urgency.index(each.priority)))


def _build_reserve(study: Study, user: int, told: Sequence[PeerBenchmark]) -> Iterator[Recommendation]:
    """Whose reserve is below the middle hears of the next step that the plan takes, not of the distance."""
    is_below = any(one.metric == "emergency_months" and one.median and one.value < one.median for one in told)
    saved = _planned(study, user, Place.EMERGENCY)
    if not is_below or saved < LEAST_TRANSFER:
        return
    shown = amount(saved, study.facts.profile.currency[user])
    gained = months(MONTHS * saved / float(study.flow.spending[user]))
    yield Recommendation(
        key="build_reserve",
        title=f"Let your reserve grow by {shown} a month",
        description=f"Your plan already puts it there. After a year it carries you {gained} longer.",
        priority=Priority.MEDIUM,
        actionable_items=(ActionableItem(title=f"Put {shown} a month into your emergency fund", amount=money(saved)),),
        data={"monthly_amount": str(money(saved)), "months_gained": gained},
    )


def _spend_less(study: Study, user: int, told: Sequence[PeerBenchmark]) -> Iterator[Recommendation]:
    """Half of the way to the middle, where the money freed has a place in the plan."""
    worth = _next_worth(study, user)
    income = float(study.facts.profile.annual_income[user]) / MONTHS
    for one in told:
        freed = HALF_WAY * (one.value - (one.median or 0.0)) * income
        if one.metric in COULD_BE_LESS and helps(one) and worth > 0 and freed >= LEAST_TRANSFER:
            yield _less(one, freed, worth, study.facts.profile.currency[user])


def _less(one: PeerBenchmark, freed: float, worth: float, currency: str) -> Recommendation:
    shown, name = amount(freed, currency), kind(one.metric)
    return Recommendation(
        key=f"spend_less:{name}",
        title=f"Spend {shown} a month less on {name}",
        description=(
            f"{percent(one.value)} of your income goes there; half of your peers manage with "
            f"{percent(one.median or 0.0)} or less. This is half of the way, and your plan has a better place for it."
        ),
        priority=Priority.LOW,
        actionable_items=(ActionableItem(title=f"Move {shown} a month as your plan says", amount=money(freed)),),
        annual_impact=money(MONTHS * freed * worth),
        data={"monthly_amount": str(money(freed)), "worth_a_year": f"{worth:.4f}"},
    )


def _planned(study: Study, user: int, place: Place) -> float:
    """What the plan puts into a place every month."""
    rows = slice(study.first_row[user], study.first_row[user + 1])
    chosen = study.plan.places.place[rows] == code(place)
    return float(study.plan.amount[rows][chosen].sum())


def _next_worth(study: Study, user: int) -> float:
    """What one more unit is worth a year in the first debt, reserve or goal that is not yet full; 0 where none is."""
    rows = slice(study.first_row[user], study.first_row[user + 1])
    found = study.plan.places
    limit = np.minimum(found.limit[rows], found.stock[rows])
    is_open = np.isin(found.place[rows], OPEN) & (study.plan.amount[rows] < limit - LEAST_TRANSFER)
    return float(np.max(found.worth[rows], where=is_open, initial=0.0))
