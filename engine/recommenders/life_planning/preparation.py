"""What to do before an event: steps with amounts and dates."""

from collections.abc import Iterator

from engine.answers import ActionableItem, money
from engine.enums import LifeEvent
from engine.recommenders.life_planning.study import Study
from engine.recommenders.life_planning.wording import by_when
from engine.wording import amount

LEAST_STEP = 1.0
STEPS = {
    LifeEvent.MARRIAGE: ("Agree on accounts, debts and who is a beneficiary",),
    LifeEvent.CHILD: ("Check life insurance, health cover and paid leave", "Compare the costs of childcare nearby"),
    LifeEvent.JOB_CHANGE: ("Know which bills could wait and what benefits you could claim",),
    LifeEvent.HOME_PURCHASE: ("Check your credit report and ask two lenders for their terms",),
    LifeEvent.RETIREMENT: ("Ask for a statement of your pension or Social Security benefits",),
}
WHERE = {LifeEvent.RETIREMENT: "invested", LifeEvent.JOB_CHANGE: "in cash or where it can be sold at once"}


def preparation(study: Study, event: LifeEvent, user: int) -> tuple[ActionableItem, ...]:
    """Money first, all by the date to be ready by."""
    day = by_when(study, event, user)
    steps = (ActionableItem(title=title, due_date=day) for title in STEPS[event])
    return (*_money(study, event, user), *steps)


def _money(study: Study, event: LifeEvent, user: int) -> Iterator[ActionableItem]:
    outlook, currency = study.outlooks[event], study.facts.profile.currency[user]
    needed, monthly = float(outlook.cost[user]), float(outlook.monthly[user])
    day, where = by_when(study, event, user), WHERE.get(event, "in savings")
    spare = float(study.spare[user])
    held = f"Have {amount(needed, currency)} {where} by {day:%B %Y}"
    if monthly > spare:
        held = (
            f"Have a part of the {amount(needed, currency)} {where} by {day:%B %Y}; all of it is out of reach for now"
        )
    yield ActionableItem(title=held, amount=money(needed), due_date=day)
    if monthly >= LEAST_STEP and spare >= LEAST_STEP:
        aside = min(monthly, spare)
        title = f"Count on up to {amount(aside, currency)} a month of what your savings plan puts aside"
        yield ActionableItem(title=title, amount=money(aside), due_date=day)
