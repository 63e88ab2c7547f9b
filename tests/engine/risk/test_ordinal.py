"""Ordered levels: chances that cannot cross, nobody on both sides of a split, promises that hold."""

import numpy as np
import pytest
from scipy.special import expit

from engine.facts import Floats, Positions
from engine.learning.folds import group_folds, share_of_groups
from engine.learning.platt import Platt, fit_platt
from engine.risk.ordinal import OrdinalClassifier

LEVELS = 4
CUTS = np.array([1.0, 0.0, -1.2])


def people(seed: int, size: int) -> tuple[Floats, Positions]:
    """A level that rises with the first column, falls with the second, and has nothing to do with the others."""
    random = np.random.default_rng(seed)
    X = random.standard_normal((size, 5))
    latent = 1.5 * X[:, 0] - X[:, 1] + random.logistic(size=size)
    return X, (latent[:, None] > -CUTS).sum(axis=1)


@pytest.fixture(scope="module")
def model() -> OrdinalClassifier:
    X, y = people(1, 2_000)
    return OrdinalClassifier(levels=LEVELS, monotone={0: 1}).fit(X, y, np.arange(len(y)))


def test_chances_never_cross_and_sum_to_one(model: OrdinalClassifier) -> None:
    X = 5.0 * np.random.default_rng(2).standard_normal((3_000, 5))
    X[::7, 1] = np.nan
    assert np.all(np.diff(model.predict_above(X), axis=1) <= 0)
    assert model.predict_proba(X).min() >= 0
    assert model.predict_proba(X).sum(axis=1) == pytest.approx(1.0)


def test_a_monotone_feature_never_lowers_the_level(model: OrdinalClassifier) -> None:
    X = np.random.default_rng(3).standard_normal((500, 5))
    higher = X + np.array([0.7, 0.0, 0.0, 0.0, 0.0])
    assert np.all(model.predict_above(higher) >= model.predict_above(X) - 1e-9)


def test_promises_hold_on_people_not_seen(model: OrdinalClassifier) -> None:
    X, y = people(4, 20_000)
    above = model.predict_above(X)
    for cut in range(LEVELS - 1):
        for part in np.array_split(np.argsort(above[:, cut]), 5):
            assert (y[part] > cut).mean() == pytest.approx(above[part, cut].mean(), abs=0.05)


def test_it_comes_near_the_true_chances(model: OrdinalClassifier) -> None:
    X, _ = people(5, 5_000)
    true = expit((1.5 * X[:, 0] - X[:, 1])[:, None] + CUTS)
    found = model.predict_above(X)
    by_prior = np.abs(true - true.mean(axis=0)).mean()
    assert np.abs(found - true).mean() < 0.25 * by_prior


def test_the_same_people_give_the_same_model(model: OrdinalClassifier) -> None:
    X, y = people(1, 2_000)
    again = OrdinalClassifier(levels=LEVELS, monotone={0: 1}).fit(X, y, np.arange(len(y)))
    assert np.array_equal(again.predict_proba(X), model.predict_proba(X))


def test_a_family_is_never_torn_apart() -> None:
    groups = np.repeat(np.arange(200), 5)
    tested = []
    for train, test in group_folds(groups, 5, 0):
        assert not set(groups[train]) & set(groups[test])
        tested.append(test)
    assert sorted(np.concatenate(tested)) == list(range(1_000))
    chosen = share_of_groups(groups, 0.3, 1)
    assert 0.2 < chosen.mean() < 0.4
    assert np.all(chosen.reshape(200, 5) == chosen[::5, None])


def test_platt_finds_the_scale_that_scores_were_stretched_by() -> None:
    random = np.random.default_rng(6)
    true = random.normal(0.0, 1.5, 20_000)
    y = (random.random(20_000) < expit(true)).astype(np.int64)
    found = fit_platt(3.0 * true[:, None, None] + 2.0, y)
    assert found.slope[0, 0] == pytest.approx(1 / 3, abs=0.02)
    assert found.intercept[0] == pytest.approx(-2 / 3, abs=0.06)


def test_chances_that_cross_are_put_in_order() -> None:
    platt = Platt(slope=np.ones((2, 1)), intercept=np.zeros(2))
    assert platt(np.array([[[-1.0], [1.0]]])).tolist() == [expit([1.0, -1.0]).tolist()]


def test_of_two_models_the_one_that_knows_is_believed() -> None:
    random = np.random.default_rng(7)
    true, noise = random.normal(0.0, 1.5, 20_000), random.standard_normal(20_000)
    y = (random.random(20_000) < expit(true)).astype(np.int64)
    found = fit_platt(np.stack([true, noise], axis=1)[:, None, :], y)
    assert found.slope[0] == pytest.approx([1.0, 0.0], abs=0.05)
