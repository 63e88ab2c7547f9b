"""What to do before an event: steps that the household can take, with amounts that its plan has and dates."""

from collections.abc import Iterator
from datetime import date, timedelta

from engine.answers import ActionableItem, money
from engine.enums import UNKNOWN, LifeEvent
from engine.household.worth import LEAST_TRANSFER
from engine.recommenders.life_planning.outlook import SUDDEN, YEARS_TO_FILL
from engine.recommenders.life_planning.study import Study
from engine.recommenders.life_planning.wording import by_when
from engine.units import DAYS_A_MONTH, MONTHS_A_YEAR
from engine.wording import amount

LEAST_HELD = 100.0
"""Less is not worth a step of its own, unless it is all that is needed."""
NEARLY = 0.995
STEPS = {
    LifeEvent.MARRIAGE: ("Agree on accounts, debts and who is a beneficiary",),
    LifeEvent.CHILD: ("Check life insurance, health cover and paid leave", "Compare the costs of childcare nearby"),
    LifeEvent.JOB_CHANGE: ("Know which bills could wait and what benefits you could claim",),
    LifeEvent.HOME_PURCHASE: ("Check your credit report and ask two lenders for their terms",),
    LifeEvent.RETIREMENT: ("Ask for a statement of your pension or Social Security benefits",),
}
LEAD_MONTHS = {
    LifeEvent.MARRIAGE: 3,
    LifeEvent.CHILD: 6,
    LifeEvent.JOB_CHANGE: 11,
    LifeEvent.HOME_PURCHASE: 6,
    LifeEvent.RETIREMENT: 12,
}
"""By which the steps that cost nothing come before the date to be ready by."""
WHERE = {LifeEvent.RETIREMENT: "invested", LifeEvent.JOB_CHANGE: "in cash or where it can be sold at once"}
KEEP = {
    LifeEvent.RETIREMENT: "Keep up the {amount} a month that your plan puts by for retirement",
    LifeEvent.JOB_CHANGE: "Put {amount} a month into your emergency fund, as your plan does",
}
PLANNED = "Put {amount} a month aside for it, as your plan does"
UNPLANNED = "Keep {amount} a month for it of what your plan would invest"


def preparation(study: Study, event: LifeEvent, user: int) -> tuple[ActionableItem, ...]:
    """Money first."""
    soon = study.facts.today + timedelta(days=round(DAYS_A_MONTH))
    early = by_when(study, event, user) - timedelta(days=round(DAYS_A_MONTH * LEAD_MONTHS[event]))
    steps = (ActionableItem(title=title, due_date=max(early, soon)) for title in STEPS[event])
    return (*_money(study, event, user), *steps)


def _money(study: Study, event: LifeEvent, user: int) -> Iterator[ActionableItem]:
    outlook, day = study.outlooks[event], by_when(study, event, user)
    yield _held(study, event, user, day)
    if event not in SUDDEN or outlook.readiness[user] < NEARLY:
        yield from _monthly(study, event, user, day)


def _held(study: Study, event: LifeEvent, user: int, day: date) -> ActionableItem:
    """Never more than there will be by that day."""
    outlook, where = study.outlooks[event], WHERE.get(event, "in savings")
    needed, there = float(outlook.cost[user]), float(outlook.ready[user])
    if event in SUDDEN:
        there = min(needed, there + float(outlook.aside.paid(MONTHS_A_YEAR * YEARS_TO_FILL)[user]))
    if there >= NEARLY * needed:
        title = f"Have {_amount(study, user, needed)} {where} by {day:%B %Y}"
        return ActionableItem(title=title, amount=money(needed), due_date=day)
    if there < LEAST_HELD:
        title = f"Look for what could be left for it: as months are now, none of the {_amount(study, user, needed)}"
        return ActionableItem(title=f"{title} would be there by {day:%B %Y}", due_date=day)
    title = f"Have {_amount(study, user, there)} of the {_amount(study, user, needed)} {where} by {day:%B %Y}"
    return ActionableItem(title=title, amount=money(there), due_date=day)


def _monthly(study: Study, event: LifeEvent, user: int, day: date) -> Iterator[ActionableItem]:
    """What the plan puts by for it now, and from when on it puts by more."""
    outlook = study.outlooks[event]
    now, later = float(outlook.aside.now[user]), float(outlook.aside.later[user])
    planned = outlook.plan[user] != UNKNOWN
    if now >= LEAST_TRANSFER:
        title = KEEP.get(event, PLANNED if planned else UNPLANNED).format(amount=_amount(study, user, now))
        yield ActionableItem(title=title, amount=money(now), due_date=day)
    if later - now < LEAST_TRANSFER:
        return
    start = study.facts.today + timedelta(days=round(DAYS_A_MONTH * float(outlook.aside.fills[user])))
    if study.facts.today < start < day:
        title = f"From {start:%B %Y} on, when debts and reserve have theirs, put {_amount(study, user, later)} a month"
        yield ActionableItem(title=f"{title} aside for it", amount=money(later), due_date=start)


def _amount(study: Study, user: int, value: float) -> str:
    return amount(value, study.facts.profile.currency[user])
