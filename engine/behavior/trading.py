"""Overtrading: far more is sold and bought than by a patient household, beyond what is paid in or taken out.

The turnover is half of purchases and sales over the mean value of the portfolio (Barber and Odean, Journal of Finance
55, 2000). Without a record of sales only what is left tells: how many lots are young.
"""

import numpy as np

from engine.behavior.biases import Bias, beyond_chance, bias
from engine.behavior.lots import HELD, Lots, price_week, starts
from engine.behavior.series import total
from engine.facts import Facts, Floats
from engine.units import DAYS_A_YEAR, MONTHS_A_YEAR

HELD_YEARS = 4.0
"""Mean time for which a patient household holds a lot, an assumption."""
LEAST_LOT_YEARS, LEAST_TRADED, SURE_OF_TRADING = 20.0, 20, 3.3
"""Lots times years on record or, without sales, lots; and standard errors by which more were sold, or are young, than a
patient household has."""
LEAST_TURNOVER = 0.35
"""A year, of the portfolio."""
COST_OF_TRADING = 0.005
"""Of what is turned over: spread and market impact both ways, an assumption."""


def overtrading(facts: Facts, held: Lots) -> Bias:
    """A third of the portfolio and more was turned over within the year, and far more lots were sold than a patient
    household sells, since the first sale on record.

    Where sales do not tell: a third was bought within the year, and far more lots are that young than a patient
    one has.
    """
    observed = facts.cash_flows.observed >= MONTHS_A_YEAR
    lot_years, sales, sure_of_sales = _sales(facts, held)
    lots, young, sure_of_age = _ages(facts, held)
    told = lot_years >= LEAST_LOT_YEARS
    bought, sold = _moved(facts, held)
    worth = facts.total(held.user, held.worth)
    mean = np.where(told, (worth + _worth_a_year_ago(facts, held)) / 2.0, worth)
    turnover = np.where(told, (bought + sold) / 2.0, bought) / np.maximum(mean, 1.0)
    return bias(
        (told | (lots >= LEAST_TRADED)) & observed,
        (turnover >= LEAST_TURNOVER) & (np.where(told, sure_of_sales, sure_of_age) >= SURE_OF_TRADING),
        turnover,
        COST_OF_TRADING * turnover * mean,
        turnover=turnover,
        by_sales=told.astype(np.float64),
        sales=sales,
        patient=lot_years / HELD_YEARS,
        young=young,
        lots=lots,
    )


def _sales(facts: Facts, held: Lots) -> tuple[Floats, Floats, Floats]:
    """Lots times years since the first sale on record, sales since, and by how many errors they are too many."""
    user, day = held.user[held.sold.lot], held.sold.day
    first = np.full(len(facts), held.today)
    np.minimum.at(first, user, day)
    watched = np.minimum(held.gone, held.today) - np.maximum(held.acquired, first[held.user])
    lot_years = facts.total(held.user, np.maximum(watched, 0) / DAYS_A_YEAR)
    later = np.flatnonzero(day > first[user])
    later = later[np.lexsort((day[later], user[later]))]
    new = starts(user[later], day[later])
    of, a_day = user[later][new], np.bincount(np.cumsum(new) - 1).astype(np.float64)
    sales, expected = facts.total(of, a_day), lot_years / HELD_YEARS
    # What is sold on one day may be one decision: a portfolio sold whole is no trading.
    error = np.sqrt(expected + facts.total(of, a_day * (a_day - 1.0)))
    return lot_years, sales, (sales - expected) / np.maximum(error, 1e-9)


def _ages(facts: Facts, held: Lots) -> tuple[Floats, Floats, Floats]:
    """Lots held, those bought within the year, and by how many errors these are too many."""
    left = held.gone == HELD
    lots, young = (facts.total(held.user, left & of) for of in (left, held.acquired > held.today - DAYS_A_YEAR))
    chance = np.full(len(facts), 1.0 - np.exp(-1.0 / HELD_YEARS))
    return lots, young, beyond_chance(young, lots, chance)[1]


def _moved(facts: Facts, held: Lots) -> tuple[Floats, Floats]:
    """Bought within the year beyond what was paid in, and sold beyond what was taken out, net of each other."""
    paid_in = -total(facts.cash_flows, ("investment",))[:, -MONTHS_A_YEAR:].sum(axis=1)
    recent, late = held.acquired > held.today - DAYS_A_YEAR, held.sold.day > held.today - DAYS_A_YEAR
    bought = facts.total(held.user, held.cost * recent)
    sold = facts.total(held.user[held.sold.lot], held.sold.proceeds * late)
    return np.maximum(bought - np.maximum(paid_in, 0.0), 0.0), np.maximum(sold - np.maximum(-paid_in, 0.0), 0.0)


def _worth_a_year_ago(facts: Facts, held: Lots) -> Floats:
    """At the price of that week, what it cost where there is none."""
    day = held.today - int(DAYS_A_YEAR)
    week = int(price_week(facts.prices, np.array([day]))[0])
    there = np.flatnonzero((held.acquired <= day) & (held.gone > day))
    price = facts.prices.close[held.fund[there], week] if week >= 0 and len(there) else np.full(len(there), np.nan)
    worth = np.where(np.isfinite(price), price * held.quantity[there], held.cost[there])
    return facts.total(held.user[there], worth)
