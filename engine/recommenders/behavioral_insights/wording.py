"""Sentences about payments and habits: what was seen, in money, without blame."""

from collections.abc import Callable, Mapping

import numpy as np

from engine.behavior.anomalies import NIGHT_ENDS, Kind
from engine.behavior.disposition import LEAST_SALES
from engine.behavior.habits import LEAST_PURCHASES, LEAST_TRANSFERS
from engine.behavior.herding import LEAST_CHASED
from engine.behavior.rises import LEAST_RISE, LEAST_SIDE, SETTLED
from engine.behavior.subscriptions import LEAST_QUARTERS, QUARTER
from engine.behavior.trading import LEAST_LOT_YEARS, LEAST_TRADED
from engine.enums import BiasKind
from engine.recommenders.behavioral_insights.study import Study
from engine.transactions import words
from engine.wording import amount, months, percent


def anomaly_sentence(
    kind: Kind, merchant: str | None, category: str, paid: float, expected: float, currency: str, hour: float
) -> str:
    """What stands out about a payment; `hour` is NaN where it is not known."""
    shown, usual = amount(paid, currency), _about(expected, currency)
    if kind is Kind.DOUBLE_CHARGE:
        return f"{merchant} was paid {shown} twice within two days; one of them may be a mistake."
    if kind is Kind.PRICE_RISE:
        more = amount(12 * (paid - expected), currency)
        return f"{merchant} now takes {shown}, up from {amount(expected, currency)}: {more} more a year."
    if kind is Kind.NEW_MERCHANT:
        night = " at night" if hour < NIGHT_ENDS else ""
        return (
            f"{shown} went{night} to {merchant}, where no payment of yours was seen before; "
            f"for {words(category)} you usually pay {usual} at a time."
        )
    where = f"at {merchant}" if merchant else f"for {words(category)}"
    return f"{shown} {where} is far above what is usual for you{' there' if merchant else ''}: {usual} at a time."


def _about(value: float, currency: str) -> str:
    """Of what is estimated: `about $55`, without cents where they are less than a tenth."""
    return "about " + amount(float(round(value)) if value >= 10.0 else value, currency).removesuffix(".00")


def not_judged(study: Study, kind: BiasKind, user: int) -> str:
    """What it would take."""
    told = study.biases[kind].shown if kind in study.biases else {}
    if kind is BiasKind.LIFESTYLE_INFLATION and told["lasting"][user]:
        return (
            f"Pay rose by {percent(float(told['rise'][user]))} {months(float(told['months_ago'][user]))} ago; beside "
            f"that, what {WANTED} take varies too much from month to month to tell whether it followed."
        )
    return NOT_JUDGED[kind]


def evidence(study: Study, kind: BiasKind, user: int) -> str:
    """What was counted, and what it comes to in money."""
    bias = study.biases[kind]
    told = {name: float(values[user]) for name, values in bias.shown.items()}
    currency = str(study.facts.profile.currency[user])
    sentence = _EVIDENCE[kind](told, amount(float(bias.cost[user]), currency), currency)
    return sentence + _services(study, user, currency) if kind is BiasKind.SUBSCRIPTION_CREEP else sentence


def _services(study: Study, user: int, currency: str) -> str:
    """Which subscriptions are new within the year, and which take more than a year before."""
    held, names = study.services, study.facts.transactions.merchant
    rows = np.flatnonzero(held.user == user)[np.argsort(-held.price[held.user == user], kind="stable")]
    told = [(row, str(names[study.bought.row[held.purchase[row]]]), amount(held.price[row], currency)) for row in rows]
    new = [f"{name} ({price})" for row, name, price in told if held.new[row]]
    dearer = [
        f"{name} ({price}, was {amount(held.price_before[row], currency)})"
        for row, name, price in told
        if held.kept[row] and held.dearer[row]
    ]
    parts = {"New within the year": new, "Dearer than a year ago": dearer}
    return "".join(f" {what}: {', '.join(listed)}." for what, listed in parts.items() if listed)


