"""Loads one file of any kind."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from store.errors import BadFile
from store.loading.kinds import KINDS, Kind
from store.loading.load import load_table, loading
from store.loading.read import FORMATS, Format, read_table
from store.loading.report import Counts, LoadReport, Progress, silent
from store.loading.scf.survey import load_survey

SURVEY = "scf"


def load_file(
    engine: Engine,
    path: Path | str,
    *,
    kind: str | None = None,
    format: str | None = None,  # noqa: A002 called as the option is
    today: date | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Loads one file, all of it or nothing; `BadFile` says what is wrong with which line.

    The kind is the file's stem and the format its suffix, where they are not given. `today` is the UTC date.
    """
    started, path = time.monotonic(), Path(path)
    today = today or datetime.now(UTC).date()
    load = _survey(path, kind) if format == SURVEY else _table(path, kind, format)
    show = progress or silent
    with loading(engine) as session:
        counts = load(session, today, show)
    show(f"loaded {path.name}", 1.0)
    return LoadReport(source=path.name, kinds=counts, seconds=time.monotonic() - started)


Load = Callable[[Session, date, Progress], Mapping[str, Counts]]


def _table(path: Path, kind: str | None, given: str | None) -> Load:
    form, of = _format(path, given), _kind(path, kind)

    def load(session: Session, today: date, progress: Progress) -> Mapping[str, Counts]:
        progress(f"reading {path.name}", 0.0)
        table = read_table(path, form)
        progress(f"loading {of.name}", 0.3)
        return {of.name: load_table(session, of, table, today=today)}

    return load


def _survey(path: Path, kind: str | None) -> Load:
    if kind is not None:
        raise BadFile("a survey holds several kinds: leave the kind out")
    form = _format(path, None)
    return lambda session, today, progress: load_survey(session, path, form, today=today, progress=progress)


def _kind(path: Path, name: str | None) -> Kind:
    wanted = name or path.stem
    if wanted not in KINDS:
        said = f"{wanted!r} is no kind" if name else f"the name of {path.name} is no kind, so name the kind of its rows"
        raise BadFile(f"{said}: choose from {', '.join(KINDS)}")
    return KINDS[wanted]


def _format(path: Path, name: str | None) -> Format:
    suffix = path.suffix.lower() if name is None else f".{name}"
    if suffix not in FORMATS:
        said = f"{name!r} is no format" if name else f"the name of {path.name} ends in no format"
        raise BadFile(f"{said}: choose csv, parquet or {SURVEY}")
    return FORMATS[suffix]
