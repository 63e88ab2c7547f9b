"""The served model: never told by a person's own word, kept as files, and silent where it cannot tell."""

import json
from collections.abc import Mapping

import numpy as np
import pytest

from engine.advise import advise
from engine.enums import AnswerBasis, RiskLevel, RiskMismatch
from engine.errors import InsufficientData
from engine.facts import Facts, Flags
from engine.learning.model import Model
from engine.recommenders.risk_assessment import RiskAssessment
from engine.recommenders.risk_assessment.model import FIGURES, ToleranceModel, folds_of
from engine.recommenders.risk_assessment.trainer import ToleranceTrainer, among, figures
from engine.risk.features import NAMES, features
from engine.wording import percent
from tests.engine.facts_factory import NASTY, Row, facts, household
from tests.engine.recommenders.risk_assessment.drawn import LEVELS, drawn, restated

TRAINER = ToleranceTrainer()
PEOPLE = 1_500


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return drawn(PEOPLE, 1)


@pytest.fixture(scope="module")
def batch(rows: list[Row]) -> Facts:
    return facts(*rows)


@pytest.fixture(scope="module")
def model(batch: Facts) -> ToleranceModel:
    return TRAINER.fit(TRAINER.sample(batch), 42)


def answers(batch: Facts, model: Model | None) -> list[RiskAssessment]:
    models: Mapping[str, Model] = {"risk_assessment": model} if model else {}
    found = advise(batch, ["risk_assessment"], models=models)["risk_assessment"]
    return [answer for answer in found if isinstance(answer, RiskAssessment)]


def flagged(batch: Facts, model: ToleranceModel) -> Flags:
    marks = (RiskMismatch.OVERSTATED, RiskMismatch.UNDERSTATED)
    return np.array([answer.mismatch in marks for answer in answers(batch, model)])


def test_a_model_says_what_is_expected_and_the_own_word_goes_on_counting(batch: Facts, model: ToleranceModel) -> None:
    by_rule, by_model = answers(batch, None), answers(batch, model)
    assert {answer.basis for answer in by_model} == {AnswerBasis.MODEL}
    assert any(answer.predicted_tolerance != answer.stated_tolerance for answer in by_model)
    assert [answer.recommended_level for answer in by_model] == [answer.recommended_level for answer in by_rule]
    for answer in by_model:
        assert sum(each.probability for each in answer.probabilities) == pytest.approx(1.0)
        assert answer.confidence == next(
            each.probability for each in answer.probabilities if each.level == answer.predicted_tolerance
        )


def test_the_share_behind_the_confidence_is_told_and_no_share_of_nobody(batch: Facts, model: ToleranceModel) -> None:
    for answer in answers(batch, model):
        [told] = [each.sentence for each in answer.explanation if each.feature == "households_alike"]
        assert answer.confidence is not None
        assert f"{percent(answer.confidence)} want" in told
        assert " 0%" not in told


def test_a_person_s_own_word_never_moves_what_is_expected_of_it(
    rows: list[Row], batch: Facts, model: ToleranceModel
) -> None:
    turned = 4 - batch.profile.stated_risk_tolerance.astype(np.int64)
    told, otherwise = answers(batch, model), answers(facts(*restated(rows, turned)), model)
    assert [answer.probabilities for answer in told] == [answer.probabilities for answer in otherwise]


def test_who_was_learned_from_is_answered_by_trees_that_never_saw_its_word(rows: list[Row], batch: Facts) -> None:
    """Everybody of one fold says the contrary: the trees that answer them stay what they were."""
    mine = folds_of(batch.users) == 0
    said = batch.profile.stated_risk_tolerance.astype(np.int64)
    lied = facts(*restated(rows, np.where(mine, 4 - said, said)))
    honest, told_lies = (TRAINER.fit(TRAINER.sample(each), 42) for each in (batch, lied))
    X = features(batch)[mine]
    before, after = (each.classifier.trees_[0].scores(X) for each in (honest, told_lies))
    assert np.array_equal(before, after)
    assert not np.array_equal(honest.classifier.trees_[1].scores(X), told_lies.classifier.trees_[1].scores(X))


def test_the_model_tells_more_than_age_and_income(model: ToleranceModel) -> None:
    unseen = facts(*drawn(PEOPLE, 2))
    sample = TRAINER.sample(unseen)
    ours, rule = TRAINER.judge(model, sample), TRAINER.judge(None, sample)
    assert ours.loss.mean() < 0.8 * rule.loss.mean()
    assert ours.metrics["auc"] > rule.metrics["auc"] + 0.05
    assert ours.metrics["calibration_error"] < 0.04


def test_the_same_people_give_the_same_bytes_and_files_the_same_model(batch: Facts, model: ToleranceModel) -> None:
    files = model.files()
    assert TRAINER.fit(TRAINER.sample(batch), 42).files() == files
    again = ToleranceModel.from_files(files)
    assert again.files() == files
    X = features(batch)
    assert np.array_equal(again.chances(X, batch.users), model.chances(X, batch.users))
    assert not any(name.endswith((".pkl", ".pickle", ".joblib")) for name in files)


