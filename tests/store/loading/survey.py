"""A made-up extract of the Survey of Consumer Finances, and where the real one is."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROOT = Path(__file__).parents[3]
IMPLICATES = 5

Family = Mapping[str, float]

ASSETS = {
    "CHECKING": 2_000.0,
    "PREPAID": 100.0,
    "SAVING": 5_000.0,
    "MMA": 1_000.0,
    "CALL": 400.0,
    "CDS": 3_000.0,
    "STMUTF": 10_000.0,
    "TFBMUTF": 0.0,
    "GBMUTF": 2_000.0,
    "OBMUTF": 0.0,
    "COMUTF": 4_000.0,
    "OMUTF": 0.0,
    "STOCKS": 8_000.0,
    "NOTXBND": 0.0,
    "MORTBND": 0.0,
    "GOVTBND": 0.0,
    "OBND": 1_500.0,
    "SAVBND": 500.0,
    "IRAKH": 20_000.0,
    "THRIFT": 30_000.0,
    "FUTPEN": 0.0,
    "CURRPEN": 5_000.0,
    "CASHLI": 700.0,
    "OTHMA": 0.0,
    "OTHFIN": 50.0,
}
THINGS = {"VEHIC": 12_000.0, "HOUSES": 300_000.0, "ORESRE": 0.0, "NNRESRE": 0.0, "BUS": 0.0, "OTHNFIN": 900.0}
DEBTS = {
    "NH_MORT": 180_000.0,
    "HELOC": 7_000.0,
    "RESDBT": 0.0,
    "OTHLOC": 300.0,
    "CCBAL": 2_500.0,
    "VEH_INST": 6_000.0,
    "EDN_INST": 15_000.0,
    "OTH_INST": 0.0,
    "ODEBT": 200.0,
}
OTHERS = {
    "WGT": 1_000.0,
    "AGE": 44,
    "INCOME": 90_000.0,
    "MARRIED": 1,
    "KIDS": 2,
    "OCCAT1": 1,
    "HOUSECL": 1,
    "HHSEX": 2,
    "EDCL": 4,
    "YESFINRISK": 0,
    "NOFINRISK": 0,
    **{f"SAVRES{reason}": 0 for reason in range(1, 10)},
    "SAVRES6": 1,
    "RETEQ": 33_000.0,
    "KGSTMF": 6_600.0,
    "PAYMORT1": 1_200.0,
    "PAYLOC1": 60.0,
    "PAYVEH1": 250.0,
    "PAYEDU1": 150.0,
    "PAYORE1": 0.0,
    "PAYILN1": 0.0,
    "RACE": 1,
}
LIQUID = ("CHECKING", "PREPAID", "SAVING", "MMA", "CALL")
FUNDS = ("STMUTF", "TFBMUTF", "GBMUTF", "OBMUTF", "COMUTF", "OMUTF")
BONDS = ("NOTXBND", "MORTBND", "GOVTBND", "OBND")
RETIREMENT = ("IRAKH", "THRIFT", "FUTPEN", "CURRPEN")


def family(**different: float) -> Family:
    """A family's answers, with the totals that follow from them."""
    told: dict[str, float] = ASSETS | THINGS | DEBTS | OTHERS | different
    financial, owned, owed = (sum(told[name] for name in group) for group in (ASSETS, THINGS, DEBTS))
    totals = {
        "LIQ": sum(told[name] for name in LIQUID),
        "NMMF": sum(told[name] for name in FUNDS),
        "BOND": sum(told[name] for name in BONDS),
        "RETQLIQ": sum(told[name] for name in RETIREMENT),
        "MRTHEL": told["NH_MORT"] + told["HELOC"],
        "FIN": financial,
        "NFIN": owned,
        "DEBT": owed,
        "NETWORTH": financial + owned - owed,
    }
    return told | totals


def extract(*families: Family | Sequence[Family], implicates: int = IMPLICATES) -> pl.DataFrame:
    """Rows of an extract: a family five times, or the rows of a family as given."""
    rows: list[dict[str, Any]] = []
    for number, told in enumerate(families, start=1):
        five = [told] * implicates if isinstance(told, Mapping) else told
        rows += [{"YY1": number, "Y1": 10 * number + place, **row} for place, row in enumerate(five, start=1)]
    return pl.DataFrame(rows, infer_schema_length=None)


def study_file(name: str) -> Path:
    """A file of real data; skips the test where there is none."""
    folder = Path(os.environ.get("FINREC_STUDY_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / name).exists():
        pytest.skip(f"no {name}: FINREC_STUDY_DATA names the folder of the study data")
    return folder / name
