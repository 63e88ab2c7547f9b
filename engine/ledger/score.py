"""What judged promises say of a model: each becomes statements, statements are summed in cells, cells give figures.

A cell holds sums only, and nobody's outcome, so cells can be kept in the clear, added up over days, and read without a
key. Every statement is a probability and what came of it; an interval is the statement that it holds the outcome, a
direction one that is made for certain.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from engine.learning.metrics import BINS, Metric
from engine.ledger.promises import SURE, Promise, PromiseKind


class Measure(StrEnum):
    """What a statement is about."""

    CHANCE = "CHANCE"
    INTERVAL = "INTERVAL"
    DIRECTION = "DIRECTION"
    FOLLOWED = "FOLLOWED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a statement is summed: `label` names those that share a base rate, `bin` the tenth of what was said."""

    kind: PromiseKind
    label: str
    measure: Measure
    bin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How many statements, and the sums of what was said, of what came, and of the squared difference."""

    number: int = 0
    said: float = 0.0
    came: float = 0.0
    loss: float = 0.0

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(
            number=self.number + other.number,
            said=self.said + other.said,
            came=self.came + other.came,
            loss=self.loss + other.loss,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """One tenth of what can be said: how often it was said, what on average, and what share of it came."""

    low: float
    high: float
    number: int
    said: float | None
    came: float | None


Cells = Mapping[Place, Cell]

ONE_A_PROMISE = (Measure.CHANCE, Measure.INTERVAL, Measure.FOLLOWED)
SAME = 0.05
"""Of what it was before: a change within it has no direction."""
LEAST_JUDGED = 100
"""Statements behind a published figure; fewer would move it by chance as much as a worse model does."""


def statements(promise: Promise, came: float | None) -> Iterator[tuple[Place, Cell]]:
    """What a judged promise adds to the cells; an outcome that is not known is counted and says nothing."""
    if came is None:
        yield _place(promise, Measure.UNKNOWN), Cell(number=1)
        return
    if promise.probability is not None:
        yield _stated(promise, Measure.CHANCE, promise.probability, came)
    if promise.low is not None and promise.high is not None:
        yield _stated(promise, Measure.INTERVAL, SURE, float(promise.low <= came <= promise.high))
    if promise.expected is not None and promise.before is not None and _has_direction(promise.before, came):
        rises = float(promise.expected > promise.before)
        yield _stated(promise, Measure.DIRECTION, rises, float(came > promise.before))
    if promise.kind is PromiseKind.ADVICE_FOLLOWED:
        yield _stated(promise, Measure.FOLLOWED, 1.0, came)


def merit(promise: Promise, came: float) -> float | None:
    """What a judged promise was worth to who was told it, at most 1; 0.5 is what saying nothing would be worth.

    Of a probability 1 less twice the squared error: 0.5 for an even chance, -1 for certainty that was wrong. Of an
    amount the share that the error has in it and in that of saying that nothing changes.
    """
    if promise.probability is not None:
        return 1.0 - 2.0 * (promise.probability - came) ** 2
    if promise.expected is None or promise.before is None:
        return None
    ours, usual = abs(promise.expected - came), abs(promise.before - came)
    return usual / (ours + usual) if ours + usual > 0 else 0.5


def figures(cells: Cells, least: int = LEAST_JUDGED) -> list[Metric]:
    """What is published of a model: each figure that enough statements stand behind, and how many there are in all."""
    parts = {measure: _of(cells, measure) for measure in Measure}
    number = {measure: _total(part).number for measure, part in parts.items()}
    told = [metric for measure, of in _FIGURES.items() if number[measure] >= least for metric in of(parts[measure])]
    judged = sum(number[measure] for measure in ONE_A_PROMISE)
    return [
        *told,
        Metric(name="ledger_judged", value=float(judged)),
        Metric(name="ledger_unknown", value=float(number[Measure.UNKNOWN])),
    ]


def calibration(cells: Cells) -> tuple[CalibrationBin, ...]:
    """Ten bins of what was said; one in which nothing was said has no number and no means."""
    bins = _bins(_of(cells, Measure.CHANCE))
    return tuple(_bin(each, bins.get(each, Cell())) for each in range(BINS))


def _has_direction(before: float, came: float) -> bool:
    return abs(came - before) > SAME * abs(before)


def _place(promise: Promise, measure: Measure, said: float = 0.0) -> Place:
    label = promise.subject if promise.kind is PromiseKind.EVENT_HAPPENED else ""
    return Place(kind=promise.kind, label=label, measure=measure, bin=min(int(said * BINS), BINS - 1))


def _stated(promise: Promise, measure: Measure, said: float, came: float) -> tuple[Place, Cell]:
    return _place(promise, measure, said), Cell(number=1, said=said, came=came, loss=(said - came) ** 2)


def _of(cells: Cells, measure: Measure) -> dict[Place, Cell]:
    return {place: cell for place, cell in cells.items() if place.measure is measure}


def _total(cells: Cells) -> Cell:
    return sum(cells.values(), Cell())


def _chances(cells: Cells) -> Iterator[Metric]:
    """The baseline is told what share came of each label, which no model is."""
    total = _total(cells)
    apart = sum(abs(cell.said - cell.came) for cell in _bins(cells).values())
    yield Metric(name="ledger_brier", value=total.loss / total.number, baseline=_base_rate(cells))
    yield Metric(name="ledger_calibration_error", value=apart / total.number)


def _intervals(cells: Cells) -> Iterator[Metric]:
    total = _total(cells)
    yield Metric(name="ledger_coverage", value=total.came / total.number, baseline=SURE)


def _directions(cells: Cells) -> Iterator[Metric]:
    """The baseline always says the direction that came more often."""
    total = _total(cells)
    rose = total.came / total.number
    value = 1.0 - total.loss / total.number
    yield Metric(name="ledger_direction_accuracy", value=value, baseline=max(rose, 1.0 - rose))


def _followed(cells: Cells) -> Iterator[Metric]:
    total = _total(cells)
    yield Metric(name="ledger_followed", value=total.came / total.number)


def _base_rate(cells: Cells) -> float:
    """The Brier score of always saying the share that came, label by label."""
    parts = [_total(part) for part in _by_label(cells)]
    return sum(part.came * (1.0 - part.came / part.number) for part in parts) / sum(part.number for part in parts)


def _by_label(cells: Cells) -> Iterator[Cells]:
    def label(item: tuple[Place, Cell]) -> tuple[str, str]:
        return item[0].kind, item[0].label

    for _, group in groupby(sorted(cells.items(), key=label), key=label):
        yield dict(group)


def _bins(cells: Cells) -> dict[int, Cell]:
    found: dict[int, Cell] = {}
    for place, cell in cells.items():
        found[place.bin] = found.get(place.bin, Cell()) + cell
    return found


def _bin(number: int, cell: Cell) -> CalibrationBin:
    low, high, count = number / BINS, (number + 1) / BINS, cell.number
    if not count:
        return CalibrationBin(low=low, high=high, number=0, said=None, came=None)
    return CalibrationBin(low=low, high=high, number=count, said=cell.said / count, came=cell.came / count)


_FIGURES: Mapping[Measure, Callable[[Cells], Iterator[Metric]]] = {
    Measure.CHANCE: _chances,
    Measure.INTERVAL: _intervals,
    Measure.DIRECTION: _directions,
    Measure.FOLLOWED: _followed,
}
