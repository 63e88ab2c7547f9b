"""Levels and shares are two sides of one promise, and the corrected level is kept as often as it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.facts import Floats
from engine.sustain.conformal import SHARES, WORTH_PROMISING, is_promised, kept_level, reached_level, share_at

CHANCES = arrays(np.float64, (6, len(SHARES)), elements=st.floats(0.0, 1.0, width=32)).map(lambda a: np.sort(a, axis=1))
LEVELS = st.floats(0.0, 1.0, width=32)
SHARE = arrays(np.float64, 6, elements=st.floats(0.0, 1.0, width=32))


@given(CHANCES, LEVELS, LEVELS)
def test_a_higher_level_never_promises_less(below: Floats, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert (share_at(below, low) <= share_at(below, high) + 1e-12).all()


@given(CHANCES, SHARE, LEVELS)
def test_a_share_keeps_every_promise_up_to_the_level_that_it_reaches(
    below: Floats, share: Floats, level: float
) -> None:
    reached = reached_level(below, share)
    for user, most in enumerate(reached):
        if level < most - 1e-6:
            assert share_at(below, level)[user] <= share[user] + 1e-9
        elif level > most + 1e-6:
            assert share_at(below, level)[user] >= min(max(share[user], WORTH_PROMISING), 1.0) - 1e-9


@given(CHANCES, LEVELS)
def test_promises_are_nothing_or_worth_it(below: Floats, level: float) -> None:
    promised = share_at(below, level)
    assert ((promised == 0) | ((promised >= WORTH_PROMISING) & (promised <= 1.0))).all()
    assert is_promised(below, level).tolist() == (promised > 0).tolist()


def test_nothing_is_kept_by_who_puts_nothing_aside() -> None:
    below = np.full((1, len(SHARES)), 0.95)
    assert share_at(below, 0.2)[0] == 0.0
    assert reached_level(below, np.zeros(1))[0] == 0.95


@pytest.mark.parametrize("people", [4, 9, 25, 100])
def test_new_people_fall_short_as_often_as_allowed_and_hardly_less(people: int) -> None:
    random = np.random.default_rng(people)
    reached = random.random((20_000, people + 1))
    broken = np.mean([row[-1] < kept_level(row[:-1], 0.2) for row in reached])
    assert 0.2 - 1.0 / (people + 1) - 0.01 <= broken <= 0.2 + 0.01


def test_too_few_people_promise_nothing() -> None:
    assert kept_level(np.array([0.5, 0.6, 0.7]), 0.2) == 0.0
    assert kept_level(np.array([]), 0.2) == 0.0
