"""Payments of one user that stand out, as the answer shows them."""

from dataclasses import dataclass

import numpy as np

from engine.answers import money
from engine.behavior.anomalies import Kind
from engine.recommenders.behavioral_insights.answer import SpendingAnomaly
from engine.recommenders.behavioral_insights.study import Study
from engine.recommenders.behavioral_insights.wording import anomaly_sentence
from engine.transactions import CATEGORY_NAMES

MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One alert and its kind."""

    kind: Kind
    anomaly: SpendingAnomaly


def payments(study: Study, user: int) -> list[Payment]:
    """What may be a mistake first, then by severity; ten at the most."""
    rows = np.flatnonzero(study.bought.user[study.found.place] == user)
    order = sorted(rows, key=lambda row: (study.found.kind[row] != Kind.DOUBLE_CHARGE, -study.found.severity[row], row))
    return [_payment(study, user, int(row)) for row in order[:MOST]]


def _payment(study: Study, user: int, row: int) -> Payment:
    place, kind = int(study.found.place[row]), Kind(int(study.found.kind[row]))
    source = int(study.bought.row[place])
    category = CATEGORY_NAMES[int(study.bought.category[place])]
    merchant = study.facts.transactions.merchant[source]
    paid, expected = float(study.bought.amount[place]), float(study.found.expected[row])
    return Payment(
        kind=kind,
        anomaly=SpendingAnomaly(
            date=study.facts.transactions.date[source].astype("datetime64[D]").item(),
            category=category,
            merchant=merchant,
            amount=money(paid),
            expected=money(expected),
            severity=round(float(study.found.severity[row]), 6),
            sentence=anomaly_sentence(
                kind,
                merchant,
                category,
                paid,
                expected,
                str(study.facts.profile.currency[user]),
                float(study.bought.hour[place]),
            ),
        ),
    )
