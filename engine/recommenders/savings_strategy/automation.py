"""Standing orders that carry the plan out on pay days."""

from collections.abc import Iterator, Sequence
from datetime import date

from engine.answers import AccountRef, money
from engine.recommenders.savings_strategy.allocation import name
from engine.recommenders.savings_strategy.answer import AutomationStep
from engine.recommenders.savings_strategy.kinds import THROUGH_PAYROLL
from engine.recommenders.savings_strategy.slots import Slot, known
from engine.recommenders.savings_strategy.study import Study
from engine.wording import amount


def automation(study: Study, user: int, slots: Sequence[Slot]) -> tuple[AutomationStep, ...]:
    """One order a place and pay day; together they move the monthly amount."""
    steps: list[AutomationStep] = []
    for slot in slots:
        for part, day, start in _parts(study, user, slot.amount):
            steps.append(_step(study, user, slot, order=len(steps) + 1, part=part, day=day, start=start))
    return tuple(steps)


def _parts(study: Study, user: int, total: float) -> Iterator[tuple[float, int, date]]:
    """The amount, or its halves where pay comes twice a month."""
    first, second = int(study.pay.first[user]), int(study.pay.second[user])
    half = round(total / 2, 2) if second else 0.0
    if total - half > 0:
        yield round(total - half, 2), first, study.first_start[user].item()
    if half > 0:
        yield half, second, study.second_start[user].item()


def _step(study: Study, user: int, slot: Slot, *, order: int, part: float, day: int, start: date) -> AutomationStep:
    shown = amount(part, study.facts.profile.currency[user])
    payroll = slot.place in THROUGH_PAYROLL
    title = f"Have {shown} of your pay go to {name(study, slot)}" if payroll else f"Move {shown} to {name(study, slot)}"
    return AutomationStep(
        order=order,
        title=title,
        amount=money(part),
        day_of_month=day,
        from_account=None if payroll else _account(study, int(study.checking[user])),
        to_account=_account(study, slot.account),
        start_date=start,
        annual_step_up=float(study.step_up[user]),
    )


def _account(study: Study, row: int) -> AccountRef | None:
    return AccountRef(id=study.facts.accounts.id[row]) if known(row) else None
