"""Recommendations of the strategy: each only where it applies, all from the one plan."""

from collections.abc import Iterator, Sequence

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import Priority
from engine.household.pieces import Place
from engine.recommenders.savings_strategy.allocation import name, reason
from engine.recommenders.savings_strategy.answer import AutomationStep
from engine.recommenders.savings_strategy.study import Slot, Study
from engine.wording import amount, percent

DEAR_DEBT = 0.15
MODERATE_DEBT = 0.07
LEAST_MONTHS = 1.0
BASIC_MONTHS = 3.0


def advice(
    study: Study, user: int, slots: Sequence[Slot], steps: Sequence[AutomationStep]
) -> tuple[Recommendation, ...]:
    """The most urgent first; of equal urgency, the worthiest first."""
    found = [*_gap(study, user), *(_save_there(study, user, slot) for slot in slots if slot.amount > 0)]
    found += _automate(study, user, steps)
    urgency = list(Priority)
    return tuple(sorted(found, key=lambda each: urgency.index(each.priority)))


def _gap(study: Study, user: int) -> Iterator[Recommendation]:
    """Nothing to spare: what would have to change first."""
    if study.plan.budget[user] > 0:
        return
    flow, currency = study.flow, study.facts.profile.currency[user]
    gap = float(max(flow.spending[user] + flow.debt_payments[user] - flow.income[user], 0.0))
    needs = amount(float(flow.spending[user] + flow.debt_payments[user]), currency)
    yield Recommendation(
        key="close_spending_gap",
        title="Bring spending below income" if gap > 0 else "Free some money each month",
        description=(
            f"{needs} a month goes out and {amount(float(flow.income[user]), currency)} comes in after tax. "
            "Nothing can be put aside safely until that changes."
        ),
        priority=Priority.CRITICAL,
        actionable_items=(ActionableItem(title="Spend less or earn more each month by", amount=money(gap)),)
        if gap
        else (),
        annual_impact=money(12 * gap) if gap else None,
        data={"monthly_gap": str(money(gap))},
    )


def _save_there(study: Study, user: int, slot: Slot) -> Recommendation:
    shown, place = amount(slot.amount, study.facts.profile.currency[user]), name(study, slot)
    start = study.first_start[user].item()
    return Recommendation(
        key=_key(study, slot),
        title=TITLES[slot.place].format(amount=shown, place=place),
        description=reason(study, user, slot),
        priority=_priority(study, user, slot),
        actionable_items=(ActionableItem(title=_item(shown, place), amount=money(slot.amount), due_date=start),),
        annual_impact=money(12 * slot.amount * slot.worth),
        data={"monthly_amount": str(money(slot.amount)), "worth_a_year": f"{slot.worth:.4f}"},
    )


def _item(shown: str, place: str) -> str:
    return f"Put {shown} a month into {place}"


def _key(study: Study, slot: Slot) -> str:
    key = KEYS[slot.place]
    if slot.place is Place.DEBT or slot.place is Place.MATCH:
        return f"{key}:{study.facts.accounts.id[slot.account]}"
    return f"{key}:{study.facts.goals.id[slot.goal]}" if slot.place is Place.GOAL else key


def _automate(study: Study, user: int, steps: Sequence[AutomationStep]) -> list[Recommendation]:
    if not steps:
        return []
    total = amount(float(study.plan.budget[user]), study.facts.profile.currency[user])
    rate = percent(float(study.optimal_rate[user]))
    return [
        Recommendation(
            key="automate_savings",
            title=f"Let {total} a month be saved by itself",
            description=f"That is {rate} of your income after tax, moved on pay day before it can be spent.",
            priority=Priority.MEDIUM,
            actionable_items=tuple(
                ActionableItem(title=step.title, amount=step.amount, due_date=step.start_date) for step in steps
            ),
        )
    ]


TITLES = {
    Place.MATCH: "Take your employer's match",
    Place.DEBT: "Pay {amount} a month more on {place}",
    Place.EMERGENCY: "Raise your emergency fund by {amount} a month",
    Place.HSA: "Put {amount} a month into {place}",
    Place.PLAN: "Put {amount} a month into {place}",
    Place.ROTH_IRA: "Put {amount} a month into {place}",
    Place.TRADITIONAL_IRA: "Put {amount} a month into {place}",
    Place.GOAL: "Put {amount} a month aside for {place}",
    Place.TAXABLE: "Invest {amount} a month",
}
KEYS = {
    Place.MATCH: "take_employer_match",
    Place.DEBT: "pay_down_debt",
    Place.EMERGENCY: "raise_emergency_fund",
    Place.HSA: "fund_hsa",
    Place.PLAN: "fund_employer_plan",
    Place.ROTH_IRA: "fund_roth_ira",
    Place.TRADITIONAL_IRA: "fund_traditional_ira",
    Place.GOAL: "fund_goal",
    Place.TAXABLE: "invest_the_rest",
}


def _priority(study: Study, user: int, slot: Slot) -> Priority:
    if slot.place is Place.MATCH:
        return Priority.CRITICAL
    if slot.place is Place.EMERGENCY:
        return _emergency_priority(float(study.held[user]), float(study.flow.spending[user]))
    if slot.place is Place.GOAL:
        return tuple(Priority)[int(study.facts.goals.priority[slot.goal])]
    if slot.worth >= DEAR_DEBT:
        return Priority.HIGH
    return Priority.MEDIUM if slot.worth >= MODERATE_DEBT else Priority.LOW


def _emergency_priority(held: float, spending: float) -> Priority:
    if held < LEAST_MONTHS * spending:
        return Priority.CRITICAL
    return Priority.HIGH if held < BASIC_MONTHS * spending else Priority.MEDIUM
