"""Sums of curves: they follow what rises, keep to the way they are told, and say nothing of what is not known."""

import numpy as np
import pytest
from scipy.special import expit

from engine.facts import Floats, Positions
from engine.risk.additive import fit_curves


def people(seed: int, size: int = 4_000) -> tuple[Floats, Positions]:
    """Three levels that rise with the first column and have a hump over the second; the third is mostly zero."""
    random = np.random.default_rng(seed)
    X = random.standard_normal((size, 3))
    X[:, 2] = np.where(random.random(size) < 0.7, 0.0, np.exp(X[:, 2]))
    latent = X[:, 0] - X[:, 1] ** 2 + (X[:, 2] > 0) + random.logistic(size=size)
    return X, (latent[:, None] > np.array([-1.0, 1.0])).sum(axis=1)


def test_slopes_humps_and_what_sets_zero_apart_are_found() -> None:
    X, y = people(1)
    unseen, _ = people(2)
    true = (unseen[:, 0] - unseen[:, 1] ** 2 + (unseen[:, 2] > 0))[:, None] - np.array([-1.0, 1.0])
    chances, found = expit(true), expit(fit_curves(X, y, 2, {}).scores(unseen))
    by_shares = np.abs(chances - chances.mean(axis=0)).mean()
    assert np.abs(found - chances).mean() < 0.3 * by_shares


def test_a_monotone_feature_never_lowers_a_score_whatever_the_data_say() -> None:
    X, y = people(3)
    curves = fit_curves(X, 2 - y, 2, {0: 1})
    for step in (0.1, 0.5, 3.0):
        higher = X + np.array([step, 0.0, 0.0])
        assert np.all(curves.scores(higher) >= curves.scores(X) - 1e-9)


def test_what_is_not_known_may_tell_something_of_its_own() -> None:
    X, y = people(4)
    X[: len(X) // 2, 0] = np.nan
    y[: len(X) // 2] = 0
    curves = fit_curves(X, y, 2, {})
    hidden = X.copy()
    hidden[:, 0] = np.nan
    assert np.isfinite(curves.scores(hidden)).all()
    assert expit(curves.scores(hidden)[:, 0]).mean() < 0.1


def test_values_beyond_those_learned_from_count_as_the_last_of_them() -> None:
    X, y = people(5)
    curves = fit_curves(X, y, 2, {})
    far = np.full((1, 3), 1e12)
    assert curves.scores(far) == pytest.approx(curves.scores(np.full((1, 3), 1e15)))


def test_a_column_of_which_nothing_is_known_does_no_harm() -> None:
    X, y = people(6, 500)
    X[:, 1] = np.nan
    assert np.isfinite(fit_curves(X, y, 2, {}).scores(X)).all()