def test_files_of_another_form_are_refused_when_they_are_read(model: ToleranceModel) -> None:
    """As they were when trees and curves were weighed alike at every cut."""
    files = model.files()
    told = json.loads(files[FIGURES])
    told["slope"] = [first for first, _ in told["slope"]]
    with pytest.raises(ValueError, match="slopes are cuts x models"):
        ToleranceModel.from_files({**files, FIGURES: json.dumps(told).encode()})


def test_what_it_weighs_sums_to_one_and_is_what_the_word_followed(model: ToleranceModel) -> None:
    weights = model.importance()
    assert set(weights) == set(NAMES)
    assert list(weights.values()) == sorted(weights.values(), reverse=True)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert set(list(weights)[:5]) & {"equity_share", "equity", "bonds", "chosen_equity"}


def test_words_are_doubted_in_one_of_twenty_at_most_where_nobody_is_wrong(model: ToleranceModel) -> None:
    assert flagged(facts(*drawn(4_000, 3)), model).mean() <= 0.05


def test_a_word_far_from_what_is_expected_is_doubted_far_more_often(model: ToleranceModel) -> None:
    rows = drawn(2_000, 4)
    said = facts(*rows).profile.stated_risk_tolerance.astype(np.int64)
    far = np.where(said <= 2, said + 2, said - 2)
    assert flagged(facts(*restated(rows, far)), model).mean() > 0.4


def test_a_doubted_word_is_told_which_way_and_asked_about(rows: list[Row], model: ToleranceModel) -> None:
    careful = max(rows, key=lambda row: row["profile"]["age"])  # type: ignore[index]
    for level, mismatch in ((4, RiskMismatch.OVERSTATED), (0, RiskMismatch.ALIGNED)):
        (answer,) = answers(facts(*restated([careful], np.array([level]))), model)
        assert answer.mismatch == mismatch
        asked = "look_again_at_risk_tolerance" in {each.key for each in answer.recommendations}
        assert asked == (mismatch != RiskMismatch.ALIGNED)


def test_who_has_not_said_is_not_doubted(model: ToleranceModel) -> None:
    (answer,) = answers(facts(household(stated_risk_tolerance=None)), model)
    assert answer.mismatch == RiskMismatch.UNSTATED
    assert answer.basis == AnswerBasis.MODEL


def test_a_survey_of_three_levels_gives_a_model_of_three() -> None:
    three = (RiskLevel.CONSERVATIVE, RiskLevel.MODERATE, RiskLevel.AGGRESSIVE)
    batch = facts(*drawn(600, 5, levels=three))
    model = TRAINER.fit(TRAINER.sample(batch), 1)
    for answer in answers(batch, ToleranceModel.from_files(model.files()))[:50]:
        chance = {each.level: each.probability for each in answer.probabilities}
        assert answer.predicted_tolerance in three
        assert sum(chance[level] for level in three) == pytest.approx(1.0)


def test_more_in_stocks_never_lowers_what_is_expected(batch: Facts, model: ToleranceModel) -> None:
    X = features(batch)
    bolder = X.copy()
    bolder[:, NAMES.index("equity_share")] += 0.2
    expected = model.chances(X, batch.users) @ np.arange(len(LEVELS))
    assert np.all(model.chances(bolder, batch.users) @ np.arange(len(LEVELS)) >= expected - 1e-9)


def test_too_few_who_have_said_are_not_learned_from() -> None:
    with pytest.raises(InsufficientData) as refused:
        TRAINER.fit(TRAINER.sample(facts(*drawn(49, 6))), 1)
    assert (refused.value.required, refused.value.available) == (50, 49)


def test_who_has_not_said_is_no_row() -> None:
    batch = facts(household(stated_risk_tolerance=None), household(stated_risk_tolerance="MODERATE"))
    sample = TRAINER.sample(batch)
    assert sample.users.tolist() == [batch.users[1]]
    assert TRAINER.columns(batch).shape == (2, len(NAMES))


def test_the_rule_is_judged_in_the_levels_that_occur() -> None:
    chances = np.array([[0.1, 0.2, 0.3, 0.25, 0.15]])
    assert among(np.array([0, 2, 4]), chances)[0] == pytest.approx([0.3, 0.0, 0.55, 0.0, 0.15])
    assert among(np.array([1, 3]), chances)[0] == pytest.approx([0.0, 0.6, 0.0, 0.4, 0.0])
    assert among(np.arange(5), chances)[0] == pytest.approx(chances[0])


def test_figures_of_a_perfect_model_are_perfect() -> None:
    level = np.array([0, 1, 2, 3, 4] * 30)
    found = figures(level, np.eye(5)[level])
    assert (found["accuracy"], found["auc"], found["brier"], found["calibration_error"]) == (1.0, 1.0, 0.0, 0.0)
    assert found["auc_takes_no_risk"] == found["precision"] == found["recall"] == 1.0


@pytest.mark.parametrize("name", NASTY)
def test_nasty_households_get_an_answer_by_the_model_too(name: str, model: ToleranceModel) -> None:
    alone = answers(facts(NASTY[name]), model)[0]
    assert alone.basis == AnswerBasis.MODEL
    assert all(entry.sentence.endswith(".") for entry in alone.explanation)
