"""Recommendations of the strategy: each only where it applies, all from the one plan."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import Priority
from engine.household.pieces import Place
from engine.household.spare import GAP_MONTHS, kept_for_gap
from engine.overview.actions import YARDSTICK
from engine.recommenders.savings_strategy.allocation import months_covered, name, reason
from engine.recommenders.savings_strategy.answer import AutomationStep
from engine.recommenders.savings_strategy.kinds import KEYS, TITLES
from engine.recommenders.savings_strategy.shortfall import living_within_means
from engine.recommenders.savings_strategy.slots import YEAR, Slot, known
from engine.recommenders.savings_strategy.study import Study
from engine.wording import amount, months, percent

DEAR = 0.15
MODERATE = 0.07
LEAST_MONTHS = 1.0
BASIC_MONTHS = 3.0


def advice(
    study: Study, user: int, slots: Sequence[Slot], steps: Sequence[AutomationStep]
) -> tuple[Recommendation, ...]:
    """The most urgent first; of equal urgency, the worthiest first."""
    found = [
        *living_within_means(study, user),
        *(_use_spare_cash(study, user, slot) for slot in slots if slot.at_once > 0),
        *(_save_there(study, user, slot) for slot in slots if slot.amount > 0),
        *_automate(study, user, steps),
    ]
    urgency = list(Priority)
    return tuple(sorted(found, key=lambda each: urgency.index(each.priority)))


def _use_spare_cash(study: Study, user: int, slot: Slot) -> Recommendation:
    shown, place = amount(slot.at_once, study.facts.profile.currency[user]), name(study, slot)
    title = f"Pay {shown} on {place} from your cash" if slot.place is Place.DEBT else f"Invest {shown} of spare cash"
    return Recommendation(
        key=f"use_spare_cash:{study.facts.accounts.id[slot.account]}" if slot.place is Place.DEBT else "use_spare_cash",
        title=title,
        description=_why_at_once(study, user, slot),
        priority=_by_worth(slot.worth),
        actionable_items=(ActionableItem(title=title, amount=money(slot.at_once)),),
        annual_impact=money(slot.at_once * slot.worth),
        data={
            "amount": str(money(slot.at_once)),
            "worth_a_year": f"{slot.worth:.4f}",
            "months_covered": f"{months_covered(study, user):.1f}",
            "monthly_gap": str(money(study.shortfall[user])),
            "gap_covered_months": f"{GAP_MONTHS:g}",
        },
    )


def _why_at_once(study: Study, user: int, slot: Slot) -> str:
    worth, left = percent(slot.worth), f"What is left covers {months(months_covered(study, user))} of spending"
    gap = kept_for_gap(float(study.shortfall[user]), study.facts.profile.currency[user])
    kept = f", and {gap}" if gap else ""
    if slot.place is not Place.DEBT:
        needless = f"Your emergency fund does not need it{kept}"
        return (
            f"{needless}; here it is worth {worth} a year after tax, as far as can be expected: more than cash earns."
        )
    if study.plan.held[user] >= min(study.target[user], study.held[user]):
        return f"Its interest is {worth} a year after tax, more than cash earns. {left}{kept}."
    more = "more than that cash is worth in your emergency fund"
    again = ", and the plan fills the fund again" if study.plan.budget[user] > 0 else kept
    return f"Its interest is {worth} a year after tax, {more}. {left}{again}."


def _save_there(study: Study, user: int, slot: Slot) -> Recommendation:
    shown, place = amount(slot.amount, study.facts.profile.currency[user]), name(study, slot)
    item = f"Put {shown} a month into {place}"
    account = "a savings account for your emergency fund" if slot.place is Place.EMERGENCY else place
    opened = () if known(slot.account) or slot.place is Place.GOAL else (f"Open {account}",)
    return Recommendation(
        key=_key(study, slot),
        title=TITLES[slot.place].format(amount=shown, place=place),
        description=reason(study, user, slot),
        priority=_priority(study, user, slot),
        actionable_items=(
            *(ActionableItem(title=title) for title in opened),
            ActionableItem(title=item, amount=money(slot.amount), due_date=study.first_start[user].item()),
        ),
        annual_impact=earned(study, slot),
        data=_figures(study, user, slot),
    )


def earned(study: Study, slot: Slot) -> Decimal | None:
    """Money within a year; None where the worth is the plan's yardstick: a fund's safety, or being on time."""
    if slot.place is Place.MATCH:
        paid = min(YEAR * slot.amount, slot.stock)
        return money(paid * float(study.facts.accounts.employer_match_rate[slot.account]))
    if slot.place in (Place.EMERGENCY, Place.GOAL) or (slot.place is not Place.DEBT and known(slot.goal)):
        return None
    return money(slot.first_year)


def _figures(study: Study, user: int, slot: Slot) -> dict[str, str]:
    """Everything that the description says in numbers."""
    figures = {"monthly_amount": str(money(slot.amount)), "worth_a_year": f"{slot.worth:.4f}"}
    if earned(study, slot) is None:
        figures[YARDSTICK] = str(money(slot.first_year))
    if math.isfinite(slot.months_to_fill):
        figures["months_to_fill"] = str(math.ceil(slot.months_to_fill))
    if slot.place is Place.GOAL:
        figures["needed_a_month"] = str(money(slot.limit))
    if slot.place is Place.EMERGENCY:
        figures["months_covered"] = f"{months_covered(study, user):.1f}"
    return figures


def _key(study: Study, slot: Slot) -> str:
    """One a place; debts, matched plans and goals by their ids."""
    if slot.place is Place.GOAL:
        return f"{KEYS[slot.place]}:{study.facts.goals.id[slot.goal]}"
    if slot.place in (Place.DEBT, Place.MATCH):
        return f"{KEYS[slot.place]}:{study.facts.accounts.id[slot.account]}"
    return KEYS[slot.place]


def _automate(study: Study, user: int, steps: Sequence[AutomationStep]) -> Iterator[Recommendation]:
    """Standing orders for the whole amount."""
    if not steps:
        return
    currency = study.facts.profile.currency[user]
    total, cushion = amount(float(study.plan.budget[user]), currency), math.ceil(study.cushion[user])
    yield Recommendation(
        key="automate_savings",
        title=f"Save {total} a month automatically",
        description=f"{_why_so_much(study, user)}. Moved on pay day, it is not spent first.",
        priority=Priority.MEDIUM,
        actionable_items=(
            *(ActionableItem(title=step.title, amount=step.amount, due_date=step.start_date) for step in steps),
            ActionableItem(
                title=f"Skip a transfer that would leave less than {amount(cushion, currency)} in checking",
                amount=money(cushion),
            ),
        ),
        data={
            "monthly_amount": str(money(study.plan.budget[user])),
            "least_in_checking": str(money(cushion)),
            "months_would_carry": str(money(study.means.carried[user])),
        },
    )


def _why_so_much(study: Study, user: int) -> str:
    if study.means.held[user]:
        carried = amount(float(study.means.carried[user]), study.facts.profile.currency[user])
        kept = "Four of five households with a record like yours keep it up"
        return f"{kept}; your months would carry {carried}, so raise it once it holds"
    if study.flow.observed[user]:
        return "The months seen so far would have carried it in nine of ten"
    known = "which is assumed" if study.flow.assumed[user] else "as you stated it"
    return f"It is four fifths of what your income leaves after spending, {known}"


def _priority(study: Study, user: int, slot: Slot) -> Priority:
    if slot.place is Place.MATCH:
        return Priority.CRITICAL
    if slot.place is Place.EMERGENCY:
        return _emergency_priority(float(study.plan.held[user]), float(study.flow.spending[user]))
    if slot.place is Place.GOAL:
        return tuple(Priority)[int(study.facts.goals.priority[slot.goal])]
    return _by_worth(slot.worth)


def _emergency_priority(held: float, spending: float) -> Priority:
    if held < LEAST_MONTHS * spending:
        return Priority.CRITICAL
    return Priority.HIGH if held < BASIC_MONTHS * spending else Priority.MEDIUM


def _by_worth(worth: float) -> Priority:
    if worth >= DEAR:
        return Priority.HIGH
    return Priority.MEDIUM if worth >= MODERATE else Priority.LOW
