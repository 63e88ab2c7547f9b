"""Loads the Federal Reserve's summary extract of the Survey of Consumer Finances, one household a family."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl
from sqlalchemy import text
from sqlmodel import Session

from store.loading.kinds import ACCOUNTS, GOALS, HOLDINGS, HOUSEHOLDS, Kind
from store.loading.load import load_columns
from store.loading.read import Format
from store.loading.report import Counts, Progress
from store.loading.scf.accounts import EXTERNAL_IDS as ACCOUNT_IDS
from store.loading.scf.accounts import accounts, balances
from store.loading.scf.families import Families, read_families
from store.loading.scf.goals import EXTERNAL_IDS as GOAL_IDS
from store.loading.scf.goals import goals
from store.loading.scf.holdings import holdings
from store.loading.scf.households import households
from store.loading.write import forget

SOURCE = "scf"
OWN_IDS = {ACCOUNTS: ACCOUNT_IDS, GOALS: GOAL_IDS}
"""Rows that come from the survey alone, and go where a family no longer has them."""


def load_survey(session: Session, path: Path, form: Format, *, today: date, progress: Progress) -> Mapping[str, Counts]:
    """Loads an extract within `loading`."""
    progress(f"reading {path.name}", 0.0)
    frame = read_families(path, form)
    frames = _frames(Families(frame=frame, asked=_first_loaded(session, frame["user"])))
    counts = {}
    for step, (kind, rows) in enumerate(frames.items(), start=1):
        progress(f"loading {kind.name}", step / (len(frames) + 1))
        removed = forget(session, kind, frame["user"], rows, OWN_IDS[kind]) if kind in OWN_IDS else 0
        counts[kind.name] = load_columns(session, kind, rows, today=today, source=SOURCE).with_removed(removed)
    return counts


def _frames(families: Families) -> Mapping[Kind, pl.DataFrame]:
    balance = balances(families)
    return {
        HOUSEHOLDS: households(families),
        ACCOUNTS: accounts(families, balance),
        HOLDINGS: holdings(families, balance),
        GOALS: goals(families),
    }


def _first_loaded(session: Session, users: pl.Series) -> date:
    """The day from which ages and dates count, so that the same file loaded on another day changes nothing."""
    first = text("""
        SELECT (coalesce(min(created_at), now()) AT TIME ZONE 'UTC')::date FROM users WHERE external_id = ANY(:names)
    """)
    found: date = session.connection().execute(first, {"names": users.to_list()}).scalar_one()
    return found
