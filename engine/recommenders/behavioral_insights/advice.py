"""At most five things to look at, each with its money: what may be got back first, habits after it."""

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np

from engine.answers import ActionableItem, Recommendation, money
from engine.behavior.anomalies import Kind
from engine.enums import BiasKind, Priority
from engine.overview.actions import YARDSTICK
from engine.recommenders.behavioral_insights.months import COLUMNS, months_ahead, usual_total
from engine.recommenders.behavioral_insights.payments import payments
from engine.recommenders.behavioral_insights.study import Study
from engine.recommenders.behavioral_insights.wording import evidence
from engine.transactions import CATEGORY_NAMES, PLURAL, words
from engine.units import MONTHS_A_YEAR
from engine.wording import amount, months, percent

MOST = 5
MOST_PAYMENTS, MOST_HABITS = 2, 2
MUCH_OVER = 1.1
"""Times the budget, in the mean of a year."""
LEAST_OVER = 0.01
"""Of a month's spending: beyond a budget by less is not worth a word."""
DEAR_MONTH = 1.25
"""Times the usual month: of those told so on the demo (synthetic), three in four came out above it."""
PRIORITIES = {
    Kind.DOUBLE_CHARGE: Priority.HIGH,
    Kind.PRICE_RISE: Priority.MEDIUM,
    Kind.UNUSUAL_AMOUNT: Priority.MEDIUM,
    Kind.NEW_MERCHANT: Priority.MEDIUM,
}
TIMES_A_YEAR = {Kind.DOUBLE_CHARGE: 1, Kind.PRICE_RISE: 12}
"""How often what is too much comes back or need not be paid; of other payments nobody knows whether any of it does."""
PAYMENT_STEPS = {
    Kind.DOUBLE_CHARGE: "If you meant to pay once, ask for one of them back",
    Kind.PRICE_RISE: "Keep it at the new price, take a cheaper plan, or cancel",
}
NOT_KNOWN = "If you do not know this payment, tell your bank today"
STEPS = {
    BiasKind.PRESENT_BIAS: ("Let savings stay where they are", "Move a little less, and keep it for three months"),
    BiasKind.LIFESTYLE_INFLATION: (
        "Let savings grow with your pay",
        "Move half of the next rise to savings on pay day, before it is spent",
    ),
    BiasKind.PAYDAY_EFFECT: (
        "Spread spending from pay to pay",
        "Divide what is left after bills by the weeks until the next pay",
    ),
    BiasKind.WEEKEND_SPLURGE: ("Give weekends an amount", "Decide on Friday what the weekend may cost"),
    BiasKind.SUBSCRIPTION_CREEP: ("Go through your subscriptions", "Cancel one that was hardly used last month"),
    BiasKind.LOSS_AVERSION: (
        "Look at losses before you sell a gain",
        "Before the next sale, ask of each lot at a loss whether you would buy it today",
    ),
    BiasKind.OVERTRADING: (
        "Change the portfolio on fixed days",
        "Keep one day a quarter for orders, those of a rebalancing too",
    ),
    BiasKind.HERDING: ("Buy on fixed days", "Let a standing order buy, whatever prices did"),
}


def advice(study: Study, user: int) -> tuple[Recommendation, ...]:
    """The most urgent first; of equal urgency, in this order."""
    found = [*_payments(study, user), *_budget(study, user), *_habits(study, user), *_dear_month(study, user)]
    urgency = list(Priority)
    return tuple(sorted(found, key=lambda each: urgency.index(each.priority))[:MOST])


def _payments(study: Study, user: int) -> Iterator[Recommendation]:
    currency = str(study.facts.profile.currency[user])
    for each in payments(study, user)[:MOST_PAYMENTS]:
        seen, excess = each.anomaly, each.anomaly.amount - each.anomaly.expected
        where, paid = seen.merchant or words(seen.category), amount(float(seen.amount), currency)
        title = {
            Kind.DOUBLE_CHARGE: f"Ask {where} about a second charge of {paid}",
            Kind.PRICE_RISE: f"Check the new price of {where}",
        }.get(each.kind, f"Check a payment of {paid} {'at' if seen.merchant else 'for'} {where}")
        yield Recommendation(
            key=f"check_payment:{_digest(f'{seen.date} {where} {seen.amount} {each.kind}')}",
            title=title,
            description=seen.sentence,
            priority=PRIORITIES[each.kind],
            actionable_items=(ActionableItem(title=PAYMENT_STEPS.get(each.kind, NOT_KNOWN), amount=seen.amount),),
            annual_impact=TIMES_A_YEAR[each.kind] * excess if each.kind in TIMES_A_YEAR else None,
            data={"amount": str(seen.amount), "expected": str(seen.expected), "date": seen.date.isoformat()}
            | ({} if each.kind in TIMES_A_YEAR else {YARDSTICK: str(excess)}),
        )


