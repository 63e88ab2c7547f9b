"""Cells of judged promises, and the figures that they give."""

from datetime import date

import numpy as np
import pytest

from engine.learning.metrics import Metric
from engine.ledger.promises import Promise, PromiseKind
from engine.ledger.score import Cell, Cells, Measure, Place, calibration, figures, merit, statements

DUE = date(2027, 1, 1)


def chance(probability: float, subject: str = "MARRIAGE:2") -> Promise:
    return Promise(kind=PromiseKind.EVENT_HAPPENED, subject=subject, due=DUE, probability=probability)


def month(expected: float, low: float, high: float, before: float) -> Promise:
    return Promise(
        kind=PromiseKind.MONTH_SPENT, subject="2026-12", due=DUE, expected=expected, low=low, high=high, before=before
    )


def summed(*judged: tuple[Promise, float | None]) -> Cells:
    found: dict[Place, Cell] = {}
    for promise, came in judged:
        for place, cell in statements(promise, came):
            found[place] = found.get(place, Cell()) + cell
    return found


def by_name(cells: Cells) -> dict[str, Metric]:
    return {metric.name: metric for metric in figures(cells, least=1)}


def test_figures_of_cells_are_those_of_the_single_promises() -> None:
    random = np.random.default_rng(1)
    said = random.random(2_000)
    came = (random.random(2_000) < said**2).astype(float)
    subject = np.where(random.random(2_000) < 0.3, "CHILD:2", "MARRIAGE:2")
    found = summed(*((chance(p, s), y) for p, s, y in zip(said, subject, came, strict=True)))
    of = by_name(found)
    assert of["ledger_brier"].value == pytest.approx(np.mean((said - came) ** 2))
    rate = np.where(subject == "CHILD:2", came[subject == "CHILD:2"].mean(), came[subject == "MARRIAGE:2"].mean())
    assert of["ledger_brier"].baseline == pytest.approx(np.mean((rate - came) ** 2))
    tenth = np.minimum((said * 10).astype(int), 9)
    apart = [abs(said[tenth == each].sum() - came[tenth == each].sum()) for each in range(10)]
    assert of["ledger_calibration_error"].value == pytest.approx(sum(apart) / 2_000)
    assert of["ledger_judged"].value == 2_000
    assert [each.number for each in calibration(found)] == [int((tenth == each).sum()) for each in range(10)]
    assert calibration(found)[3].came == pytest.approx(came[tenth == 3].mean())


def test_an_honest_forecaster_beats_the_base_rate_and_is_calibrated() -> None:
    random = np.random.default_rng(2)
    said = random.random(5_000)
    of = by_name(summed(*((chance(p), float(random.random() < p)) for p in said)))
    assert of["ledger_brier"].baseline
    assert of["ledger_brier"].value < of["ledger_brier"].baseline
    assert of["ledger_calibration_error"].value < 0.03


def test_intervals_are_covered_and_directions_right_beside_what_is_easy() -> None:
    of = by_name(
        summed(
            (month(100.0, 80.0, 120.0, before=90.0), 110.0),  # inside, rose as said
            (month(100.0, 80.0, 120.0, before=90.0), 80.0),  # just inside, fell
            (month(100.0, 80.0, 120.0, before=110.0), 60.0),  # outside, fell as said
            (month(100.0, 80.0, 120.0, before=110.0), 100.0),  # inside, fell as said
        )
    )
    assert of["ledger_coverage"] == Metric(name="ledger_coverage", value=0.75, baseline=0.9)
    assert of["ledger_direction_accuracy"] == Metric(name="ledger_direction_accuracy", value=0.75, baseline=0.75)
    assert "ledger_brier" not in of


def test_a_small_change_has_no_direction() -> None:
    found = summed((month(100.0, 80.0, 120.0, before=100.0), 104.9), (month(100.0, 80.0, 120.0, before=100.0), 105.1))
    assert sum(cell.number for place, cell in found.items() if place.measure is Measure.DIRECTION) == 1


def test_what_is_not_known_is_counted_and_judges_nothing() -> None:
    of = by_name(summed((chance(0.9), None), (chance(0.9), 1.0)))
    assert (of["ledger_judged"].value, of["ledger_unknown"].value) == (1, 1)
    assert of["ledger_brier"].value == pytest.approx(0.01)


def test_advice_is_told_by_the_share_that_followed_it() -> None:
    advice = Promise(kind=PromiseKind.ADVICE_FOLLOWED, subject="rebalance", due=DUE, amount=10.0)
    assert by_name(summed((advice, 1.0), (advice, 0.0)))["ledger_followed"].value == 0.5


def test_certainty_falls_into_the_last_bin() -> None:
    ((place, _),) = statements(chance(1.0), 1.0)
    assert (place.measure, place.bin, place.label) == (Measure.CHANCE, 9, "MARRIAGE:2")


@pytest.mark.parametrize(
    ("promise", "came", "worth"),
    [
        (chance(0.5), 1.0, 0.5),
        (chance(1.0), 1.0, 1.0),
        (chance(1.0), 0.0, -1.0),
        (month(100.0, 80.0, 120.0, before=90.0), 100.0, 1.0),
        (month(100.0, 80.0, 120.0, before=90.0), 90.0, 0.0),
        (month(100.0, 80.0, 120.0, before=90.0), 95.0, 0.5),
        (month(90.0, 80.0, 120.0, before=90.0), 90.0, 0.5),
    ],
)
def test_the_worth_of_a_promise_is_a_half_for_what_anybody_could_say(
    promise: Promise, came: float, worth: float
) -> None:
    assert merit(promise, came) == pytest.approx(worth)


def test_an_amount_alone_is_worth_nothing_to_judge() -> None:
    assert merit(Promise(kind=PromiseKind.ADVICE_FOLLOWED, subject="rebalance", due=DUE, amount=10.0), 1.0) is None


def test_a_figure_of_a_handful_is_not_published() -> None:
    few = summed(*((chance(0.5), 1.0) for _ in range(99)))
    enough = summed(*((chance(0.5), 1.0) for _ in range(100)))
    assert [metric.name for metric in figures(few)] == ["ledger_judged", "ledger_unknown"]
    assert "ledger_brier" in {metric.name for metric in figures(enough)}
