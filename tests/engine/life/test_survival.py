"""Hazards by year: censored people count for the years they were seen, curves cannot fall, chances hold."""

import numpy as np
import pytest

from engine.facts import Floats
from engine.life.survival import HazardModel, hazards, person_years

YEARS = 5


def people(seed: int, size: int) -> tuple[Floats, Floats, Floats]:
    """A yearly hazard of 0.10 that doubles with the first column's sign; watched for one to six years."""
    random = np.random.default_rng(seed)
    X = random.standard_normal((size, 3))
    rate = np.where(X[:, 0] > 0, 0.2, 0.1)
    return X, random.exponential(1.0 / rate), random.uniform(1.0, YEARS + 1.0, size)


def flat(size: int) -> Floats:
    return np.full((size, YEARS), 0.12)


@pytest.fixture(scope="module")
def model() -> HazardModel:
    X, until, seen = people(1, 12_000)
    return HazardModel(years=YEARS).fit(X, until, seen, np.arange(len(X)), flat(len(X)))


def test_a_person_is_a_row_for_each_whole_year_watched() -> None:
    until = np.array([np.inf, 1.5, 0.2, 2.0, 2.7, np.inf])
    seen = np.array([2.9, 5.0, 5.0, 5.0, 2.8, 0.5])
    rows = person_years(until, seen, YEARS)
    assert rows.person.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4]
    assert rows.year.tolist() == [0, 1, 0, 1, 0, 0, 1, 0, 1]
    assert rows.label.tolist() == [False, False, False, True, True, False, True, False, False]


def test_a_part_of_a_year_tells_nothing_even_where_the_event_came() -> None:
    random = np.random.default_rng(3)
    until, seen = random.exponential(5.0, 200_000), random.uniform(0.0, 6.0, 200_000)
    rows = person_years(until, seen, YEARS)
    assert rows.label.mean() == pytest.approx(1 - np.exp(-1 / 5), abs=0.003)


def test_chances_within_more_years_are_never_lower(model: HazardModel) -> None:
    X = 4.0 * np.random.default_rng(4).standard_normal((2_000, 3))
    X[::5, 1] = np.nan
    within = model.predict(X, flat(len(X)))
    assert within.shape == (2_000, YEARS)
    assert np.all(np.diff(within, axis=1) >= 0)
    assert within.min() >= 0
    assert within.max() <= 1


def test_chances_hold_though_half_of_the_people_were_lost_from_view(model: HazardModel) -> None:
    X, until, _ = people(5, 40_000)
    within = model.predict(X, flat(len(X)))
    for group in (X[:, 0] > 0.1, X[:, 0] < -0.1):
        for year in range(YEARS):
            assert within[group, year].mean() == pytest.approx((until[group] <= year + 1).mean(), abs=0.04)


def test_it_starts_from_the_base_rate() -> None:
    """Where nothing can be learned, a base that differs between people is what is told."""
    random = np.random.default_rng(6)
    base = np.repeat(np.where(random.random(3_000) < 0.5, 0.05, 0.25)[:, None], YEARS, axis=1)
    until = random.exponential(-1.0 / np.log1p(-base[:, 0]))
    seen = np.full(3_000, 5.0)
    noise = random.standard_normal((3_000, 2))
    found = HazardModel(years=YEARS).fit(noise, until, seen, np.arange(3_000), base).predict(noise, base)
    assert found[:, 0] == pytest.approx(base[:, 0], abs=0.06)


def test_hazards_undo_cumulation() -> None:
    within = np.array([[0.1, 0.19, 0.19, 1.0]])
    assert hazards(within)[0, :2] == pytest.approx([0.1, 0.1])
    assert 0 < hazards(within)[0, 2] < 1e-4
    assert hazards(within)[0, 3] < 1


def test_scaled_anew_on_recent_years_chances_hold_though_rates_have_fallen() -> None:
    X, until, seen = people(6, 12_000)
    model = HazardModel(years=YEARS).fit(X, until, seen, np.arange(len(X)), flat(len(X)))
    later, until, _ = people(7, 12_000)
    until = 2.5 * until  # what comes has become rarer for everybody
    watched = np.random.default_rng(8).integers(1, YEARS + 1, len(later))
    unseen, to_come, _ = people(9, 30_000)
    before = model.predict(unseen, flat(len(unseen)))
    model.recalibrate(later, watched, until <= watched, flat(len(later)))
    after = model.predict(unseen, flat(len(unseen)))
    for group in (unseen[:, 0] > 0.1, unseen[:, 0] < -0.1):
        for year in range(YEARS):
            rate = (2.5 * to_come[group] <= year + 1).mean()
            assert after[group, year].mean() == pytest.approx(rate, abs=0.03)
            assert abs(before[group, year].mean() - rate) > abs(after[group, year].mean() - rate)


def test_the_trees_that_answer_a_person_have_never_seen_its_fold() -> None:
    X, until, seen = people(10, 2_000)
    fold = np.arange(len(X)) % 5
    otherwise = np.where(fold == 2, 0.5, until)
    models = [
        HazardModel(years=YEARS).fit(X, told, seen, np.arange(len(X)), flat(len(X)), fold)
        for told in (until, otherwise)
    ]
    raw = [[bytes(booster.save_raw("json")) for booster in model.boosters_] for model in models]
    assert [before == after for before, after in zip(*raw, strict=True)] == [False, False, True, False, False]


def test_each_fold_is_answered_by_its_own_trees() -> None:
    X, until, seen = people(11, 1_000)
    fold = np.arange(len(X)) % 5
    model = HazardModel(years=YEARS).fit(X, until, seen, np.arange(len(X)), flat(len(X)), fold)
    whole = model.predict(X, flat(len(X)), fold)
    model.boosters_ = [model.boosters_[2]] * 5
    assert np.array_equal(whole[fold == 2], model.predict(X, flat(len(X)))[fold == 2])
