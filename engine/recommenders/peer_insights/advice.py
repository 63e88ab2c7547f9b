"""Recommendations: only what the household's own plan agrees with, and never that others do better."""

from collections.abc import Iterator, Sequence

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import Priority
from engine.household.pieces import Place
from engine.household.worth import LEAST_TRANSFER
from engine.overview.actions import YARDSTICK
from engine.peers.habits import Habit
from engine.peers.metrics import PREFIX
from engine.peers.patterns import Pattern
from engine.recommenders.peer_insights.adoption import adoption
from engine.recommenders.peer_insights.answer import PeerBenchmark
from engine.recommenders.peer_insights.explanation import kind
from engine.recommenders.peer_insights.plan import lacking, next_open, planned
from engine.recommenders.peer_insights.study import Study
from engine.recommenders.peer_insights.telling import COULD_BE_LESS, helps
from engine.wording import amount, months, percent

HALF_WAY = 0.5
"""Of the way to the median: a step within reach."""
MONTHS = 12.0
WORKED_MONTHS = MONTHS / 2.0
"""That money which is freed month by month has worked within the year, on average."""
RESERVE = f"adopt:{Habit.RESERVE_FIRST}"


def advice(
    study: Study, user: int, told: Sequence[PeerBenchmark], found: Sequence[Pattern]
) -> tuple[Recommendation, ...]:
    """The most urgent first; a habit that says the same as a step of the plan is told as the habit."""
    adopted = list(adoption(study, user, found))
    reserve = [] if RESERVE in {each.key for each in adopted} else _build_reserve(study, user, told)
    advised = [*adopted, *reserve, *_spend_less(study, user, told)]
    urgency = list(Priority)
    return tuple(sorted(advised, key=lambda each: urgency.index(each.priority)))


def _build_reserve(study: Study, user: int, told: Sequence[PeerBenchmark]) -> Iterator[Recommendation]:
    """Whose reserve is below the middle hears of the next step that the plan takes, not of the distance."""
    is_below = any(one.metric == "emergency_months" and one.median and one.value < one.median for one in told)
    saved = planned(study, user, Place.EMERGENCY)
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
    """Half of the way to the middle, where most would be freed and the plan has a place for it."""
    place, wanted = next_open(study, user), lacking(study, user)
    income = float(study.facts.profile.annual_income[user]) / MONTHS
    freed = {
        one: HALF_WAY * (one.value - (one.median or 0.0)) * income
        for one in told
        if one.metric in COULD_BE_LESS and helps(one, wanted)
    }
    most = max(freed, key=lambda one: freed[one], default=None)
    if most is not None and place is not None and freed[most] >= LEAST_TRANSFER:
        yield _less(most, freed[most], most.value * income, place, study.facts.profile.currency[user])


def _less(one: PeerBenchmark, freed: float, spent: float, place: tuple[Place, float], currency: str) -> Recommendation:
    shown, limit, name = amount(freed, currency), amount(spent - freed, currency), kind(one.metric)
    earned = money(WORKED_MONTHS * freed * place[1])
    is_money = place[0] is Place.DEBT
    return Recommendation(
        key=f"spend_less:{one.metric.removeprefix(PREFIX)}",
        title=f"Spend {shown} a month less on {name}",
        description=(
            f"{percent(one.value)} of your income before tax goes there; half of your peers manage with "
            f"{percent(one.median or 0.0)} or less. This is half of the way, and your plan has a place for the money."
        ),
        priority=Priority.LOW,
        actionable_items=(
            ActionableItem(title=f"Set a limit of {limit} a month for {name}", amount=money(spent - freed)),
        ),
        annual_impact=earned if is_money else None,
        data={"monthly_amount": str(money(freed)), "worth_a_year": f"{place[1]:.4f}"}
        | ({} if is_money else {YARDSTICK: str(earned)}),
    )
