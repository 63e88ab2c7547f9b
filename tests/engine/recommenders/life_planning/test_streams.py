"""What is put by as months go on, added up."""

import numpy as np

from engine.recommenders.life_planning.streams import Stream

NONE = np.zeros(1)


def stream(now: float, later: float, fills: float) -> Stream:
    return Stream(now=np.array([now]), later=np.array([later]), fills=np.array([fills]))


def test_money_that_never_changes_does_not_put_off_the_change_of_what_it_is_added_to() -> None:
    both = stream(100.0, 300.0, 6.0).plus(stream(50.0, 50.0, 24.0))
    assert both == stream(150.0, 350.0, 6.0)
    assert both.paid(np.array([12.0])).tolist() == [6 * 150.0 + 6 * 350.0]


def test_money_until_something_is_full_ends_with_the_last_cent_of_it() -> None:
    filling = Stream.until(np.array([1_000.0]), np.array([300.0]))
    assert [filling.paid(months).tolist() for months in (2.0, 12.0)] == [[600.0], [1_000.0]]
    assert Stream.until(np.array([1_000.0]), NONE).paid(12.0).tolist() == [0.0]
