"""The survey's rows as families: five implicates become one row, dollars as their mean and codes as the first."""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from store.errors import BadFile
from store.loading.check import Problems
from store.loading.read import ROW, Format, Table, read_table
from store.loading.reasons import quoted

IMPLICATES = 5
WEIGHT = "WGT"
CODES = {
    "MARRIED": (1, 2),
    "KIDS": (0, 30),
    "OCCAT1": (1, 4),
    "HOUSECL": (1, 2),
    "AGE": (15, 120),
}
"""Codes that every extract has, and the least and most that they may be."""
TOTALS = ("INCOME", "LIQ", "FIN", "NFIN", "DEBT", "NETWORTH")
"""Dollars that every extract has."""
MORE_CODES = ("HHSEX", "EDCL", "YESFINRISK", "NOFINRISK", *(f"SAVRES{reason}" for reason in range(1, 10)))
MORE_DOLLARS = (
    *("CHECKING", "PREPAID", "SAVING", "CALL", "CDS", "STOCKS", "BOND", "SAVBND", "KGSTMF"),
    *("NMMF", "STMUTF", "TFBMUTF", "GBMUTF", "OBMUTF", "COMUTF", "OMUTF", "NOTXBND", "MORTBND", "GOVTBND", "OBND"),
    *("IRAKH", "THRIFT", "RETQLIQ", "RETEQ", "HOUSES", "ORESRE", "NNRESRE", "VEHIC", "BUS"),
    *("NH_MORT", "MRTHEL", "HELOC", "RESDBT", "CCBAL", "EDN_INST", "VEH_INST", "OTH_INST"),
)
"""Dollars and codes that are used where an extract has them; the totals hold what it does not tell apart."""
PAYMENTS = ("PAYMORT", "PAYLOC", "PAYORE", "PAYEDU", "PAYVEH", "PAYVEO", "PAYILN")
"""First letters of the columns of monthly payments."""
IDENTIFIERS = ("Y1", "YY1", "YEAR")
IN_1989 = {"X1": "Y1", "XX1": "YY1"}
"""Names of the identifiers in the first survey."""

