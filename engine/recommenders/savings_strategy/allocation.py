"""The monthly amount by place, each with its reason."""

import math
from collections.abc import Sequence

from engine.answers import GoalRef, money
from engine.household.aims import ENOUGH
from engine.household.pieces import BUCKET_OF, Place
from engine.recommenders.savings_strategy.answer import SavingsAllocation
from engine.recommenders.savings_strategy.kinds import NAME, WHY
from engine.recommenders.savings_strategy.slots import Slot, known
from engine.recommenders.savings_strategy.study import Study
from engine.wording import amount, months, percent


def allocation(study: Study, user: int, slots: Sequence[Slot]) -> tuple[SavingsAllocation, ...]:
    """Places that get money, the worthiest first."""
    budget = float(study.plan.budget[user])
    return tuple(
        SavingsAllocation(
            bucket=BUCKET_OF[slot.place],
            goal=GoalRef(id=study.facts.goals.id[slot.goal]) if known(slot.goal) else None,
            monthly_amount=money(slot.amount),
            share=slot.amount / budget,
            rationale=reason(study, user, slot),
        )
        for slot in slots
        if slot.amount > 0
    )


def name(study: Study, slot: Slot) -> str:
    """The user's own name of what the money goes to, where there is one."""
    if slot.place is Place.GOAL:
        return f"your goal {study.facts.goals.name[slot.goal]}"
    if slot.place is Place.DEBT:
        return str(study.facts.accounts.name[slot.account])
    return NAME[slot.place]


def reason(study: Study, user: int, slot: Slot) -> str:
    """Why the money goes there now, in one or two sentences."""
    if slot.place is Place.MATCH:
        return _match_reason(study, slot)
    if slot.place is Place.EMERGENCY:
        return _emergency_reason(study, user, slot)
    if slot.place is Place.GOAL:
        return _goal_reason(study, user, slot)
    if slot.place is Place.DEBT:
        until = _filled(slot, "paid off", "within")
        return f"Interest on {name(study, slot)} is {percent(slot.worth)} a year after tax{until}."
    if known(slot.goal):  # what it is worth holds what the goal is worth, which is no return
        return f"{WHY[slot.place]}; it serves your goal {study.facts.goals.name[slot.goal]}."
    return f"{WHY[slot.place]}: worth {percent(slot.worth)} a year after tax, as far as can be expected."


def months_covered(study: Study, user: int) -> float:
    """How many months of spending cash pays for, once debts are paid from it."""
    return float(study.plan.held[user]) / max(float(study.flow.spending[user]), 1.0)


def _match_reason(study: Study, slot: Slot) -> str:
    accounts = study.facts.accounts
    rate, limit = accounts.employer_match_rate[slot.account], accounts.employer_match_limit[slot.account]
    return f"Your employer adds {percent(rate)} to what you pay in, up to {percent(limit)} of your pay."


def _emergency_reason(study: Study, user: int, slot: Slot) -> str:
    covered = months(months_covered(study, user))
    suits = months(float(study.plan.months[user]))
    full = _filled(slot, "full") or "; before it is full, other places come to be worth more"
    your = "Once the debt is paid, your" if study.plan.held[user] < study.held[user] else "Your"
    pot = f" It counts towards your goal {study.facts.goals.name[slot.goal]}." if known(slot.goal) else ""
    return f"{your} cash covers {covered} of spending; {suits} suits you{full}.{pot}"


def _goal_reason(study: Study, user: int, slot: Slot) -> str:
    goals, currency = study.facts.goals, study.facts.profile.currency[user]
    target, due = amount(float(goals.target_amount[slot.goal]), currency), goals.target_date[slot.goal].item()
    needed = amount(slot.limit, currency)
    if 0.0 < study.flow.income[user] < slot.limit:
        when = "within a year" if due < study.facts.today else f"by {due:%B %Y}"
        return f"To make {target} {percent(ENOUGH)} likely {when} would take more than comes in; this is a part of it."
    if due < study.facts.today:
        return f"Its date has passed; {needed} a month makes {target} within a year {percent(ENOUGH)} likely."
    return f"It takes {needed} a month to make {target} by {due:%B %Y} {percent(ENOUGH)} likely."


def _filled(slot: Slot, done: str, term: str = "in") -> str:
    """How long it takes at this pace, where it ends within 50 years; what lenders ask for makes debts end sooner."""
    if not math.isfinite(slot.months_to_fill) or slot.months_to_fill > 600:
        return ""
    return f"; {done} {term} {months(math.ceil(slot.months_to_fill))} by this plan"
