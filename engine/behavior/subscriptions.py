"""Subscriptions: what each service takes, and whether they creep: rise again and again while hardly any is dropped."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.behavior.biases import Bias, bias
from engine.behavior.days import day_number
from engine.behavior.purchases import IS_SPENDING, NOWHERE, Purchases, numbered
from engine.behavior.series import total
from engine.facts import CashFlows, Facts, Flags, Floats, Positions
from engine.transactions import CATEGORY_NAMES
from engine.units import MONTHS_A_YEAR

SUBSCRIPTIONS = CATEGORY_NAMES.index("subscriptions")
CURRENT_DAYS = 45
"""Within which a service that is kept was paid: a month and some delay."""
YEAR_AGO_DAYS = (350, 395)
DEARER = 1.01
QUARTER, QUARTERS_A_YEAR = 3, 4
LEAST_QUARTERS = 9
STEP = 0.05
"""Of what subscriptions took in the quarter before: prices alone rise by less in a year."""
LEAST_RISES, MOST_FALLS = 3, 1
LEAST_SHARE = 0.003
"""Of spending, that the rise comes to."""
LEAST_SERVICES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One row a household and service of the last thirteen months; payments to nobody known are none."""

    user: Positions
    purchase: Positions
    """Position of its last payment."""
    price: Floats
    price_before: Floats
    """Of the first payment in those months."""
    kept: Flags
    kept_a_year_ago: Flags
    new: Flags
    """Taken up within the year and paid every month since."""

    @property
    def dearer(self) -> Flags:
        return self.kept_a_year_ago & (self.price > DEARER * self.price_before)


def services(bought: Purchases, today: date) -> Services:
    """All that were paid, by household."""
    rows = np.flatnonzero((bought.category == SUBSCRIPTIONS) & (bought.merchant != NOWHERE))
    service = numbered(bought.user[rows], bought.merchant[rows])
    _, first, count = np.unique(service, return_index=True, return_counts=True)
    last = len(service) - 1 - np.unique(service[::-1], return_index=True)[1]
    ago = day_number(today) - bought.day[rows]
    a_year_ago = np.zeros(len(first), dtype=np.bool_)
    a_year_ago[service[(ago >= YEAR_AGO_DAYS[0]) & (ago < YEAR_AGO_DAYS[1])]] = True
    kept = ago[last] < CURRENT_DAYS
    return Services(
        user=bought.user[rows[first]],
        purchase=rows[last],
        price=bought.amount[rows[last]],
        price_before=bought.amount[rows[first]],
        kept=kept,
        kept_a_year_ago=a_year_ago,
        new=kept & ~a_year_ago & (ago[first] <= CURRENT_DAYS * count),
    )


def subscription_creep(facts: Facts, bought: Purchases, held: Services) -> Bias:
    """Subscriptions rose in three quarters or more, once within the year, and fell in one at the most.

    The first of them is no rise. A quarter is told by its middle month, so that neither a yearly bill nor a second
    charge counts.
    """
    quarters = _quarters(facts.cash_flows)
    before, now = quarters[:, :-1], quarters[:, 1:]
    rose, fell = ((before > 0) & (sign * (now - before) >= STEP * before) for sign in (1.0, -1.0))
    first = (quarters > 0).argmax(axis=1)
    level, start = quarters[:, -1], quarters[np.arange(len(facts)), first]
    kept, earlier = (facts.count(held.user[flag]) for flag in (held.kept, held.kept_a_year_ago))
    spent = -facts.cash_flows.amount[:, -MONTHS_A_YEAR:, IS_SPENDING].sum(axis=(1, 2)) / MONTHS_A_YEAR
    found = (rose.sum(axis=1) >= LEAST_RISES) & rose[:, -QUARTERS_A_YEAR:].any(axis=1)
    found &= (fell.sum(axis=1) <= MOST_FALLS) & (level - start >= LEAST_SHARE * spent)
    found &= (kept >= LEAST_SERVICES) & (kept >= earlier)
    return bias(
        (facts.cash_flows.observed >= LEAST_QUARTERS * QUARTER) & ~_unnamed(facts, bought),
        found,
        (level - start) / np.maximum(level, 0.01),
        MONTHS_A_YEAR * (level - start),
        now=level,
        before=start,
        rises=rose.sum(axis=1).astype(np.float64),
        falls=fell.sum(axis=1).astype(np.float64),
        months=QUARTER * (quarters.shape[1] - 1.0 - first),
        services=kept,
    )


def _quarters(flows: CashFlows) -> Floats:
    """Users x quarters, what the middle one of three months took; a quarter of nothing in front where there is none."""
    monthly = -total(flows, ("subscriptions",))
    count = monthly.shape[1] // QUARTER
    months = monthly[:, monthly.shape[1] - QUARTER * count :].reshape(len(monthly), count, QUARTER)
    return np.pad(np.median(months, axis=2), ((0, 0), (max(1 - count, 0), 0)))


def _unnamed(facts: Facts, bought: Purchases) -> Flags:
    """Whose subscriptions are paid to nobody known: services cannot be counted."""
    nameless = (bought.category == SUBSCRIPTIONS) & (bought.merchant == NOWHERE)
    return facts.count(bought.user[nameless]) > 0
