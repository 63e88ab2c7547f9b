"""What a purchase usually costs: by merchant, by category and by household, each leaning on the next where it is thin.

Amounts are logarithms of shares of the household's usual purchase; a purchase is left out of what it is compared with.
"""

from dataclasses import dataclass

import numpy as np

from engine.behavior.purchases import NOWHERE, Purchases, crossed, numbered
from engine.facts import Floats, Positions
from engine.transactions import CATEGORY_NAMES, DISCRETIONARY

PRIORS: dict[str, tuple[float, float]] = {
    "rent": (1.8, 0.04),
    "mortgage": (1.1, 0.05),
    "utilities": (0.2, 0.04),
    "groceries": (-0.1, 0.2),
    "dining": (0.0, 0.3),
    "transport": (0.6, 0.3),
    "insurance": (0.1, 0.3),
    "health": (0.7, 0.5),
    "childcare": (1.1, 0.04),
    "education": (1.2, 0.8),
    "subscriptions": (-2.1, 0.16),
    "shopping": (0.7, 0.55),
    "entertainment": (0.5, 0.4),
    "travel": (1.0, 0.7),
    "fees": (-1.0, 0.4),
    "gifts": (0.8, 0.75),
    "taxes": (1.5, 0.3),
    "other": (0.4, 0.45),
}
"""Mean and variance of log amounts, measured on the demo population (synthetic): `make bench ARGS=behavior`."""
MEANS, VARIANCES = (np.array([PRIORS.get(name, (0.0, 0.5))[part] for name in CATEGORY_NAMES]) for part in (0, 1))
WEIGHT_OF_CATEGORY = 2.0
"""Purchases that a prior counts as."""
WEIGHT_OF_MERCHANT = 5.0
WEIGHT_OF_TIME = 15.0
WEIGHT_OF_SPREAD = 100.0
"""So many: whoever is uneven in one want is so in all; on real baskets too the sort tells more than the category."""
WEIGHT_OF_UNEVENNESS = 20.0
LARGEST = 6.0
"""Times the usual variance that one purchase may add: what stands out must not hide what else does."""
ROUNDS = 2
"""After which what is usual for the household, not for all, bounds what one of its purchases may add."""
NEEDS, WANTS = ("groceries", "transport", "health"), tuple(name for name in DISCRETIONARY if name != "subscriptions")
BILL = 0
SORT = np.array([1 * (name in NEEDS) + 2 * (name in WANTS) for name in CATEGORY_NAMES])
"""Needs, wants and bills, subscriptions among these: how even bills are says nothing of what is bought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """One row a purchase."""

    expected: Floats
    """Money."""
    score: Floats
    """How many of its usual spreads the amount lies above what is expected."""
    compared: Positions
    """With how many others of its category."""


def usual(bought: Purchases) -> Usual:
    """Of every purchase, against all others of its household."""
    log = np.log(bought.amount)
    centre = _others(bought.user, log, np.zeros(len(log)), 0.0)
    share = log - centre
    category = crossed(bought.user, bought.category)
    place = numbered(category, bought.merchant)
    by_category = _others(category, share, MEANS[bought.category], WEIGHT_OF_CATEGORY)
    by_place = _others(place, share, by_category, WEIGHT_OF_MERCHANT)
    at_any_time = np.where(bought.merchant == NOWHERE, by_category, by_place)
    middle = at_any_time + _time(bought, share - at_any_time)
    compared = np.bincount(category, minlength=1)[category] - 1
    spread = _spread(bought, category, (share - middle) ** 2) * np.sqrt(1.0 + 1.0 / (compared + WEIGHT_OF_CATEGORY))
    return Usual(expected=np.exp(middle + centre), score=(share - middle) / spread, compared=compared)


def _time(bought: Purchases, apart: Floats) -> Floats:
    """By how much the household's weekends and seasons differ from its other days; of bills apart."""
    bill, nothing = (SORT[bought.category] == BILL).astype(np.int64), np.zeros(len(apart))
    weekend = ((bought.day + 3) % 7 >= 5).astype(np.int64)  # 1970-01-01 was a Thursday
    month = bought.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    by_day = _others(crossed(bought.user, bill, weekend), apart, nothing, WEIGHT_OF_TIME)
    return by_day + _others(crossed(bought.user, bill, month), apart - by_day, nothing, WEIGHT_OF_TIME)


def _spread(bought: Purchases, category: Positions, apart: Floats) -> Floats:
    """Of log amounts: the category's own, leaning on how uneven the household is in needs, in wants or in bills."""
    variance, sort = VARIANCES[bought.category], crossed(bought.user, SORT[bought.category])
    usual_variance = variance
    for _ in range(ROUNDS):
        believed = np.minimum(apart, LARGEST * usual_variance) / variance
        usual_variance = variance * _others(sort, believed, np.ones(len(apart)), WEIGHT_OF_UNEVENNESS)
    believed = np.minimum(apart, LARGEST * usual_variance)
    return np.sqrt(_others(category, believed, usual_variance, WEIGHT_OF_SPREAD))


def _others(group: Positions, values: Floats, prior: Floats, weight: float) -> Floats:
    """Mean of the group's other values and of the prior; the prior where there are none."""
    count = np.bincount(group, minlength=1)[group] - 1.0
    total = np.bincount(group, weights=values, minlength=1)[group] - values
    return np.asarray((total + weight * prior) / np.maximum(count + weight, 1e-9))
