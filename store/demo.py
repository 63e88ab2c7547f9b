"""Loads a synthetic population by the same path as a file, and keeps its hidden truth apart."""

import time
from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from sqlalchemy import Engine

from engine.population import Columns, Population, Truth, generate
from store.loading.columns import text
from store.loading.kinds import KINDS, USER, Kind, Target
from store.loading.load import load_columns, loading
from store.loading.report import LoadReport, Progress, silent

SOURCE = "demo"
GENERATED = 0.4
"""Share of the work that is behind when the population is drawn."""
DEMO_TRUTH = Kind(
    name="demo_truth",
    meaning="One row a household and what is known of it and hidden from every model.",
    key=("user", "name"),
    targets=(Target("demo_truth", ("user_id", "name")),),
    columns=(USER, text("name", "what it is"), text("value", "as text")),
)
ORDER = ("households", "accounts", "prices", "holdings", "sales", "goals", "budgets", "life_events", "transactions")


def load_demo(engine: Engine, *, users: int, seed: int, today: date, progress: Progress | None = None) -> LoadReport:
    """Generates and loads so many households as of `today`; the same arguments again change nothing."""
    started, show = time.monotonic(), progress or silent
    show("generating households", 0.0)
    population = generate(users=users, seed=seed, today=today)
    counts = {}
    with loading(engine) as session:
        for step, (kind, frame) in enumerate(_frames(population).items()):
            show(f"loading {kind.name}", GENERATED + (1 - GENERATED) * step / (len(ORDER) + 1))
            counts[kind.name] = load_columns(session, kind, frame, today=today, source=SOURCE)
    show("loaded", 1.0)
    return LoadReport(source=SOURCE, kinds=counts, seconds=time.monotonic() - started)


def _frames(population: Population) -> Mapping[Kind, pl.DataFrame]:
    return {KINDS[name]: _frame(getattr(population, name)) for name in ORDER} | {DEMO_TRUTH: _truth(population.truth)}


def _frame(columns: Columns) -> pl.DataFrame:
    return pl.DataFrame([_series(name, values) for name, values in columns.items()])


def _series(name: str, values: np.ndarray) -> pl.Series:
    if name == "assumed":
        return pl.Series(name, values.tolist(), dtype=pl.List(pl.String))
    return pl.Series(name, values.tolist() if values.dtype == np.object_ else values)


def _truth(truth: Truth) -> pl.DataFrame:
    """One row a fact: the columns of the households, and the anomalies by transaction."""
    hidden = _frame(truth.households).rename({"external_id": "user"})
    facts = hidden.select("user", pl.exclude("user").cast(pl.String)).unpivot(index="user", variable_name="name")
    planted = _frame(truth.anomalies).select(
        "user", name=pl.concat_str(pl.lit("anomaly:"), pl.col("transaction")), value=pl.col("kind")
    )
    return pl.concat([facts, planted])
