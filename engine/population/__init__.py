"""Synthetic US households to try finrec with, and to judge its models against a truth that is known.

Calibrated to published figures (`engine/priors`), drawn by seed; no record of a real person is in it. What is
synthetic, how it was calibrated, what is known to be unrealistic and what it must not be used for:
`docs/demo-population.md`.
"""

from datetime import date

from engine.population import writing
from engine.population.balance_sheet import draw_balance_sheet
from engine.population.biases import draw_biases
from engine.population.budgets import draw_budgets
from engine.population.calendar import calendar
from engine.population.future import draw_next
from engine.population.goals import draw_goals
from engine.population.ledger import draw_ledger
from engine.population.past import draw_past
from engine.population.people import draw
from engine.population.portfolio import draw_holdings
from engine.population.prices import draw_prices
from engine.population.sales import draw_sales
from engine.population.tables import Columns, Population, Truth

__all__ = ["Columns", "Population", "Truth", "generate"]


def generate(*, users: int, seed: int, today: date, months: int = 36) -> Population:
    """So many households as of `today`, with transactions of so many complete months and of the current one.

    The same arguments give the same population.
    """
    people, wealth = draw(users, seed, today)
    prices = draw_prices(seed, today)
    biases = draw_biases(people, seed)
    held, sheet = draw_holdings(people, draw_balance_sheet(people, wealth, seed), prices, biases, seed)
    past = draw_past(people, sheet, seed)
    upcoming = draw_next(people, sheet, past, seed)
    dates = calendar(today, months)
    ledger = draw_ledger(people, sheet, biases, past, dates, seed)
    ids = writing.user_ids(users)
    return Population(
        households=writing.households(people, sheet, ledger, ids, seed),
        accounts=writing.accounts(sheet, ids),
        holdings=writing.holdings(held, prices, ids),
        sales=writing.sales(draw_sales(held, prices, biases, seed), prices, ids),
        goals=writing.goals(draw_goals(people, sheet, ledger, past, upcoming, today, seed), ids),
        transactions=writing.transactions(ledger.lines, ids),
        budgets=writing.budgets(draw_budgets(people, ledger.lines, dates, seed), ids),
        life_events=writing.life_events(past, ids, dates.today),
        prices=writing.prices(prices),
        truth=writing.truth(people, biases, upcoming, ledger.lines, ids),
    )
