"""Life-event rates without gaps: cumulative hazards that cannot fall, interpolated at three years."""

import csv
from itertools import product
from pathlib import Path

import numpy as np

HORIZONS = (2, 3, 4, 5)
OBSERVED = (2, 4, 5)
NAMES = {
    "marriage": "MARRIAGE",
    "child": "CHILD",
    "home_purchase": "HOME_PURCHASE",
    "job_loss": "JOB_CHANGE",
    "retirement": "RETIREMENT",
}
FLAGS = {"married": True, "not married": False, "children": True, "no children": False, "any": None}
Key = tuple[str, tuple[int, int], bool | None, bool | None]
Rates = dict[tuple[Key, int], tuple[float, int]]


def fit(folder: Path) -> list[dict[str, object]]:
    """One row a cell: the share with the event within 2, 3, 4 and 5 years."""
    rates = _read(folder / "life_event_rates.csv")
    return [_row(key, rates) for key in _keys(rates)]


def _read(path: Path) -> Rates:
    rates: Rates = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            low, high = (int(age) for age in row["age_band"].split("-"))
            key = (NAMES[row["event"]], (low, high), FLAGS[row["marital"]], FLAGS[row["children"]])
            rates[key, int(row["horizon_years"])] = (float(row["rate"]), int(row["n"]))
    return rates


def _keys(rates: Rates) -> list[Key]:
    """Every age band of an event with every combination of the flags that the event is told apart by."""
    keys: list[Key] = []
    for event in NAMES.values():
        seen = {key for key, _ in rates if key[0] == event}
        bands = sorted({key[1] for key in seen})
        married = sorted({key[2] for key in seen}, key=str)
        children = sorted({key[3] for key in seen}, key=str)
        keys += [(event, *rest) for rest in product(bands, married, children)]
    return keys


def _row(key: Key, rates: Rates) -> dict[str, object]:
    found = [_rate(key, horizon, rates) for horizon in OBSERVED]
    hazard = _rising(-np.log1p(-np.array([rate for rate, _ in found])), np.array([n for _, n in found], dtype=float))
    cumulative = 1.0 - np.exp(-np.interp(HORIZONS, OBSERVED, hazard))
    event, ages, married, children = key
    return {
        "event": event,
        "ages": list(ages),
        "married": married,
        "children": children,
        "people": rates.get((key, HORIZONS[0]), (0.0, 0))[1],
        "cumulative": [round(float(share), 4) for share in cumulative],
    }


def _rate(key: Key, horizon: int, rates: Rates) -> tuple[float, int]:
    """A cell's own rate, else the next wider one's: both values of a flag, then the nearest age band."""
    if (key, horizon) in rates:
        return rates[key, horizon]
    event, ages, *_ = key
    wider = [pair for (other, years), pair in rates.items() if (other[:2], years) == ((event, ages), horizon)]
    if wider:
        people = sum(n for _, n in wider)
        return sum(rate * n for rate, n in wider) / people, people
    nearest = [
        (abs(other[1][0] - ages[0]), pair)
        for (other, years), pair in rates.items()
        if (other[0], *other[2:], years) == (event, *key[2:], horizon)
    ]
    return min(nearest)[1]


def _rising(hazard: np.ndarray, people: np.ndarray) -> np.ndarray:
    """The nearest sequence that never falls, weighted by people (pool adjacent violators)."""
    blocks: list[list[float]] = []
    for value, weight in zip(hazard, people, strict=True):
        blocks.append([value, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last, before = blocks.pop(), blocks.pop()
            total = before[1] + last[1]
            blocks.append([(before[0] * before[1] + last[0] * last[1]) / total, total, before[2] + last[2]])
    return np.concatenate([np.full(int(count), value) for value, _, count in blocks])
