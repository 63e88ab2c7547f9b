"""Standing orders that carry the plan out on pay days."""

from collections.abc import Iterator, Sequence
from datetime import date

from engine.answers import AccountRef, money
from engine.household.pieces import Place
from engine.household.worth import LEAST_TRANSFER
from engine.recommenders.savings_strategy.allocation import name
from engine.recommenders.savings_strategy.answer import AutomationStep
from engine.recommenders.savings_strategy.kinds import THROUGH_PAYROLL
from engine.recommenders.savings_strategy.slots import Slot, known
from engine.recommenders.savings_strategy.study import Study
from engine.wording import amount

UNTIL = {Place.DEBT: " until it is paid off", Place.EMERGENCY: " until it is full"}


def automation(study: Study, user: int, slots: Sequence[Slot]) -> tuple[AutomationStep, ...]:
    """One order an account and pay day; together they move the monthly amount."""
    steps: list[AutomationStep] = []
    for together in _by_account([slot for slot in slots if slot.amount > 0]):
        for part, day, start in _parts(study, user, round(sum(slot.amount for slot in together), 2)):
            steps.append(_step(study, user, together, order=len(steps) + 1, part=part, day=day, start=start))
    return tuple(steps)


def _by_account(slots: Sequence[Slot]) -> Iterator[list[Slot]]:
    """Places whose money goes the same way; where an account has to be opened, each has its own."""
    ways: dict[tuple[bool, int, Place | None, int], list[Slot]] = {}
    for slot in slots:
        own = (None, 0) if known(slot.account) else (slot.place, slot.goal)
        ways.setdefault((slot.place in THROUGH_PAYROLL, slot.account, *own), []).append(slot)
    yield from ways.values()


def _parts(study: Study, user: int, total: float) -> Iterator[tuple[float, int, date]]:
    """The amount, or its halves where pay comes twice a month and a half is worth an order."""
    first, second = int(study.pay.first[user]), int(study.pay.second[user])
    half = round(total / 2, 2) if second and total >= 2 * LEAST_TRANSFER else 0.0
    yield round(total - half, 2), first, study.first_start[user].item()
    if half > 0:
        yield half, second, study.second_start[user].item()


def _step(
    study: Study, user: int, together: Sequence[Slot], *, order: int, part: float, day: int, start: date
) -> AutomationStep:
    slot, shown = together[0], amount(part, study.facts.profile.currency[user])
    payroll = slot.place in THROUGH_PAYROLL
    names = " and ".join(dict.fromkeys(name(study, each) for each in together))
    until = UNTIL.get(slot.place, "") if len(together) == 1 else ""
    return AutomationStep(
        order=order,
        title=f"Have {shown} a month of your pay go to {names}"
        if payroll
        else f"Move {shown} a month to {names}{until}",
        amount=money(part),
        day_of_month=day,
        from_account=None if payroll else _account(study, int(study.checking[user])),
        to_account=_account(study, slot.account),
        start_date=start,
        annual_step_up=float(study.step_up[user]),
    )


def _account(study: Study, row: int) -> AccountRef | None:
    return AccountRef(id=study.facts.accounts.id[row]) if known(row) else None
