"""Columns made comparable."""

import numpy as np

from engine.peers.scaling import fit_scaling


def test_a_column_that_differs_in_its_last_digits_alone_tells_nobody_apart() -> None:
    random = np.random.default_rng(3)
    columns = np.column_stack([0.1 + 1e-12 * random.random(50), random.random(50)])
    coarse = fit_scaling(columns).coarse(columns)
    assert not coarse[:, 0].any()
    assert coarse[:, 1].any()
