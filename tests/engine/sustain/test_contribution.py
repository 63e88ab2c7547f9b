"""The trainers of goal optimization and of the savings strategy: judged on people they have not seen."""

import numpy as np
import pytest

from engine.catalog import BY_NAME
from engine.errors import InsufficientData
from engine.facts import Facts
from engine.learning.promotion import judged
from engine.learning.trainer import Judged, Sample
from engine.learning.training import SEED
from engine.recommenders.goal_optimization.trainer import ContributionTrainer
from engine.recommenders.savings_strategy.trainer import KeepingTrainer
from engine.sustain.chances import Chances
from engine.sustain.features import features
from engine.sustain.model import SustainableContribution
from engine.sustain.sample import CARRIED, KEPT, LAST, sample
from tests.engine.sustain.savers import chances, contribution, rows, savers


@pytest.fixture(scope="module")
def unseen() -> Sample:
    return sample(savers(400, 2))


@pytest.fixture(scope="module")
def of_goals(unseen: Sample) -> tuple[Judged, Judged]:
    return ContributionTrainer().judge(contribution(), unseen), ContributionTrainer().judge(None, unseen)


@pytest.fixture(scope="module")
def of_savings(unseen: Sample) -> tuple[Judged, Judged]:
    return KeepingTrainer().judge(chances(), unseen), KeepingTrainer().judge(None, unseen)


def test_goals_and_savings_are_trained_by_these_two() -> None:
    assert isinstance(BY_NAME["goal_optimization"].trainer, ContributionTrainer)
    assert isinstance(BY_NAME["savings_strategy"].trainer, KeepingTrainer)


def test_a_promise_costs_less_than_what_months_leave_and_is_kept_by_four_of_five(
    of_goals: tuple[Judged, Judged],
) -> None:
    ours, rule = of_goals
    assert ours.loss.mean() < 0.9 * rule.loss.mean()
    assert ours.metrics["pinball_loss"] < 0.95 * ours.metrics["pinball_loss_of_no_promise"]
    assert ours.metrics["promise_kept"] == pytest.approx(0.8, abs=0.08)
    assert ours.metrics["coverage_error"] == pytest.approx(abs(ours.metrics["promise_kept"] - 0.8))


def test_a_model_that_promises_nothing_is_no_better_than_the_rule(unseen: Sample) -> None:
    """It would be served by asking everybody for what the rule asks."""
    mute = SustainableContribution.from_files(contribution().files())
    mute.chances.kept_level_ = 0.0
    ours, rule = (ContributionTrainer().judge(model, unseen) for model in (mute, None))
    assert ours.metrics["promised"] == 0.0
    np.testing.assert_array_equal(ours.loss, rule.loss)
    assert not judged(ours.loss, rule.loss, unseen.users, unseen.groups).better


def test_what_is_judged_is_what_the_plan_would_ask_for(of_goals: tuple[Judged, Judged], unseen: Sample) -> None:
    kept, carried, promised = unseen.y[:, KEPT], unseen.y[:, CARRIED], contribution().promise(unseen.X)
    asked = np.where((promised > 0) & (promised < carried), promised, carried)
    missed = np.maximum(0.2 * (kept - asked), 0.8 * (asked - kept))
    np.testing.assert_allclose(of_goals[0].loss, missed)
    assert of_goals[0].metrics["pinball_loss_of_plan"] == pytest.approx(missed.mean())


def test_the_rule_is_what_was_put_aside_last_year(of_goals: tuple[Judged, Judged], unseen: Sample) -> None:
    missed = unseen.y[:, LAST] - unseen.y[:, KEPT]
    assert of_goals[1].metrics["mae_share"] == pytest.approx(np.abs(missed).mean())
    assert of_goals[1].metrics["mae"] == pytest.approx(4_000.0 * np.abs(missed).mean())
    assert of_goals[0].metrics["r2"] > 0.5


def test_a_fifth_of_income_is_told_beside_them(of_goals: tuple[Judged, Judged], unseen: Sample) -> None:
    expected = np.sqrt(((4_000.0 * (0.2 - unseen.y[:, KEPT])) ** 2).mean())
    assert of_goals[0].metrics["rmse_of_a_fifth_of_income"] == pytest.approx(expected)


def test_chances_of_keeping_come_true_and_beat_the_rule_and_the_base_rate(of_savings: tuple[Judged, Judged]) -> None:
    ours, rule = of_savings
    assert ours.metrics["calibration_error"] < 0.09
    assert ours.metrics["brier"] < rule.metrics["brier"] < ours.metrics["base_rate_brier"]
    assert ours.metrics["auc"] > 0.7
    assert len(ours.loss) == len(rule.loss) == 400


def test_folds_tell_the_same_figures_of_people_left_out() -> None:
    goals = ContributionTrainer().cross_validated(rows(), contribution(), SEED)
    savings = KeepingTrainer().cross_validated(rows(), chances(), SEED)
    assert {"rmse", "mae", "r2"} < set(goals)
    seen = ContributionTrainer().judge(contribution(), rows()).metrics
    assert goals["rmse"] > seen["rmse"]  # the model has seen these people, the folds have not
    assert 0.5 < savings["auc"] < KeepingTrainer().judge(chances(), rows()).metrics["auc"]


def test_fitting_twice_gives_the_same_bytes_whatever_happened_in_between() -> None:
    few = rows().take(np.arange(120))
    once, again = (KeepingTrainer().fit(few, SEED).files() for _ in range(2))
    assert once == again
    assert Chances.from_files(once).files() == once


def test_both_are_asked_with_what_is_known_today() -> None:
    batch = savers(30, 3)
    for trainer in (ContributionTrainer(), KeepingTrainer()):
        columns = trainer.columns(batch)
        np.testing.assert_array_equal(columns, features(batch))
        assert columns.shape == (30, len(trainer.features))


def test_what_they_read_is_declared() -> None:
    batch = savers(30, 3)
    for trainer in (ContributionTrainer(), KeepingTrainer()):
        declared = {name: batch.sources[name] for name in trainer.sources}
        only = Facts(today=batch.today, users=batch.users, sources=declared)
        assert len(trainer.sample(only)) == 30
        assert trainer.columns(only).shape == (30, len(trainer.features))


def test_too_few_households_are_refused() -> None:
    with pytest.raises(InsufficientData):
        ContributionTrainer().fit(rows().take(np.arange(99)), SEED)


def test_a_model_that_promises_nobody_anything_is_judged_too() -> None:
    idle = rows().take(np.flatnonzero(rows().y[:, KEPT] == 0)[:60])
    twice = Sample(
        users=np.arange(120).astype(object),
        X=np.tile(idle.X, (2, 1)),
        y=np.tile(idle.y, (2, 1)),
        groups={},
    )
    model = SustainableContribution(candidates=contribution().candidates).fit(twice.X, twice.y[:, KEPT])
    found = ContributionTrainer().judge(model, twice).metrics
    assert found["promised"] == 0.0
    assert "coverage_error" not in found
