"""Finds what rows refer to: households, accounts and securities that are there already."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy import text
from sqlmodel import Session

from engine.features.balance_sheet import DEBTS
from engine.market import ASSET_CLASSES
from store.loading.check import Problems
from store.loading.ids import derived_ids
from store.loading.kinds import HOLDINGS, HOUSEHOLDS, PRICES, SALES, Kind
from store.loading.read import ROW
from store.loading.reasons import quoted

SECURITIES = (HOLDINGS, SALES)


def resolve(session: Session, kind: Kind, frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """The frame with the ids of its rows, households and accounts; notes what is not there."""
    if kind is HOUSEHOLDS:
        return _households(session, frame, problems)
    if kind is PRICES:
        return _securities(session, frame, problems)
    found = _owned(session, kind, frame, problems)
    if kind.identified:
        found = found.with_columns(_ids(kind, found))
    return found


def _households(session: Session, frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    known = _known_households(session, frame["external_id"])
    joined = frame.join(known, on="external_id", how="left", maintain_order="left")
    derived = derived_ids(HOUSEHOLDS.name, joined.select("external_id"))
    found = joined.with_columns(id=pl.col("user_id").fill_null(derived))
    if "currency" in found.columns:
        kept, named = found["kept_currency"], found["currency"]
        problems.note(
            "currency", found[ROW], kept != named, lambda place: f"this household keeps its money in {kept[place]}"
        )
    return found.with_columns(user_id=pl.col("id")).drop("kept_currency")


def _owned(session: Session, kind: Kind, frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    known = _known_households(session, frame["user"]).drop("kept_currency")
    found = frame.join(known, left_on="user", right_on="external_id", how="left", maintain_order="left")
    users, missing = found["user"], found["user"].is_not_null() & found["user_id"].is_null()
    problems.note("user", found[ROW], missing, lambda place: f"{quoted(users[place])} is no household that is loaded")
    return _in_accounts(session, kind, found, problems) if "account" in found.columns else found


def _in_accounts(session: Session, kind: Kind, frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    known = _known_accounts(session, frame["user_id"])
    found = frame.join(known, on=["user_id", "account"], how="left", maintain_order="left")
    accounts, users = found["account"], found["user"]
    missing = accounts.is_not_null() & found["user_id"].is_not_null() & found["account_id"].is_null()
    problems.note(
        "account",
        found[ROW],
        missing,
        lambda place: f"{quoted(accounts[place])} is no account of {quoted(users[place])} that is loaded",
    )
    if kind in SECURITIES:
        _note_debts(found, problems)
    return found.drop("account_kind")


def _note_debts(found: pl.DataFrame, problems: Problems) -> None:
    accounts, kinds = found["account"], found["account_kind"]
    problems.note(
        "account",
        found[ROW],
        kinds.is_in([str(debt) for debt in DEBTS]),
        lambda place: f"{quoted(accounts[place])} is a {kinds[place]}, which holds no securities",
    )


def _ids(kind: Kind, frame: pl.DataFrame) -> pl.Series:
    """Ids from what identifies a row; lots that are otherwise alike are told apart by their place by size."""
    if "lot" in kind.identified:
        alike = [name for name in kind.identified if name != "lot"]
        by_size = frame.sort("quantity", "cost_basis", ROW).with_columns(lot=pl.int_range(pl.len()).over(alike))
        frame = by_size.sort(ROW)
    return derived_ids(kind.name, frame.select(kind.identified))


def _securities(session: Session, frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """Every symbol with one asset class and name: of the file, as kept, or its own."""
    given = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in _OF_ASSET if name not in frame.columns)
    known = _query(session, _ASSETS, {"symbols": _distinct(given["symbol"])}, ("symbol", "kept_class", "kept_name"))
    joined = given.join(known, on="symbol", how="left", maintain_order="left")
    own = pl.when(pl.col("symbol").is_in([str(name) for name in ASSET_CLASSES])).then("symbol")
    of_file = {name: pl.col(name).drop_nulls().first().over("symbol") for name in _OF_ASSET}
    found = joined.with_columns(
        asset_class=pl.coalesce(of_file["asset_class"], "kept_class", own),
        name=pl.coalesce(of_file["name"], "kept_name", "symbol"),
    )
    _note_asset_classes(given, found, problems)
    return found.drop("kept_class", "kept_name")


def _note_asset_classes(given: pl.DataFrame, found: pl.DataFrame, problems: Problems) -> None:
    symbols, classes = found["symbol"], found["asset_class"]
    unknown = symbols.is_first_distinct() & symbols.is_not_null() & classes.is_null()
    problems.note(
        "asset_class", found[ROW], unknown, lambda place: f"{symbols[place]} is new: name its asset class once"
    )
    problems.note(
        "asset_class",
        found[ROW],
        given["asset_class"] != classes,
        lambda place: f"{symbols[place]} is {classes[place]} in another row",
    )


def _known_households(session: Session, names: pl.Series) -> pl.DataFrame:
    """Held until the transaction ends, in one order, so that nobody waits for each other."""
    return _query(session, _USERS, {"names": _distinct(names)}, ("external_id", "user_id", "kept_currency"))


def _known_accounts(session: Session, users: pl.Series) -> pl.DataFrame:
    return _query(session, _ACCOUNTS, {"users": _distinct(users)}, ("user_id", "account", "account_id", "account_kind"))


def _distinct(values: pl.Series) -> list[str]:
    return values.drop_nulls().unique().to_list()


def _query(session: Session, query: str, parameters: Mapping[str, Any], columns: tuple[str, ...]) -> pl.DataFrame:
    rows = session.connection().execute(text(query), parameters).all()
    return pl.DataFrame([tuple(row) for row in rows], schema=dict.fromkeys(columns, pl.String), orient="row")


_OF_ASSET = ("asset_class", "name")

_USERS = """
SELECT external_id, id::text, currency FROM users
WHERE external_id = ANY(CAST(:names AS text[])) ORDER BY id FOR NO KEY UPDATE
"""

_ACCOUNTS = """
SELECT user_id::text, external_id, id::text, kind FROM accounts
WHERE user_id = ANY(CAST(:users AS uuid[])) AND external_id IS NOT NULL
"""

_ASSETS = "SELECT symbol, asset_class, name FROM assets WHERE symbol = ANY(CAST(:symbols AS text[]))"
