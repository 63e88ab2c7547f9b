"""What is told of a group: in steps, of many, nobody's own, and nothing of who has just joined."""

import numpy as np
import pytest

from benchmarks.peers.difference import guessed
from engine.peers.cohort import AVERAGED, LEVELS, Spread, released
from engine.recommenders.peer_insights.model import PeerModel
from engine.recommenders.peer_insights.newcomers import described
from tests.engine.peers.drawn import model, people


def test_nothing_is_released_below_twenty_people() -> None:
    assert released(np.arange(19.0)) is None
    found = released(np.arange(20.0))
    assert found is not None
    assert found.levels == (0.25, 0.50, 0.75)


def test_more_people_release_more_levels_but_never_one_with_fewer_than_five_beyond() -> None:
    found = {people: released(np.arange(float(people))) for people in (20, 50, 100, 1_000)}
    levels = {people: spread.levels for people, spread in found.items() if spread is not None}
    assert all(people * min(each, 1 - each) > 4.99 for people in found for each in levels[people])
    assert (len(levels[20]), levels[1_000]) == (3, LEVELS)


def test_a_released_figure_is_nobody_s_own_and_near_the_truth() -> None:
    values = np.random.default_rng(5).lognormal(0.0, 1.0, 400)
    found = released(values)
    assert found is not None
    assert not set(found.values) & set(values.tolist())
    assert found.values == pytest.approx(np.quantile(values, found.levels), rel=0.15)


@pytest.mark.parametrize(("people", "at_most"), [(20, 0.85), (50, 0.75), (400, 0.65)])
def test_two_releases_hardly_tell_on_which_side_a_newcomer_stands(people: int, at_most: float) -> None:
    assert guessed(released, people, trials=300) <= at_most


def test_ranks_and_rounding_alone_would_tell_it() -> None:
    """What the draw is for: the mean of five neighbours moves to the newcomer's side nearly always."""

    def undrawn(values: np.ndarray) -> Spread:
        known = np.sort(values)
        start = [int(level * (len(known) - 1)) - AVERAGED // 2 for level in (0.25, 0.5, 0.75)]
        means = [float(f"{known[at : at + AVERAGED].mean():.2g}") for at in start]
        return Spread(levels=(0.25, 0.5, 0.75), values=tuple(means))

    assert guessed(undrawn, 50, trials=300) > 0.9


def test_newcomers_change_no_figure_until_the_next_version() -> None:
    made = PeerModel.from_files(model().files())
    before = dict(made.cohorts)
    made.join(described(model(), people()))
    assert made.cohorts == before


def test_the_same_people_are_told_of_alike_in_whatever_order_they_come() -> None:
    values = np.random.default_rng(6).lognormal(0.0, 1.0, 77)
    assert released(values) == released(values[::-1])


def test_the_same_people_are_told_of_alike_where_another_processor_computed_them() -> None:
    values = np.random.default_rng(6).lognormal(0.0, 1.0, 77)
    assert released(values) == released(np.nextafter(values, np.inf))
    assert released(values) != released(values + 0.0001)


def test_the_share_below_comes_in_steps_and_never_promises_more_than_is_known() -> None:
    spread = Spread(levels=(0.25, 0.5, 0.75), values=(1.0, 2.0, 3.0))
    assert [spread.below(value) for value in (0.0, 1.0, 1.5, 2.0, 2.49, 3.0, 99.0)] == [
        *(0.0, 0.0, 0.35, 0.5, 0.6, 0.75, 0.75),
    ]


def test_ties_at_zero_are_not_below_one_another() -> None:
    spread = Spread(levels=LEVELS, values=(0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0))
    assert spread.below(0.0) == 0.0
    assert spread.below(0.5) == 0.35
