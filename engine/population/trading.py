"""When lots are bought and sold: one law for what is still held and for what is gone.

Lots are bought at a steady rate, by who follows the herd after rises, and sold at a hazard that depends on
neither age nor price. Who trades too much sells sooner; who shuns losses sells what stands in gain more readily than
what stands at a loss. Lots are sold whole.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.facts import Floats, Positions
from engine.population.biases import Biases
from engine.population.prices import Prices

MEAN_HELD_WEEKS = 200.0
TRADED_SOONER = 0.35
"""Part of the usual time that who trades too much holds a lot."""
READINESS = 3.4
"""With full loss aversion gains are sold 1 + 3.4 times as readily as losses. Over all households, four in five of whom
have none, the mean ratio is then 1.5, which Odean (1998) found over 10,000 accounts: .148 of gains realised, .098 of
losses. That few carry most of it is nearer to Dhar and Zhu (2006), where a fifth show none or the opposite, than one
ratio for everybody."""
RUN_UP_WEEKS = 13
TRIED = 16  # weeks of purchase of which one is left by the sales of who shuns losses


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Of the owner of each lot."""

    hazard: Floats
    """Of being sold, a week; the mean of gains and losses."""
    apart: Floats
    """By which part of it gains are sold sooner and losses later."""
    herding: Floats

    def repeated(self, times: Positions | int) -> "Habits":
        """For so many lots each."""
        return Habits(**{name: np.repeat(getattr(self, name), times) for name in ("hazard", "apart", "herding")})


def habits(biases: Biases, user: Positions) -> Habits:
    """As planted."""
    ratio = 1.0 + READINESS * biases.loss_aversion[user]
    held = MEAN_HELD_WEEKS * np.where(biases.overtrading[user] > 0, TRADED_SOONER, 1.0)
    return Habits(hazard=1.0 / held, apart=(ratio - 1.0) / (ratio + 1.0), herding=biases.herding[user])


def held_since(random: np.random.Generator, prices: Prices, fund: Positions, own: Habits) -> Positions:
    """Weeks in which lots that nobody has sold yet were bought, whatever they stand at."""
    week, other = (_held(random, own, len(prices.dates)) for _ in range(2))
    return _chased(random, prices, fund, week, other, own)


def left_by_sales(random: np.random.Generator, prices: Prices, fund: Positions, own: Habits) -> Positions:
    """The same where gains are sold more readily: of several such weeks, one as likely as a lot of it is left."""
    many, funds = own.repeated(TRIED), np.repeat(fund, TRIED)
    week = held_since(random, prices, funds, many)
    now = len(prices.dates) - 1
    gained = weeks_in_gain(prices)[funds, week, now]
    left = -many.hazard * many.apart * (2.0 * gained - (now - week))
    luck = random.gumbel(size=len(left)) + left
    chosen = luck.reshape(-1, TRIED).argmax(axis=1)
    return np.asarray(week.reshape(-1, TRIED)[np.arange(len(fund)), chosen], dtype=np.int64)


def bought(random: np.random.Generator, prices: Prices, fund: Positions, own: Habits) -> Positions:
    """Weeks of purchase of all lots, sold since or not."""
    week, other = random.integers(0, len(prices.dates) - 1, (2, len(fund)))
    return _chased(random, prices, fund, week, other, own)


def sold(random: np.random.Generator, prices: Prices, fund: Positions, week: Positions, own: Habits) -> Positions:
    """Weeks in which lots that were bought in these are sold; the number of weeks where that is yet to come."""
    patience = random.exponential(1.0, len(fund)) / own.hazard
    gained = weeks_in_gain(prices)
    first, last = week + 1, np.full(len(week), len(prices.dates))
    while (first < last).any():
        middle = (first + last) // 2
        seen = np.minimum(middle, len(prices.dates) - 1)
        gains = gained[fund, week, seen].astype(np.float64)
        spent = (seen - week) + own.apart * (2.0 * gains - (seen - week))
        reached = spent >= patience
        first, last = np.where(reached, first, np.minimum(middle + 1, last)), np.where(reached, middle, last)
    return first


def weeks_in_gain(prices: Prices) -> NDArray[np.int16]:
    """Funds x week of purchase x week: how many weeks since the purchase the price was above it."""
    close = prices.close.T
    later = np.triu(np.ones((len(prices.dates), len(prices.dates)), dtype=np.bool_), 1)
    return np.asarray(((close[:, None, :] > close[:, :, None]) & later).cumsum(axis=2, dtype=np.int16))


def _held(random: np.random.Generator, own: Habits, weeks: int) -> Positions:
    """Recent weeks are likelier; none before the first price."""
    age = random.exponential(1.0, len(own.hazard)) / own.hazard
    return np.asarray(weeks - 1 - np.mod(age.astype(np.int64), weeks - 1), dtype=np.int64)


def _chased(
    random: np.random.Generator, prices: Prices, fund: Positions, week: Positions, other: Positions, own: Habits
) -> Positions:
    """The week after the greater rise, as often as the habit is strong."""
    before = prices.close[np.maximum(np.arange(len(prices.close)) - RUN_UP_WEEKS, 0)]
    run_up = prices.close / before - 1.0
    chased = run_up[other, fund] > run_up[week, fund]
    return np.where(chased & (random.random(len(fund)) < own.herding), other, week)
