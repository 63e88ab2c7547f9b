"""Why so much is moved a month, and how likely it is that this is kept up for a year."""

import math
from collections.abc import Iterator, Sequence

from engine.answers import Contribution
from engine.household.pieces import Place
from engine.recommenders.savings_strategy.slots import Slot
from engine.recommenders.savings_strategy.study import Study
from engine.sustain.record import SPANS
from engine.wording import amount, chance, percent

MONTHS = 12
COUNTED = ("none", "one", "two", "three")
NOTICED = 0.005
"""Of income: a rate so much below today's asks for a reason."""


def amount_and_chance(study: Study, user: int, slots: Sequence[Slot]) -> Iterator[Contribution]:
    """What holds the amount down, and what is known of keeping it up; effects are money a year."""
    if any(slot.place is Place.EMERGENCY and not math.isfinite(slot.months_to_fill) for slot in slots):
        yield _never_full(study, user)
    if study.means.held[user]:
        yield _held(study, user)
    if study.optimal_rate[user] < study.current_rate[user] - NOTICED:
        yield _below_today(study, user)
    yield Contribution(
        feature="success_probability",
        value=chance(study.keeping.chance[user]),
        effect=0.0,
        sentence=kept_up(study, user),
    )


def kept_up(study: Study, user: int) -> str:
    """What the success probability rests on."""
    likely = percent(chance(study.keeping.chance[user]))
    if study.keeping.learned[user]:
        return f"Of households with a record like yours, {likely} put so much aside over the following year."
    if not study.keeping.record.known[user]:
        return (
            f"Too few months of transactions are known to tell it of you: {likely} is the base rate, the share of US "
            "families that spend less than they earn in a year."
        )
    if study.plan.budget[user] <= 0:
        return f"There is nothing to keep up; that next year covers what is spent and owed has a chance of {likely}."
    return f"{_record(study, user)}; going by that record alone, a year of this has a chance of {likely}."


def _record(study: Study, user: int) -> str:
    """How often so much was put aside before."""
    spans, kept = int(study.keeping.record.spans[user]), int(study.keeping.record.kept[user])
    if spans == 1:
        return f"So much was {'' if kept else 'not '}put aside over the last half year"
    seen = "the last year and its halves" if spans < len(SPANS) else "the last two years and the halves of the last one"
    return f"Of {seen}, {'all' if kept == spans else COUNTED[kept]} saw so much put aside"


def _never_full(study: Study, user: int) -> Contribution:
    """Why the fund's months to its target are not told."""
    nothing = "there is no money for it" if study.plan.budget[user] <= 0 else "what comes before it takes all the money"
    return Contribution(
        feature="months_to_target",
        value=None,
        effect=0.0,
        sentence=f"This plan does not fill your emergency fund: {nothing}.",
    )


def _held(study: Study, user: int) -> Contribution:
    promised, carried = float(study.means.promised[user]), float(study.means.carried[user])
    currency = study.facts.profile.currency[user]
    return Contribution(
        feature="sustainable_contribution",
        value=round(promised, 2),
        effect=round(MONTHS * (promised - carried), 2),
        sentence=(
            f"Four of five households with a record like yours keep up {amount(promised, currency)} a month, so the "
            "plan asks for no more, though more is left over."
        ),
    )


def _below_today(study: Study, user: int) -> Contribution:
    flow, currency = study.flow, study.facts.profile.currency[user]
    kept = float(flow.income[user] - flow.spending[user])
    rate, today = percent(study.optimal_rate[user]), percent(study.current_rate[user])
    return Contribution(
        feature="optimal_savings_rate",
        value=float(study.optimal_rate[user]),
        effect=round(MONTHS * (float(study.plan.budget[user]) - kept), 2),
        sentence=f"Today {today} of income is not spent; {rate} is moved by this plan: {_rest(study, user, currency)}.",
    )


def _rest(study: Study, user: int, currency: str) -> str:
    """Where the difference stays."""
    owed = float(study.flow.debt_payments[user])
    flow = study.flow
    if flow.income[user] - flow.spending[user] <= owed:
        return f"{amount(owed, currency)} a month goes to lenders, and nothing is left after that"
    lenders = f"{amount(owed, currency)} a month goes to lenders, and " if owed > 0 else ""
    if study.means.held[user]:
        return f"{lenders}the rest is more than households like yours keep up"
    why = "months differ" if study.flow.observed[user] else "no transactions show how months differ"
    return f"{lenders}the rest stays in checking, because {why}"
