"""The nearest among very many, where inverted lists of coarse codes take the place of an exact scan."""

from dataclasses import replace
from functools import cache

import numpy as np

from benchmarks.peers.crowd import MARK_BITS, Drawn, drawn
from engine.peers.crowd import CHUNK, Asked, Crowd
from engine.peers.features import FEATURES
from engine.peers.index import FLAT_BELOW

COUNT = 10
TOLD = [FEATURES.index(name) for name in ("age", "income", "dependents")]


@cache
def everybody() -> Drawn:
    return drawn(FLAT_BELOW + CHUNK + 1)


@cache
def crowd() -> Crowd:
    return Crowd(held().scaling, held().people, MARK_BITS)


def held() -> Drawn:
    return everybody().take(slice(FLAT_BELOW))


def asked() -> Asked:
    """By more people than are answered at a time."""
    late = everybody().take(slice(FLAT_BELOW, None))
    return Asked(coarse=late.people.coarse, currency=late.people.currency.astype(np.int64), mark=late.mark)


def test_nearly_all_of_the_nearest_are_found() -> None:
    assert crowd().recall(asked().take(np.arange(200)), COUNT) >= 0.999


def test_nearly_all_are_found_of_those_who_told_little_of_themselves() -> None:
    brief = everybody().people.coarse.copy()
    brief[:, [column for column in range(len(FEATURES)) if column not in TOLD]] = 0
    half = np.where(np.arange(len(brief))[:, None] % 2, brief, everybody().people.coarse)
    crowded = Crowd(held().scaling, replace(held().people, coarse=half[:FLAT_BELOW]), MARK_BITS)
    assert crowded.recall(replace(asked(), coarse=brief[FLAT_BELOW:]).take(np.arange(200)), COUNT) >= 0.999


def test_similarities_are_exact_and_nobody_who_shares_the_mark_is_shown() -> None:
    rows, similarity = crowd().nearest(asked(), COUNT)
    units = everybody().units[FLAT_BELOW:]
    assert np.allclose(np.einsum("qd,qkd->qk", units, held().units[rows]), similarity, atol=1e-5)
    assert (np.diff(similarity, axis=1) <= 0).all()
    assert not (held().mark[rows] == asked().mark[:, None]).any()


def test_everybody_is_answered_alike_alone_and_among_many() -> None:
    rows, _ = crowd().nearest(asked(), COUNT)
    for one in range(0, CHUNK, 100):
        assert np.array_equal(crowd().nearest(asked().take(np.array([one])), COUNT)[0][0], rows[one])
