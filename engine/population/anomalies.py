"""Planted anomalies: what a bank's customer would want to be told of, marked so that detectors can be judged."""

from dataclasses import replace
from enum import IntEnum

import numpy as np

from engine.facts import Positions
from engine.population.calendar import Calendar
from engine.population.lines import Lines, category_code, joined
from engine.population.merchants import one_off
from engine.population.streams import stream

MONTHS_PER_ANOMALY = 60.0  # of each kind, a household
TENFOLD = (8.0, 12.0)
PRICE_RISE = (1.3, 1.8)
UNSEEN = (4.0, 9.0)  # times a usual purchase
LARGEST = 3_000.0  # dollars: what would ruin a household is no everyday anomaly
DOUBLED_WITHIN_DAYS = 2


class Anomaly(IntEnum):
    """Kinds; 0 is an ordinary transaction."""

    NONE = 0
    DOUBLE_CHARGE = 1
    PRICE_RISE = 2
    TENFOLD_AMOUNT = 3
    NEW_MERCHANT = 4


def with_anomalies(ledger: Lines, months: Calendar, seed: int) -> Lines:
    """The ledger with anomalies of every kind, in order."""
    random = stream(seed, "anomalies")
    ledger = _tenfold(random, ledger, months)
    ledger = _new_merchant(random, ledger, months)
    ledger = _price_rise(random, ledger, months)
    return _double_charge(random, ledger, months)


def _chosen(random: np.random.Generator, ledger: Lines, months: Calendar, times: float, *categories: str) -> Positions:
    """Rows of ordinary purchases, about as many a household and month as wanted."""
    codes = [category_code(name) for name in categories]
    possible = np.flatnonzero(
        np.isin(ledger.category, codes) & (ledger.anomaly == 0) & (-ledger.amount * times < LARGEST)
    )
    households = len(np.unique(ledger.user))
    wanted = households * len(months) / MONTHS_PER_ANOMALY / max(len(possible), 1)
    return possible[random.random(len(possible)) < wanted]


def _marked(ledger: Lines, rows: Positions, kind: Anomaly) -> Positions:
    anomaly = ledger.anomaly.copy()
    anomaly[rows] = kind
    return anomaly


def _tenfold(random: np.random.Generator, ledger: Lines, months: Calendar) -> Lines:
    rows = _chosen(random, ledger, months, TENFOLD[1], "groceries", "dining", "transport")
    amount = ledger.amount.copy()
    amount[rows] *= random.uniform(*TENFOLD, len(rows))
    return replace(ledger, amount=amount, anomaly=_marked(ledger, rows, Anomaly.TENFOLD_AMOUNT))


def _new_merchant(random: np.random.Generator, ledger: Lines, months: Calendar) -> Lines:
    rows = _chosen(random, ledger, months, UNSEEN[1], "shopping")
    amount, place = ledger.amount.copy(), ledger.merchant.copy()
    amount[rows] *= random.uniform(*UNSEEN, len(rows))
    place[rows] = one_off(random, len(rows))
    return replace(ledger, amount=amount, merchant=place, anomaly=_marked(ledger, rows, Anomaly.NEW_MERCHANT))


def _price_rise(random: np.random.Generator, ledger: Lines, months: Calendar) -> Lines:
    """The first payment at the new price is the anomaly; later ones stay there."""
    rows = np.unique(_chosen(random, ledger, months, 1.0, "subscriptions"))
    service = ledger.user * 1_000 + ledger.merchant
    _, first = np.unique(service[rows], return_index=True)
    rows = rows[first]
    subscribed = np.flatnonzero(ledger.category == category_code("subscriptions"))
    times = np.ones(len(ledger))
    order = np.searchsorted(service[rows], service[subscribed]).clip(0, max(len(rows) - 1, 0))
    if len(rows):
        later = (service[rows[order]] == service[subscribed]) & (subscribed >= rows[order])
        times[subscribed] = np.where(later, random.uniform(*PRICE_RISE, len(rows))[order], 1.0)
    return replace(ledger, amount=ledger.amount * times, anomaly=_marked(ledger, rows, Anomaly.PRICE_RISE))


def _double_charge(random: np.random.Generator, ledger: Lines, months: Calendar) -> Lines:
    rows = _chosen(random, ledger, months, 1.0, "dining", "shopping", "subscriptions", "groceries")
    again = ledger.take(rows)
    day = np.minimum(again.day + random.integers(0, DOUBLED_WITHIN_DAYS, len(rows)), months.today)
    again = replace(again, day=day, anomaly=np.full(len(rows), int(Anomaly.DOUBLE_CHARGE)))
    return joined([ledger, again])