WANTED = "eating out, shopping, travel and the like"
_EVIDENCE: dict[BiasKind, Callable[[Mapping[str, float], str, str], str]] = {
    BiasKind.PRESENT_BIAS: lambda told, cost, _: (
        f"After {told['taken_back']:.0f} of your {told['transfers']:.0f} transfers to savings, money came back within "
        f"three weeks: {cost} a year."
    ),
    BiasKind.LIFESTYLE_INFLATION: lambda told, cost, currency: (
        f"Since pay rose by {percent(told['rise'])} {months(told['months_ago'])} ago, {amount(told['pay'], currency)} "
        f"a year in the money of today, {WANTED} take {amount(told['wants'], currency)} a year more; before, they took "
        f"{percent(told['share'])} of pay: {cost} a year is beyond that share."
    ),
    BiasKind.PAYDAY_EFFECT: lambda told, cost, _: (
        f"{told['soon']:.0f} of your {told['purchases']:.0f} purchases for {WANTED} fell within three days after pay; "
        f"evenly spread, {told['chance'] * told['purchases']:.0f} would have. That is {cost} a year more in those days."
    ),
    BiasKind.WEEKEND_SPLURGE: lambda told, cost, currency: (
        f"{percent(round(told['share'], 2))} of what you spent on {WANTED} went out on Saturdays and Sundays, two days "
        f"in seven: {_about(told['weekend'], currency)} a weekend, {cost} a year more than evenly spread."
    ),
    BiasKind.SUBSCRIPTION_CREEP: lambda told, cost, currency: (
        f"Over the last {months(told['months'])} your subscriptions rose {told['rises']:.0f} times and "
        f"{'fell once' if told['falls'] else 'never fell'}: from {amount(told['before'], currency)} to "
        f"{amount(told['now'], currency)} a month, {cost} a year more."
    ),
    BiasKind.LOSS_AVERSION: lambda told, cost, _: (
        f"Of {told['sales']:.0f} sales on days when you held both gains and losses, {told['gains']:.0f} took a gain; "
        f"chance would take {told['expected']:.0f}. On days of sale you sold {percent(told['gains_sold'])} of what "
        f"stood in gain and {percent(told['losses_sold'])} of what stood at a loss."
        + (f" Losses sold beside them would have put off {cost} of tax a year." if told["tax"] else "")
        + " Sales to rebalance look the same."
    ),
    BiasKind.OVERTRADING: lambda told, cost, _: (
        (
            f"Since your first sale on record you sold {told['sales']:.0f} lots, where a patient household sells "
            f"{told['patient']:.0f}. {percent(told['turnover'])} of the portfolio was turned over within a year, "
            f"beyond what was paid in or taken out; "
            if told["by_sales"]
            else f"{told['young']:.0f} of {told['lots']:.0f} lots were bought within a year, "
            f"{percent(told['turnover'])} of the portfolio beyond what was paid in; "
        )
        + f"trading that much costs about {cost} a year."
    ),
    BiasKind.HERDING: lambda told, cost, _: (
        f"{told['lots']:.0f} purchases came mostly after rises (at {percent(told['rank'])} of all quarters, where 50% "
        f"is chance)"
        + (f"; against the mean price of the half year around, that took {cost} a year more." if told["dear"] else ".")
    ),
}
NOT_JUDGED: Mapping[BiasKind, str] = {
    BiasKind.PRESENT_BIAS: f"Judging this takes {LEAST_TRANSFERS} transfers to savings in thirteen months.",
    BiasKind.LIFESTYLE_INFLATION: (
        f"Judging this takes a lasting rise in pay, {percent(LEAST_RISE)} beyond prices or more, with {LEAST_SIDE} "
        f"months known before it and {LEAST_SIDE + SETTLED} since."
    ),
    BiasKind.PAYDAY_EFFECT: (
        f"Judging this takes {LEAST_PURCHASES} purchases for {WANTED} in thirteen months, and pay that comes on some "
        "days only."
    ),
    BiasKind.WEEKEND_SPLURGE: f"Judging this takes {LEAST_PURCHASES} purchases for {WANTED} in thirteen months.",
    BiasKind.SUBSCRIPTION_CREEP: (
        f"Judging this takes {LEAST_QUARTERS * QUARTER} months of transactions, and whom each subscription is paid to."
    ),
    BiasKind.LOSS_AVERSION: (
        f"Judging this takes {LEAST_SALES} lots sold on days when you held both gains and losses: send what was sold, "
        "with what it had cost."
    ),
    BiasKind.OVERTRADING: (
        f"Judging this takes a year of transactions, and {LEAST_TRADED} lots with known prices or a record of sales "
        f"since which lots times years come to {LEAST_LOT_YEARS:.0f}."
    ),
    BiasKind.HERDING: f"Judging this takes {LEAST_CHASED} purchases, held or sold since, in weeks with known prices.",
}
