"""What judged promises say of each model: sums by day, added to as promises are judged, and the figures they give."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from engine.ledger.promises import PromiseKind
from engine.ledger.score import CalibrationBin, Cell, Cells, Measure, Place, calibration, figures, statements
from store.ledger.entries import Judgement
from store.models import performance
from store.models.lookups import Number
from store.models.versions import name_of

WINDOW_DAYS = 365
"""Figures are of what was judged in the last year: a model is judged by how it does, not by how it once did."""


def add(session: Session, judged: Iterable[Judgement], today: date) -> None:
    """Adds what was judged today to the sums; an entry that nobody can read any more counts as not known."""
    found: dict[tuple[str, Place], Cell] = {}
    for each in judged:
        if each.entry.promise:
            for place, cell in statements(each.entry.promise, each.came):
                key = each.entry.model_name, place
                found[key] = found.get(key, Cell()) + cell
    rows = [_row(name, place, cell, today) for (name, place), cell in sorted(found.items(), key=_order)]
    if rows:
        session.connection().execute(text(_ADD), rows)


def publish(session: Session, today: date) -> int:
    """Writes the figures of every model of which something was judged in the last year; how many models they are."""
    found = _all(session, today)
    for name, cells in found.items():
        performance.record(session, name, figures(cells))
    return len(found)


def calibrations(
    session: Session, versions: Collection[Number], today: date
) -> dict[Number, tuple[CalibrationBin, ...]]:
    """Of the last year, tenth by tenth: what each version said, and how often it came."""
    names = {version: name_of(*version) for version in versions}
    found = _all(session, today, names.values())
    return {version: calibration(found.get(name, {})) for version, name in names.items()}


def _all(session: Session, today: date, names: Collection[str] | None = None) -> Mapping[str, Cells]:
    """The cells of the last year, by model; of these, or of all."""
    values = {"since": today - timedelta(days=WINDOW_DAYS), "names": None if names is None else list(names)}
    rows = session.connection().execute(text(_CELLS), values)
    return {model: dict(map(_cell, part)) for model, part in groupby(rows, key=lambda row: str(row.model_name))}


def _cell(row: Row[Any]) -> tuple[Place, Cell]:
    place = Place(kind=PromiseKind(row.kind), label=row.label, measure=Measure(row.measure), bin=row.bin)
    return place, Cell(number=int(row.number), said=row.said, came=row.came, loss=row.loss)


def _order(item: tuple[tuple[str, Place], Cell]) -> tuple[str, str, str, str, int]:
    """The same for everybody, so that two who add wait for each other and never in a circle."""
    name, place = item[0]
    return name, place.kind, place.label, place.measure, place.bin


def _row(name: str, place: Place, cell: Cell, today: date) -> dict[str, Any]:
    return {
        "model_name": name,
        "judged_on": today,
        "kind": place.kind.value,
        "label": place.label,
        "measure": place.measure.value,
        "bin": place.bin,
        "number": cell.number,
        "said": cell.said,
        "came": cell.came,
        "loss": cell.loss,
    }


_ADD = """
INSERT INTO forecast_scores AS kept
    (model_name, judged_on, kind, label, measure, bin, number, said, came, loss)
VALUES (:model_name, :judged_on, :kind, :label, :measure, :bin, :number, :said, :came, :loss)
ON CONFLICT (model_name, judged_on, kind, label, measure, bin) DO UPDATE SET
    number = kept.number + excluded.number, said = kept.said + excluded.said,
    came = kept.came + excluded.came, loss = kept.loss + excluded.loss
"""

_CELLS = """
SELECT model_name, kind, label, measure, bin, sum(number) AS number, sum(said) AS said, sum(came) AS came,
       sum(loss) AS loss
FROM forecast_scores
WHERE judged_on > :since AND (CAST(:names AS text[]) IS NULL OR model_name = ANY(:names))
GROUP BY model_name, kind, label, measure, bin ORDER BY model_name, kind, label, measure, bin
"""
