"""The demo population with single payments, portfolios, and what is planted in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from benchmarks.demo_facts import as_facts, monthly, positions
from benchmarks.portfolio.demo import with_portfolios
from engine.facts import Facts, Floats, Objects, Transactions
from engine.population import Population, generate
from engine.transactions import CATEGORY_NAMES
from store.facts import HISTORY_MONTHS, TRANSACTION_DAYS

BIASES = (
    "PRESENT_BIAS",
    "LIFESTYLE_INFLATION",
    "PAYDAY_EFFECT",
    "WEEKEND_SPLURGE",
    "SUBSCRIPTION_CREEP",
    "LOSS_AVERSION",
    "OVERTRADING",
    "HERDING",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Facts as the store loads them, and the truth that no model may read."""

    facts: Facts
    planted: Objects
    """The kind of anomaly of each transaction, "" where it is ordinary."""
    biases: Mapping[str, Floats]
    """Strengths, 0 where a bias was not planted."""
    impulsiveness: Floats


def demo(users: int, seed: int, today: date) -> Demo:
    """Households with three years of months and thirteen months of single payments."""
    population = generate(users=users, seed=seed, today=today, months=HISTORY_MONTHS)
    facts = with_portfolios(as_facts(population, today), population, seed)
    moved, planted = _payments(population, facts, today)
    position = {name: row for row, name in enumerate(facts.users)}
    flows = monthly(population.transactions, position, np.datetime64(today, "M"), HISTORY_MONTHS)
    hidden = population.truth.households
    return Demo(
        facts=replace(facts, sources={**facts.sources, "transactions": moved, "cash_flows": flows}),
        planted=planted,
        biases={name: hidden[name] for name in BIASES},
        impulsiveness=hidden["impulsiveness"],
    )


def _payments(population: Population, facts: Facts, today: date) -> tuple[Transactions, Objects]:
    rows = population.transactions
    kept = np.flatnonzero(rows["date"].astype("datetime64[D]") >= np.datetime64(today - timedelta(TRANSACTION_DAYS)))
    position = {name: row for row, name in enumerate(facts.users)}
    column = {name: index for index, name in enumerate(CATEGORY_NAMES)}
    anomalies = population.truth.anomalies
    kinds = dict(zip(anomalies["transaction"], anomalies["kind"], strict=True))
    moved = Transactions(
        user=positions(rows["user"][kept], position),
        date=rows["date"][kept].astype("datetime64[D]"),
        amount=rows["amount"][kept],
        category=np.array([column[name] for name in rows["category"][kept]], dtype=np.int64),
        merchant=rows["merchant"][kept],
        hour=rows["hour"][kept],
    )
    return moved, np.array([kinds.get(name, "") for name in rows["external_id"][kept]], dtype=object)
