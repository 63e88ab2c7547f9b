"""The estimator on drawn households, whose law is known."""

import numpy as np
import pytest

from engine.errors import InsufficientData
from engine.sustain.features import NAMES, features
from engine.sustain.model import SustainableContribution
from engine.sustain.trees import SHALLOW, SPECIFIED, Candidate, preferred
from tests.engine.facts_factory import NASTY, facts
from tests.engine.sustain.drawn import QUICK, RECORDS, Drawn, drawn, quick

SHARES_ASKED = np.linspace(0.0, 0.5, 26)


@pytest.fixture(scope="module")
def model() -> SustainableContribution:
    return quick(1_500, 1)


@pytest.fixture(scope="module")
def held() -> Drawn:
    return drawn(6_000, 2)


def test_four_of_five_new_people_keep_their_promise(model: SustainableContribution, held: Drawn) -> None:
    promise = model.promise(held.X)
    some = promise > 0
    assert 0.5 < some.mean() < 0.75
    assert (held.y >= promise)[some].mean() == pytest.approx(0.8, abs=0.03)


def test_chances_come_true_for_new_people(model: SustainableContribution, held: Drawn) -> None:
    asked = 0.9 * held.X[:, 0]
    savers = asked > 0.01
    chance, kept = model.chances.chance(held.X, asked)[savers], (held.y >= asked)[savers]
    for part in np.array_split(np.argsort(chance), 5):
        assert chance[part].mean() == pytest.approx(kept[part].mean(), abs=0.06)


def test_the_mean_is_nearer_than_the_last_record(model: SustainableContribution, held: Drawn) -> None:
    ours, rule = (np.sqrt(np.mean((answer - held.y) ** 2)) for answer in (model.predict(held.X), held.X[:, 0]))
    assert ours < 0.95 * rule


def test_asking_for_more_is_never_likelier(model: SustainableContribution, held: Drawn) -> None:
    chances = np.stack([model.chances.chance(held.X[:300], np.full(300, share)) for share in SHARES_ASKED])
    assert (np.diff(chances, axis=0) <= 1e-7).all()
    assert (chances[0] == 1.0).all()
    assert (np.diff(model.chances.below(held.X[:300]), axis=1) >= -1e-7).all()


def test_a_promise_is_never_above_the_median(model: SustainableContribution, held: Drawn) -> None:
    promise, median = model.promise(held.X), model.chances.predict_median(held.X)
    assert (promise <= median + 1e-12).all()
    assert ((promise >= 0) & (median <= 1)).all()


def test_who_never_saved_is_promised_nothing(model: SustainableContribution, held: Drawn) -> None:
    never = held.X[:, :3].max(axis=1) == 0
    assert (model.promise(held.X[never]) == 0).all()


def test_the_same_people_give_the_same_model(held: Drawn) -> None:
    one, two = quick(200, 5), quick(200, 5)
    np.testing.assert_array_equal(one.predict(held.X), two.predict(held.X))
    np.testing.assert_array_equal(one.promise(held.X), two.promise(held.X))


def test_a_model_that_was_written_and_read_answers_alike(model: SustainableContribution, held: Drawn) -> None:
    files = model.files()
    read = SustainableContribution.from_files(files)
    assert read.files() == files
    assert read.importance() == model.importance()
    for before, after in ((model.predict, read.predict), (model.promise, read.promise)):
        np.testing.assert_array_equal(before(held.X), after(held.X))


def test_the_same_people_give_the_same_bytes() -> None:
    assert quick(150, 5).files() == quick(150, 5).files()
    assert quick(150, 5).files() != quick(150, 6).files()


def test_a_hundred_people_are_enough(held: Drawn) -> None:
    X, y = held.X[:1_500], held.y[:1_500]
    models = [quick(100, seed) for seed in range(12)]
    promises = np.stack([model.promise(X) for model in models])
    assert (promises > 0).mean() > 0.2
    assert (y >= promises)[promises > 0].mean() == pytest.approx(0.8, abs=0.07)  # fifty people calibrate each
    assert np.isfinite(models[0].predict(X)).all()


def test_fewer_are_refused_with_their_number() -> None:
    rows = drawn(130, 3)
    rows.y[:31] = np.nan
    with pytest.raises(InsufficientData, match="99 are known") as refused:
        SustainableContribution(candidates=(QUICK,), records=RECORDS).fit(rows.X, rows.y)
    assert (refused.value.required, refused.value.available) == (100, 99)


def test_rows_of_one_person_are_one_person() -> None:
    rows = drawn(150, 3)
    with pytest.raises(InsufficientData, match="75 are known"):
        SustainableContribution(candidates=(QUICK,), records=RECORDS).fit(rows.X, rows.y, np.arange(150) // 2)


def test_cross_validation_keeps_the_better_candidate() -> None:
    rows = drawn(300, 4)
    useless = Candidate(parameters={"max_depth": 1, "learning_rate": 1e-6}, trees=2, stops_early=False)
    model = SustainableContribution(candidates=(useless, QUICK), records=RECORDS).fit(rows.X, rows.y)
    assert preferred(model.tried_).candidate is QUICK
    assert preferred(model.chances.tried_).candidate is QUICK
    assert preferred(model.tried_).trees <= QUICK.trees


def test_the_specified_parameters_are_tried_first() -> None:
    assert SustainableContribution().candidates == (SPECIFIED, SHALLOW)
    assert (SPECIFIED.parameters, SPECIFIED.trees) == (
        {"max_depth": 6, "learning_rate": 0.1, "subsample": 0.8},
        100,
    )
    assert SustainableContribution().random_state == 42


def test_importance_names_what_was_kept_before_and_not_noise(model: SustainableContribution) -> None:
    shares = model.importance()
    assert sum(shares.values()) == pytest.approx(1.0)
    assert next(iter(shares)) in {"last", "before", "usual"}
    assert shares["nothing"] < 0.05


def test_every_household_is_answered() -> None:
    rows = drawn(200, 6)
    X = np.column_stack([rows.X, np.tile(rows.X[:, 4:], (1, len(NAMES) - 5))])
    model = SustainableContribution(candidates=(QUICK,), records=RECORDS).fit(X, rows.y)
    nasty = features(facts(*NASTY.values()))
    for answer in (model.predict(nasty), model.chances.predict_median(nasty), model.promise(nasty)):
        assert ((answer >= 0) & (answer <= 1)).all()
    assert np.isfinite(model.chances.chance(nasty, np.full(len(nasty), 0.1))).all()


def test_people_who_all_did_nothing_are_promised_nothing() -> None:
    rows = drawn(120, 7)
    model = SustainableContribution(candidates=(QUICK,), records=RECORDS).fit(rows.X, np.zeros(120))
    assert (model.promise(rows.X) == 0).all()
    assert np.abs(model.predict(rows.X)).max() < 1e-6
