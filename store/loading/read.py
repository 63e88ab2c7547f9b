"""Reads a file as a table of text: CSV or Parquet, whole, or an error that names the line."""

import csv
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
from polars.exceptions import ComputeError, NoDataError

from store.errors import BadFile
from store.loading.columns import NAMES_SEPARATOR

Format = Literal["csv", "parquet"]
FORMATS: Mapping[str, Format] = {".csv": "csv", ".parquet": "parquet", ".pq": "parquet"}
HEAD_BYTES = 65_536
MILLION, EXACT_CENTS = 1e6, 1e13
"""Up to the first a double holds nine decimals, up to the second cents."""
ROW = "row"
"""Column that numbers the rows of a table from 0, as they stand in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The cells of a file as text, null where they are empty; `places` says where rows stand in the file."""

    name: str
    cells: pl.DataFrame
    places: Callable[[Collection[int]], Mapping[int, str]]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in self.cells.columns if name != ROW)


def read_table(path: Path, form: Format, wanted: Callable[[str], bool] | None = None) -> Table:
    """The columns of a file that are wanted, or all."""
    try:
        return (_read_csv if form == "csv" else _read_parquet)(path, wanted or (lambda _: True))
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror or error}") from error


def as_table(name: str, frame: pl.DataFrame) -> Table:
    """A table of a frame: values of any type become the text that a file would hold."""
    unfit = [f"{column} ({kind})" for column, kind in frame.schema.items() if not _readable(kind)]
    if unfit:
        raise BadFile(f"{name}: a cell is text, a number, a date or a truth value; not so: {', '.join(unfit)}")
    cells = frame.select(_text_of(column, kind) for column, kind in frame.schema.items())
    return Table(name=name, cells=_tidied(cells), places=lambda rows: {row: f"row {row + 1}" for row in rows})


def _read_parquet(path: Path, wanted: Callable[[str], bool]) -> Table:
    try:
        schema = pl.read_parquet_schema(path)
        frame = pl.read_parquet(path, columns=[name for name in schema if wanted(name)])
    except ComputeError as error:
        raise BadFile(f"{path.name} is not a Parquet file, or is damaged") from error
    return as_table(path.name, frame)


def _read_csv(path: Path, wanted: Callable[[str], bool]) -> Table:
    header = _header(path)
    chosen = [index for index, name in enumerate(header) if wanted(name)]
    try:
        cells = pl.read_csv(path, columns=chosen, infer_schema=False)
    except (ComputeError, NoDataError) as error:
        raise BadFile(_fault(path, len(header)) or f"{path.name} cannot be read as CSV") from error
    cells.columns = [header[index] for index in chosen]
    short = header[-1] in cells.columns and cells[header[-1]].has_nulls()
    if short and (fault := _fault(path, len(header))):
        raise BadFile(fault)
    return Table(name=path.name, cells=_tidied(cells), places=lambda rows: _lines(path, rows))


def _header(path: Path) -> list[str]:
    try:
        names = [name.strip() for name in next((record for _, record in _records(path) if record), [])]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadFile(_fault(path, 0) or f"{path.name} cannot be read as CSV") from error
    if not names:
        raise BadFile(f"{path.name} is empty: the first line names the columns")
    if len(names) == 1 and (other := set(";\t|") & set(names[0])):
        raise BadFile(f"{path.name} separates its columns by {other.pop()!r}: save it with commas")
    twice = [name for index, name in enumerate(names) if name in names[:index]]
    if twice:
        raise BadFile(f"{path.name} line 1: the column {twice[0]!r} is there twice")
    if _ends_lines_with_cr(path):
        raise BadFile(f"{path.name} ends its lines with CR alone: save it with LF or CR LF")
    return names


def _ends_lines_with_cr(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return b"\r" in head and b"\n" not in head


def _fault(path: Path, width: int) -> str | None:
    """The first line that is not UTF-8, is torn, or has another number of fields than the header."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not _is_utf8(line):
                return f"{path.name} line {number}: the file is not UTF-8: save it as UTF-8"
    try:
        for number, record in _records(path):
            if any(cell.strip() for cell in record) and len(record) != width:
                return f"{path.name} line {number}: {len(record)} fields where the header has {width}"
    except csv.Error as error:
        return f"{path.name} cannot be read as CSV: a quotation mark is not closed or stands alone ({error})"
    return None


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Records of a CSV file, each with the line that it begins on; a blank line is an empty record."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        line = 1
        for record in reader:
            yield line, record
            line = reader.line_num + 1


def _lines(path: Path, rows: Collection[int]) -> Mapping[int, str]:
    """Where rows begin, in lines of the file; the header is no row."""
    sought, last = set(rows), max(rows, default=-1)
    found: dict[int, str] = {}
    for row, (line, _) in enumerate(_records(path), start=-1):
        if row in sought:
            found[row] = f"line {line}"
        if row >= last:
            break
    return found


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _readable(kind: pl.DataType) -> bool:
    listed = isinstance(kind, pl.List) and kind.inner == pl.String
    words = kind in (pl.String, pl.Boolean, pl.Null) or isinstance(kind, pl.Categorical | pl.Enum)
    return listed or words or kind.is_numeric() or kind in (pl.Date, pl.Datetime)


def _text_of(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.Float64:
        return _without_noise(column).fill_nan(None).cast(pl.String)
    if kind.is_float():
        return column.fill_nan(None).cast(pl.String)
    if isinstance(kind, pl.Datetime):
        return column.dt.to_string("%Y-%m-%d %H:%M:%S")
    if isinstance(kind, pl.List):
        return column.list.join(NAMES_SEPARATOR)
    return column.cast(pl.String)


def _without_noise(column: pl.Expr) -> pl.Expr:
    """0.1 + 0.2 is 0.3: what follows the ninth decimal, or the fifteenth digit, is an artefact of sums."""
    small, exact = column.abs() < MILLION, column.abs() < EXACT_CENTS
    return pl.when(small).then(column.round(9)).when(exact).then(column.round_sig_figs(15)).otherwise(column)


def _tidied(cells: pl.DataFrame) -> pl.DataFrame:
    """Numbers the rows, makes blank cells null, and leaves out blank rows."""
    blank = pl.all().str.strip_chars() == ""
    bare = cells.select(pl.when(~blank).then(pl.all())).with_row_index(ROW)
    return bare.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