def _budget(study: Study, user: int) -> Iterator[Recommendation]:
    """The budget that is exceeded by the most money; what is kept is worth what it earns, which is not known here."""
    over = np.nan_to_num(study.means[user] - study.limits[user], nan=-1.0)
    column = max(COLUMNS, key=lambda each: over[each])
    limit, spent = float(study.limits[user, column]), float(study.means[user, column])
    if not (over[column] >= LEAST_OVER * usual_total(study, user) and spent >= MUCH_OVER * limit and over[column] > 0):
        return
    name, currency = CATEGORY_NAMES[column], str(study.facts.profile.currency[user])
    title = f"Bring {words(name)} and {'their' if name in PLURAL else 'its'} budget together"
    yield Recommendation(
        key=f"meet_budget:{name}",
        title=title,
        description=(
            f"You spent {amount(spent, currency)} a month on {words(name)} over {_span(study, user)}; the budget is "
            f"{amount(limit, currency)}. Either may be what you want: change the one that is not."
        ),
        priority=Priority.MEDIUM,
        actionable_items=(
            ActionableItem(title=f"Spend {amount(spent - limit, currency)} a month less", amount=money(spent - limit)),
            ActionableItem(title=f"Or set the budget to {amount(spent, currency)}", amount=money(spent)),
        ),
        data={"monthly_mean": str(money(spent)), "budget": str(money(limit))},
    )


def _habits(study: Study, user: int) -> Iterator[Recommendation]:
    """The habits that cost most."""
    found = [kind for kind, bias in study.biases.items() if bias.present[user]]
    for kind in sorted(found, key=lambda each: -float(study.biases[each].cost[user]))[:MOST_HABITS]:
        title, step = STEPS[kind]
        cost = money(study.biases[kind].cost[user])
        yield Recommendation(
            key=f"habit:{kind.lower()}",
            title=title,
            description=evidence(study, kind, user),
            priority=Priority.LOW,
            actionable_items=(ActionableItem(title=step),),
            data={"strength": f"{study.biases[kind].strength[user]:.4f}", "money_a_year": str(cost)},
        )


def _dear_month(study: Study, user: int) -> Iterator[Recommendation]:
    """A month ahead that will probably cost more than usual."""
    expected = study.ahead.expected[user] * study.usual_month[user]
    ahead, usual = int(expected.argmax()), usual_total(study, user)
    if not (usual > 0 and expected[ahead] >= DEAR_MONTH * usual):
        return
    currency, month = str(study.facts.profile.currency[user]), months_ahead(study, len(expected))[ahead]
    more = float(expected[ahead]) - usual
    title = f"Keep {amount(more, currency)} ready for {month:%B}"
    yield Recommendation(
        key=f"prepare_month:{month:%Y-%m}",
        title=title,
        description=(
            f"{month:%B %Y} will probably cost about {amount(float(expected[ahead]), currency)}, "
            f"{percent(round(float(expected[ahead]) / usual - 1.0, 2))} more than the {amount(usual, currency)} that a "
            f"month took over {_span(study, user)}."
        ),
        priority=Priority.LOW,
        actionable_items=(ActionableItem(title=title, amount=money(more)),),
        data={"expected": str(money(expected[ahead])), "usual": str(money(usual))},
    )


def _span(study: Study, user: int) -> str:
    """The time that means are of."""
    seen = int(study.known.observed[user])
    return "the last year" if seen >= MONTHS_A_YEAR else f"the last {months(seen)}"


def _digest(text: str) -> str:
    """Names a payment without telling it."""
    return blake2b(text.encode(), digest_size=8, person=b"payment").hexdigest()