_KNOWN = frozenset((*IDENTIFIERS, *IN_1989, WEIGHT, *CODES, *TOTALS, *MORE_CODES, *MORE_DOLLARS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """One row a family, of which `user` is the external id; ages and dates count from the day `asked`."""

    frame: pl.DataFrame
    asked: date

    def has(self, name: str) -> bool:
        """Whether the extract has the column."""
        return name in self.frame.columns

    def dollars(self, *names: str) -> pl.Expr:
        """The sum of columns, without those that the extract does not have."""
        present = [pl.col(name) for name in names if self.has(name)]
        return pl.sum_horizontal(present) if present else pl.lit(0.0)

    def payments(self, *prefixes: str) -> pl.Expr | None:
        """What is paid a month, in all columns that begin so; None where there are none."""
        names = [name for name in self.frame.columns if name.startswith(prefixes)]
        return self.dollars(*names) if names else None


def read_families(path: Path, form: Format) -> pl.DataFrame:
    """Families of a summary extract of any year, one row each."""
    table = read_table(path, form, wanted=lambda name: _is_used(name.strip().upper()))
    table = replace(table, cells=_named_alike(table))
    _check_columns(table)
    problems = Problems(table)
    numbers = _numbers(table, problems)
    _check(numbers, problems)
    problems.raise_any()
    year = _year(path.stem)
    return _merged(numbers, f"scf:{year}:" if year else "scf:")


def _is_used(name: str) -> bool:
    return name in _KNOWN or name.startswith(PAYMENTS)


def _named_alike(table: Table) -> pl.DataFrame:
    capitals = {name: name.strip().upper() for name in table.columns}
    names = {name: IN_1989.get(capital, capital) for name, capital in capitals.items()}
    if len(set(names.values())) < len(names):
        raise BadFile(f"{table.name} has a column twice")
    return table.cells.rename(names)


def _check_columns(table: Table) -> None:
    missing = [name for name in (WEIGHT, *CODES, *TOTALS) if name not in table.columns]
    if not {"Y1", "YY1"} & set(table.columns):
        missing = ["YY1", *missing]
    if missing:
        raise BadFile(
            f"{table.name} is not a summary extract of the Survey of Consumer Finances: "
            f"it lacks the column {', '.join(missing)}"
        )
    if table.cells.is_empty():
        raise BadFile(f"{table.name} has no rows")


def _numbers(table: Table, problems: Problems) -> pl.DataFrame:
    """All columns as numbers; an empty cell is an error where the column is needed, zero elsewhere."""
    rows = table.cells[ROW]
    return pl.DataFrame([rows, *(_number(table.cells[name], rows, problems) for name in table.columns)])


def _number(cells: pl.Series, rows: pl.Series, problems: Problems) -> pl.Series:
    name = cells.name
    values = cells.str.strip_chars().cast(pl.Float64, strict=False).rename(name)
    wrong = cells.is_not_null() & ~values.is_finite().fill_null(value=False)
    problems.note(name, rows, wrong, lambda place: f"{quoted(cells[place])} is not a number")
    if name in MORE_CODES or name in MORE_DOLLARS or name.startswith(PAYMENTS):
        return values.fill_null(0.0)
    problems.note(name, rows, cells.is_null(), lambda _: "is empty")
    return values


def _check(numbers: pl.DataFrame, problems: Problems) -> None:
    rows = numbers[ROW]
    for name, (least, most) in CODES.items():
        _check_code(numbers[name], rows, least, most, problems)
    problems.note(WEIGHT, rows, numbers[WEIGHT] < 0, lambda _: "a weight is at least 0")
    problems.note("DEBT", rows, numbers["DEBT"] < 0, lambda _: "a debt is at least 0")
    identified = [name for name in IDENTIFIERS if name in numbers.columns and name != "YY1"]
    if "Y1" in identified:
        again = ~numbers.select(pl.struct(identified).is_first_distinct()).to_series()
        problems.note("Y1", rows, again, lambda place: f"{numbers['Y1'][place]:.0f} is there twice")


def _check_code(values: pl.Series, rows: pl.Series, least: int, most: int, problems: Problems) -> None:
    wrong = ~values.is_between(least, most)
    problems.note(values.name, rows, wrong, lambda place: f"{values[place]:g} is not between {least} and {most}")


def _merged(numbers: pl.DataFrame, prefix: str) -> pl.DataFrame:
    family = pl.col("YY1") if "YY1" in numbers.columns else pl.col("Y1") // 10
    order = "Y1" if "Y1" in numbers.columns else ROW
    codes = [name for name in numbers.columns if name in CODES or name in MORE_CODES]
    dollars = [name for name in numbers.columns if name not in (*codes, *IDENTIFIERS, WEIGHT, ROW)]
    return (
        numbers.sort(order)
        .group_by(_user(family, numbers, prefix).alias("user"), maintain_order=True)
        .agg(
            pl.col(codes).first().cast(pl.Int64),
            pl.col(dollars).mean(),
            weight=pl.col(WEIGHT).mean() * IMPLICATES,  # the weights of all five sum to the families that it stands for
        )
    )


def _user(family: pl.Expr, numbers: pl.DataFrame, prefix: str) -> pl.Expr:
    number = family.cast(pl.Int64).cast(pl.String)
    if "YEAR" in numbers.columns:
        return pl.concat_str(pl.lit("scf:"), pl.col("YEAR").cast(pl.Int64), pl.lit(":"), number)
    return pl.concat_str(pl.lit(prefix), number)


def _year(stem: str) -> str | None:
    """The survey's year in a file's name: scf_2019, SCFP2022."""
    found = re.search(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)", stem)
    return found.group(1) if found else None
