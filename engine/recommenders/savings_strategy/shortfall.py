"""Advice for months that leave nothing: what would have to change, and how long cash lasts until then."""

from collections.abc import Iterator

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import Priority
from engine.household.worth import LEAST_TRANSFER
from engine.overview.actions import YARDSTICK
from engine.recommenders.savings_strategy.study import Study
from engine.wording import amount, months, silence

LEAST_GAP = 0.02
"""Of income; a smaller one is within what a year's record can tell."""
CRITICAL_RUNWAY_MONTHS = 6.0
LONG_RUNWAY_MONTHS = 24.0
FIRST_STEP = 0.05
"""Of income after tax: what a household that saves nothing starts with."""
LEAST_RUNWAY_MONTHS, LONGEST_RUNWAY_MONTHS = 0.1, 600.0
"""Shorter or longer ones are not told as months."""
STATE = ActionableItem(title="State what you spend a month, or add your transactions")


def living_within_means(study: Study, user: int) -> Iterator[Recommendation]:
    """One recommendation where nothing can be put aside, else none."""
    flow = study.flow
    if study.plan.budget[user] > 0:
        return
    least = max(LEAST_GAP * float(flow.income[user]), 1.0)
    if study.shortfall[user] >= least:
        yield _close_gap(study, user)
    elif flow.spending[user] + flow.debt_payments[user] - flow.income[user] >= least:
        yield _draw(study, user)
    else:
        yield _free_money(study, user)


def _close_gap(study: Study, user: int) -> Recommendation:
    gap = float(study.shortfall[user])
    shown, is_assumed = _money(study, user, gap), bool(study.flow.assumed[user])
    left = float(study.flow.spending[user]) - gap
    return Recommendation(
        key="close_spending_gap",
        title=f"Check whether {shown} a month is missing" if is_assumed else f"Close the gap of {shown} a month",
        description=f"{_in_and_out(study, user)}{_runway(study, user, gap)}",
        priority=Priority.MEDIUM if is_assumed else _urgency(float(study.held[user]) / gap),
        actionable_items=(STATE if is_assumed else _spend_at_most(study, user, left),),
        annual_impact=money(12 * gap),
        data={"monthly_gap": str(money(gap)), "months_covered": f"{study.held[user] / gap:.1f}"}
        | ({"monthly_limit": str(money(left))} if left > 0 else {}),
    )


def _spend_at_most(study: Study, user: int, left: float) -> ActionableItem:
    """What the months can carry; where lenders ask for more than that, no spending less closes the gap."""
    if left <= 0 and study.flow.debt_payments[user] > 0:
        return ActionableItem(title="Ask your lenders for lower payments, before one is missed")
    if left <= 0:
        return ActionableItem(title="Ask which benefits you can claim, for nothing comes in")
    return ActionableItem(title=f"Spend at most {_money(study, user, left)} a month", amount=money(left))


def _draw(study: Study, user: int) -> Recommendation:
    draw = float(study.flow.draw[user])
    limit = _money(study, user, draw)
    return Recommendation(
        key="draw_within_means",
        title=f"Draw no more than {limit} a month from your investments",
        description=f"{_in_and_out(study, user)} Up to {limit} a month can come from your investments for good.",
        priority=Priority.LOW,
        actionable_items=(ActionableItem(title=f"Keep monthly withdrawals below {limit}", amount=money(draw)),),
        data={"monthly_draw": str(money(draw))},
    )


def _free_money(study: Study, user: int) -> Recommendation:
    """All that the plan would do waits for it: it weighs what the first step would bring in the worthiest place."""
    step = max(FIRST_STEP * float(study.flow.income[user]), LEAST_TRANSFER)
    own = study.plan.places.worth[study.first_row[user] : study.first_row[user + 1]]
    return Recommendation(
        key="free_monthly_money",
        title="Free some money each month",
        description=f"{_in_and_out(study, user)} {_rest(study, user)}",
        priority=Priority.HIGH if study.held[user] < study.flow.spending[user] else Priority.MEDIUM,
        actionable_items=(
            ActionableItem(
                title=f"Find regular expenses of {_money(study, user, step)} a month that can go, for a first step",
                amount=money(step),
            ),
        ),
        data={"first_step": str(money(step)), YARDSTICK: str(money(6.0 * step * float(own.max(initial=0.0))))},
    )


def _rest(study: Study, user: int) -> str:
    flow = study.flow
    if flow.income[user] - flow.debt_payments[user] <= flow.spending[user]:
        return "That leaves nothing to put aside."
    return "The rest is too small or too uneven to be moved safely."


def _urgency(runway_months: float) -> Priority:
    if runway_months < CRITICAL_RUNWAY_MONTHS:
        return Priority.CRITICAL
    return Priority.HIGH if runway_months < LONG_RUNWAY_MONTHS else Priority.MEDIUM


def _in_and_out(study: Study, user: int) -> str:
    flow = study.flow
    spent, owed = (_money(study, user, float(column[user])) for column in (flow.spending, flow.debt_payments))
    lenders = f" and {owed} goes to lenders" if flow.debt_payments[user] > 0 else ""
    assumed = " (an assumption)" if flow.assumed[user] else ""
    income = _money(study, user, float(flow.income[user]))
    return f"{income} a month comes in after tax, {spent} is spent{assumed}{lenders}.{silence(flow.stopped[user])}"


def _runway(study: Study, user: int, gap: float) -> str:
    held = float(study.held[user])
    lasts = held / gap
    if held <= 0:
        return " There is no cash to fall back on."
    if lasts < LEAST_RUNWAY_MONTHS:
        return f" Cash of {_money(study, user, held)} is gone within days."
    if lasts > LONGEST_RUNWAY_MONTHS:
        return ""
    own = study.plan.at_once[study.first_row[user] : study.first_row[user + 1]]
    alone = ", were it used for nothing else" if own.sum() > 0 else ""
    return f" Cash of {_money(study, user, held)} covers the gap for {months(lasts)}{alone}."


def _money(study: Study, user: int, value: float) -> str:
    return amount(value, study.facts.profile.currency[user])
