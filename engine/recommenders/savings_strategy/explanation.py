"""What moved the answer: the household's cash flow, and what the next 100 would be worth in each place."""

from collections.abc import Sequence

from engine.answers import Contribution
from engine.household.pieces import BUCKET_OF, Place
from engine.recommenders.savings_strategy.allocation import name
from engine.recommenders.savings_strategy.outlook import amount_and_chance
from engine.recommenders.savings_strategy.slots import Slot, known
from engine.recommenders.savings_strategy.study import Study
from engine.wording import amount, silence

HUNDRED = 100.0


def explanation(study: Study, user: int, slots: Sequence[Slot]) -> tuple[Contribution, ...]:
    """The strongest first; effects are money a year."""
    entries = [
        *_cash_flow(study, user),
        *amount_and_chance(study, user, slots),
        *(_next_hundred(study, user, slot) for slot in slots),
    ]
    return tuple(sorted(entries, key=lambda entry: -abs(entry.effect)))


def _cash_flow(study: Study, user: int) -> list[Contribution]:
    flow, currency = study.flow, study.facts.profile.currency[user]
    income, spending, debts = (float(column[user]) for column in (flow.income, flow.spending, flow.debt_payments))
    entries = [
        _monthly("monthly_income", income, 1, f"{amount(income, currency)} a month comes in after tax."),
        _monthly(
            "monthly_spending",
            spending,
            -1,
            f"{amount(spending, currency)} a month is spent{_source(study, user)}.{silence(flow.stopped[user])}",
        ),
    ]
    if debts > 0:
        entries.append(_monthly("debt_payments", debts, -1, f"{amount(debts, currency)} a month is owed to lenders."))
    kept = income - spending - debts - float(study.plan.budget[user])
    if study.plan.budget[user] > 0 and kept >= 1 and not study.means.held[user]:
        why = "because months differ" if flow.observed[user] else "because no transactions show how months differ"
        entries.append(_monthly("cushion", kept, -1, f"{amount(kept, currency)} a month stays in checking, {why}."))
    return entries


def _monthly(feature: str, value: float, sign: int, sentence: str) -> Contribution:
    return Contribution(
        feature=feature, value=round(value, 2), effect=round(sign * 12 * value, 2) + 0.0, sentence=sentence
    )


def _source(study: Study, user: int) -> str:
    if study.flow.observed[user]:
        return ""
    if study.flow.assumed[user]:
        return ", as assumed for want of stated expenses and transactions"
    return ", as you stated"


def _next_hundred(study: Study, user: int, slot: Slot) -> Contribution:
    hundred, place = amount(HUNDRED, study.facts.profile.currency[user]), name(study, slot)
    effect = round(HUNDRED * (slot.next_worth or 0.0), 2)
    worth = _worth(slot, amount(effect, study.facts.profile.currency[user]))
    full = "finds no room: " + ("this month's plan fills it" if slot.stock > 0 else "spare cash does it already")
    return Contribution(
        feature=f"next_100_{BUCKET_OF[slot.place].lower()}",
        value=slot.amount,
        effect=effect,
        sentence=f"The next {hundred} for {place} {full if slot.next_worth is None else worth}.",
    )


def _worth(slot: Slot, shown: str) -> str:
    """Money where it is money; else what it weighs beside money."""
    if slot.place is Place.DEBT:
        return f"saves {shown} of interest a year"
    if slot.place is Place.EMERGENCY:
        return f"weighs as much as {shown} a year: what lacking it in an emergency costs, times the chance of one"
    if slot.place is Place.GOAL or (slot.place is not Place.MATCH and known(slot.goal)):
        return f"weighs as much as {shown} a year: what being on time is worth, by the priority you gave it"
    return f"is worth {shown} a year after tax, as far as can be expected"
