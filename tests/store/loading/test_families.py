"""What a family of the survey becomes, before the database is asked."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from store.errors import BadFile
from store.loading.scf.accounts import accounts, balances
from store.loading.scf.families import Families, read_families
from store.loading.scf.goals import goals
from store.loading.scf.households import households
from tests.store.loading.samples import TODAY
from tests.store.loading.survey import BONDS, FUNDS, RETIREMENT, extract, family

CENT = 0.02
TOTALS_ONLY = (*FUNDS, *BONDS, *RETIREMENT, "RETQLIQ", "RETEQ", "KGSTMF", "CHECKING", "PREPAID", "NH_MORT", "HELOC")


def read(folder: Path, frame: pl.DataFrame) -> Families:
    """The families of an extract, asked today."""
    path = folder / "scf_2019.parquet"
    frame.write_parquet(path)
    return Families(frame=read_families(path, "parquet"), asked=TODAY)


@pytest.mark.parametrize(
    "missing", [(), ("NH_MORT",), FUNDS, ("RETQLIQ",), TOTALS_ONLY, (*TOTALS_ONLY, "MRTHEL", "BUS")]
)
def test_accounts_add_up_to_the_totals_whatever_an_extract_leaves_out(tmp_path: Path, missing: tuple[str, ...]) -> None:
    families = read(tmp_path, extract(family(BUS=-60_000.0), family()).drop(missing))
    kept = accounts(families, balances(families))
    balance, liquid = pl.col("balance"), pl.col("kind").is_in(["CHECKING", "SAVINGS"])
    sums = kept.group_by("user", maintain_order=True).agg(
        net_worth=balance.sum(),
        liquid=balance.filter(liquid).sum(),
        debt=-balance.filter((balance < 0) & (pl.col("external_id") != "owed_on_assets")).sum(),
    )
    told = families.frame.sort("user").select("NETWORTH", "LIQ", "DEBT")
    for found, total in zip(sums.sort("user").drop("user").iter_columns(), told.iter_columns(), strict=True):
        assert (found - total).abs().max() <= CENT  # type: ignore[operator]


@pytest.mark.parametrize(
    ("answers", "tolerance"),
    [({"NOFINRISK": 1}, "CONSERVATIVE"), ({}, "MODERATE"), ({"YESFINRISK": 1}, "AGGRESSIVE")],
)
def test_the_risk_answers_are_the_stated_tolerance(tmp_path: Path, answers: dict[str, float], tolerance: str) -> None:
    told = households(read(tmp_path, extract(family(**answers))))
    assert told["stated_risk_tolerance"].to_list() == [tolerance]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (1, []),
        (2, [("EDUCATION", 87_800.0)]),
        (3, [("OTHER", 22_500.0)]),
        (4, [("HOME_PURCHASE", 54_000.0)]),
        (5, [("MAJOR_PURCHASE", 9_000.0)]),
        (6, [("RETIREMENT", 900_000.0)]),
        (7, [("EMERGENCY_FUND", 31_354.26)]),
        (8, [("OTHER", 90_000.0)]),
        (9, []),
    ],
)
def test_the_reason_to_save_is_a_goal(tmp_path: Path, reason: int, expected: list[tuple[str, float]]) -> None:
    told = goals(read(tmp_path, extract(family(**{"SAVRES6": 0, f"SAVRES{reason}": 1}))))
    assert told.select("kind", "target_amount").rows() == expected


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"AGE": [None, 40]}, "row 1, AGE: is empty"),
        ({"AGE": ["x", "40"]}, 'row 1, AGE: "x" is not a number'),
        ({"INCOME": [1.0, float("inf")]}, 'row 2, INCOME: "inf" is not a number'),
        ({"MARRIED": [1, 7]}, "row 2, MARRIED: 7 is not between 1 and 2"),
        ({"WGT": [1.0, -1.0]}, "row 2, WGT: a weight is at least 0"),
        ({"Y1": [11, 11]}, "row 2, Y1: 11 is there twice"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, change: dict[str, list[Any]], sentence: str) -> None:
    frame = extract(family(), implicates=2).with_columns(pl.Series(name, cells) for name, cells in change.items())
    with pytest.raises(BadFile, match=f"^scf_2019.parquet {sentence}$"):
        read(tmp_path, frame)


def test_a_file_that_is_no_extract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"not a summary extract .* lacks the column WGT, AGE$"):
        read(tmp_path, extract(family()).drop("WGT", "AGE"))
