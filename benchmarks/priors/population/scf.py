"""The survey's families in the columns that the demo population draws, and their published-style quantiles."""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.priors.population.latent import correlation, mid_ranks

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

AGES = ((18, 34), (35, 44), (45, 54), (55, 64), (65, 74), (75, 95))
PUBLISHED_LEVELS = (0.10, 0.25, 0.50, 0.75, 0.90)
AMOUNTS = {"income": "INCOME", "net_worth": "NETWORTH", "liquid": "LIQ", "debt": "DEBT"}
MOST_CHILDREN = 4
SAVING_REASONS = (  # SAVRES1 to SAVRES9: the most important one of a family
    "cannot_save",
    "education",
    "family",
    "home",
    "purchases",
    "retirement",
    "liquidity",
    "investment",
    "none",
)
MOST_DEBT_TO_VALUE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """All five implicates of every family as rows with a fifth of its weight, as the survey's own tables take them."""

    raw: dict[str, Floats]
    weight: Floats
    columns: dict[str, Floats]
    """NaN where the column does not apply: rent of an owner."""

    def within(self, ages: tuple[int, int] | None) -> Flags:
        """Rows of an age band; all without one."""
        age = self.raw["AGE"]
        return np.ones(len(age), dtype=bool) if ages is None else (age >= ages[0]) & (age <= ages[1])


def read(folder: Path) -> Families:
    """The summary extract of 2019."""
    frame = pl.read_parquet(folder / "scf_2019.parquet")
    raw = {name: frame[name].to_numpy().astype(np.float64) for name in frame.columns}
    return Families(raw=raw, weight=raw["WGT"], columns=_people(raw) | _money(raw))


def quantiles(x: Floats, weight: Floats, levels: tuple[float, ...]) -> Floats:
    """Weighted quantiles, linear between the middles of the rows' weights."""
    order = np.argsort(x, kind="stable")  # equal amounts in the order of their rows, on every processor
    reached = np.cumsum(weight[order]) - weight[order] / 2
    return np.asarray(np.interp(levels, reached / weight.sum(), x[order]), dtype=np.float64)


def published(families: Families) -> list[dict[str, object]]:
    """Quantiles and shares of the whole and of every age band."""
    return [_published(families, ages) for ages in (None, *AGES)]


def _published(families: Families, ages: tuple[int, int] | None) -> dict[str, object]:
    rows = families.within(ages)
    weight = families.weight[rows]
    return {
        "ages": None if ages is None else list(ages),
        "families": int(rows.sum()) // 5,
        "quantiles": {
            name: [float(f"{value:.4g}") for value in quantiles(families.raw[code][rows], weight, PUBLISHED_LEVELS)]
            for name, code in AMOUNTS.items()
        },
        "shares": {name: _share(flags[rows], weight) for name, flags in _flags(families).items()},
        "rank_correlations": _rank_correlations(families, rows),
        "saving_reasons": {
            name: _share(families.raw[f"SAVRES{index}"][rows] == 1, weight)
            for index, name in enumerate(SAVING_REASONS, start=1)
        },
    }


def _rank_correlations(families: Families, rows: Flags) -> dict[str, float]:
    """Weighted Spearman correlations of every pair of amounts."""
    weight = families.weight[rows]
    ranks = {name: mid_ranks(families.raw[code][rows], weight) for name, code in AMOUNTS.items()}
    return {
        f"{first} {second}": round(correlation(ranks[first], ranks[second], weight), 3)
        for first, second in combinations(AMOUNTS, 2)
    }


def _flags(families: Families) -> dict[str, Flags]:
    """What families are or have; `children` of one or two and more, apart by marriage, are shares of all."""
    raw, children = families.raw, families.columns["children"]
    married, idle = raw["MARRIED"] == 1, raw["OCCAT1"] > 2
    flags = {
        "homeowner": raw["HOUSECL"] == 1,
        "married": married,
        "working": ~idle,
        "retired": (idle & (raw["AGE"] >= 65)) | ((raw["OCCAT1"] == 3) & (raw["AGE"] >= 50)),
        "retirement_account": raw["HRETQLIQ"] == 1,
        "equity": raw["HEQUITY"] == 1,
    }
    for state, together in (("married", married), ("unmarried", ~married)):
        flags |= {
            f"{state}_no_child": together & (children == 0),
            f"{state}_one_child": together & (children == 1),
            f"{state}_more_children": together & (children > 1),
        }
    return flags


def _share(flags: Flags, weight: Floats) -> float:
    return round(float(np.average(flags, weights=weight)), 3)


def _people(raw: dict[str, Floats]) -> dict[str, Floats]:
    working = raw["OCCAT1"] <= 2
    return {
        "age": raw["AGE"] + 0.5,
        "education": raw["EDCL"] - 1,
        "married": _flag(raw["MARRIED"] == 1),
        "children": np.minimum(raw["KIDS"], MOST_CHILDREN),
        "working": _flag(working),
        "self_employed": np.where(working, _flag(raw["OCCAT1"] == 2), np.nan),
        "retired": np.where(working, np.nan, _flag(raw["OCCAT1"] == 3)),
        "female": np.where(raw["MARRIED"] == 1, np.nan, _flag(raw["HHSEX"] == 2)),
        "tolerance": 1.0 + raw["YESFINRISK"] - raw["NOFINRISK"],
    }


def _money(raw: dict[str, Floats]) -> dict[str, Floats]:
    savings = raw["SAVING"] + raw["MMA"] + raw["CALL"]
    taxable = sum((raw[name] for name in ("STOCKS", "NMMF", "BOND", "SAVBND", "CDS", "OTHMA")), np.zeros(len(savings)))
    plan = raw["RETQLIQ"] - raw["IRAKH"]
    real_estate = raw["ORESRE"] + np.maximum(raw["NNRESRE"], 0.0)
    owner = raw["HOUSES"] > 0
    return {
        "income": np.maximum(raw["INCOME"], 0.0),
        "liquid": raw["LIQ"],
        "savings_share": _ratio(savings, raw["LIQ"], most=1.0),
        "taxable": taxable,
        "ira": raw["IRAKH"],
        "plan": plan,
        "equity_share": _ratio(raw["EQUITY"], taxable + raw["IRAKH"] + plan, most=1.0),
        "house": np.where(owner, raw["HOUSES"], np.nan),
        "mortgage_ratio": _ratio(raw["MRTHEL"], raw["HOUSES"], most=MOST_DEBT_TO_VALUE),
        "vehicle": raw["VEHIC"],
        "real_estate": real_estate,
        "real_estate_debt_ratio": _ratio(raw["RESDBT"], real_estate, most=MOST_DEBT_TO_VALUE),
        "business": np.maximum(raw["BUS"], 0.0),
        "other_asset": raw["CASHLI"] + raw["OTHFIN"] + raw["OTHNFIN"],
        "card": raw["CCBAL"],
        "student_loan": raw["EDN_INST"],
        "vehicle_loan": raw["VEH_INST"],
        "other_loan": raw["OTH_INST"] + raw["ODEBT"] + raw["OTHLOC"],
        "rent": np.where(owner, np.nan, raw["RENT"]),
    }


def _ratio(part: Floats, whole: Floats, *, most: float) -> Floats:
    """A part's share where there is a whole."""
    return np.where(whole > 0, np.minimum(part / np.maximum(whole, 1.0), most), np.nan)


def _flag(condition: Flags) -> Floats:
    return condition.astype(np.float64)
