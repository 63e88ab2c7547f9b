"""Disposition effect: winners are sold and losers kept (Odean, Journal of Finance 53, 1998).

On every day of sale what is sold is compared with what is held that day. Without the habit a day's sales are a random
part of it, so the number of gains among them is hypergeometric; days are added up as by Mantel and Haenszel.
Rebalancing, and taking money out of one fund that has risen, look the same.
"""

import numpy as np

from engine.behavior.biases import Bias, bias
from engine.behavior.lots import Lots
from engine.behavior.sale_days import AtHand, at_hand, takes_the_oldest
from engine.facts import Facts, Flags, Floats
from engine.household.law import law
from engine.units import DAYS_A_YEAR

LEAST_SALES, SURE_OF_KEEPING = 25, 2.33
"""Lots sold on days when gains and losses were held, and standard errors by which gains among them are too many: fewer
sales would hardly show the habit; one household in a hundred without it shows as much."""


def disposition(facts: Facts, held: Lots) -> Bias:
    """More gains among what was sold than chance brings on the same days.

    The strength is the share of sales of gains beyond chance. Shares sold (Odean's PGR and PLR) are sums over days of
    sale: gains taken over gains taken and on paper, losses likewise. The cost is tax on gains that could have been put
    off, a year: see `_tax_put_off`.
    """
    at = at_hand(held, facts.prices)
    choice = _choice(at, len(facts))
    gains, losses = at.total(choice & (at.gain > 0)), at.total(choice & (at.gain < 0))
    gains_sold, losses_sold = (at.total(choice & at.sold & side) for side in (at.gain > 0, at.gain < 0))
    sold, all_ = gains_sold + losses_sold, gains + losses
    telling = (gains > 0) & (losses > 0) & (sold < all_)
    chance = gains / np.maximum(all_, 1.0)
    variance = sold * chance * (1.0 - chance) * (all_ - sold) / np.maximum(all_ - 1.0, 1.0)

    def summed(values: Floats, of: Flags = telling) -> Floats:
        return facts.total(at.days.user, values * of)

    sales, expected, taken = summed(sold), summed(sold * chance), summed(gains_sold)
    # What is sold on one day may be one decision: the days' own spread counts where it is the larger.
    error = np.sqrt(np.maximum(summed(variance), summed((gains_sold - sold * chance) ** 2)))
    several, tax = all_ > 1, _tax_put_off(facts, held, at)
    return bias(
        sales >= LEAST_SALES,
        taken - expected >= SURE_OF_KEEPING * np.maximum(error, 1e-9),
        (taken - expected) / np.maximum(sales - expected, 1e-9),
        tax,
        tax=tax,
        sales=sales,
        gains=taken,
        expected=expected,
        gains_sold=summed(gains_sold, several) / np.maximum(summed(gains, several), 1.0),
        losses_sold=summed(losses_sold, several) / np.maximum(summed(losses, several), 1.0),
    )


def _choice(at: AtHand, users: int) -> Flags:
    """Lots in gain or at a loss that might have been sold; only the next in line where the oldest always goes first."""
    in_line = takes_the_oldest(at, users)[at.days.user[at.place]]
    return np.asarray((at.gain != 0) & (~in_line | at.next_in_line), dtype=np.bool_)


def _tax_put_off(facts: Facts, held: Lots, at: AtHand) -> Floats:
    """Tax a year on gains of taxable accounts that losses standing there on the same days would have met.

    Each lot's loss counts once, at its mean over such days; tax at the rate of long-term gains, none where no tax table
    holds. The tax was paid early, not for nothing: what is sold at a loss leaves a lower cost behind.
    """
    taxable = held.taxable[at.lot]
    taken = np.maximum(at.total(at.gain * (taxable & at.sold)), 0.0)
    stood = np.flatnonzero(taxable & ~at.sold & (at.gain < 0) & (taken[at.place] > 0))
    days = np.bincount(at.lot[stood], minlength=len(held))
    loss = np.bincount(at.lot[stood], -at.gain[stood], len(held)) / np.maximum(days, 1)
    met = np.minimum(facts.total(at.days.user, taken), facts.total(held.user, loss))
    ruled = law(facts)
    return ruled.applies * ruled.gains_rate * met / _years(facts, held, at)


def _years(facts: Facts, held: Lots, at: AtHand) -> Floats:
    """Since the first day of sale, one at least."""
    first = np.full(len(facts), held.today)
    np.minimum.at(first, at.days.user, at.days.day)
    return np.maximum((held.today - first) / DAYS_A_YEAR, 1.0)
