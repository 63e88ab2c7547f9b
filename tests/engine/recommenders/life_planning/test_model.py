"""A model of an event answers only where it has been shown to know more than the base rate, and says so."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from engine.advise import advise
from engine.enums import AnswerBasis, LifeEvent
from engine.errors import InsufficientData
from engine.facts import Facts
from engine.learning.model import Model
from engine.recommenders.life_planning import LifeEventForecast, LifePlanning
from engine.recommenders.life_planning.model import LifeEventModel
from engine.recommenders.life_planning.trainer import LifeEventTrainer
from tests.engine.facts_factory import facts, household
from tests.engine.recommenders.life_planning.drawn import EDUCATED, OTHERS, Events, buyers, with_events

TRAINER = LifeEventTrainer()
HOME = LifeEvent.HOME_PURCHASE


@pytest.fixture(scope="module")
def batch() -> Facts:
    return buyers(1_500, 1)


@pytest.fixture(scope="module")
def model(batch: Facts) -> LifeEventModel:
    return TRAINER.fit(TRAINER.sample(batch), 42)


def planned(batch: Facts, model: Model | None) -> list[LifePlanning]:
    models: Mapping[str, Model] = {"life_planning": model} if model else {}
    found = advise(batch, ["life_planning"], models=models)["life_planning"]
    return [answer for answer in found if isinstance(answer, LifePlanning)]


def forecast(answer: LifePlanning, event: LifeEvent) -> LifeEventForecast:
    return next(each for each in answer.events if each.event == event)


def test_what_made_a_difference_in_the_past_is_found_and_its_chances_hold(model: LifeEventModel) -> None:
    educated, other = (
        forecast(planned(facts(household(age=50.0, education=degree)), model)[0], HOME)
        for degree in ("DEGREE", "HIGH_SCHOOL")
    )
    for told, rate in ((educated, EDUCATED), (other, OTHERS)):
        for within in told.probabilities:
            assert within.probability == pytest.approx(1.0 - np.exp(-rate * within.years), abs=0.08)
    assert np.all(np.diff([each.probability for each in educated.probabilities]) >= 0)


def test_only_proven_events_are_the_model_s_and_each_says_what_it_rests_on(model: LifeEventModel) -> None:
    (answer,) = planned(facts(household(age=50.0)), model)
    assert answer.basis == AnswerBasis.MODEL
    assert forecast(answer, HOME).basis == AnswerBasis.MODEL
    assert "came nearer to the truth than the base rate" in forecast(answer, HOME).ground
    (by_rate,) = planned(facts(household(age=50.0)), None)
    for event in (LifeEvent.MARRIAGE, LifeEvent.JOB_CHANGE):
        told = forecast(answer, event)
        assert told.basis == AnswerBasis.BASE_RATE
        assert told.ground.startswith("Base rates")
        assert told.probabilities == forecast(by_rate, event).probabilities


def test_an_event_without_skill_is_left_to_the_base_rate(batch: Facts, model: LifeEventModel) -> None:
    weak = LifeEventModel(
        hazard_models=model.hazard_models, proofs={HOME: replace(model.proofs[HOME], skill=0.01, least=-0.001)}
    )
    assert model.answers(batch, HOME).any()
    assert not weak.answers(batch, HOME).any()
    assert forecast(planned(facts(household(age=50.0)), weak)[0], HOME).basis == AnswerBasis.BASE_RATE


def test_luck_is_not_taken_for_skill() -> None:
    """Homes bought at the same rate whatever the household is: nothing more can be known."""
    random = np.random.default_rng(7)
    bought = 20.0 - random.exponential(12.0, 800)
    degrees = random.choice(["DEGREE", "NO_DIPLOMA"], 800)
    rows = [
        household(age=50.0, homeowner=bool(ago > 0.02), education=str(degree))
        for ago, degree in zip(bought, degrees, strict=True)
    ]
    events: list[Events] = [[(HOME, float(ago))] if ago > 0.02 else [] for ago in bought]
    sample = TRAINER.sample(with_events(rows, events))
    found = TRAINER.fit(sample, 1)
    curve = found.within(facts(household(age=50.0)), HOME, np.full((1, 5), 0.3))
    other = found.within(facts(household(age=50.0, education="NO_DIPLOMA")), HOME, np.full((1, 5), 0.3))
    assert abs(curve - other).max() < 0.08


def test_owners_of_an_earlier_home_and_the_divorced_get_base_rates(model: LifeEventModel) -> None:
    again = with_events([household(age=50.0)], [[(HOME, 12.0)]])
    assert not model.answers(again, HOME).any()
    single, divorced = (facts(household(marital_status=status)) for status in ("SINGLE", "DIVORCED"))
    proven = replace(model.proofs[HOME], least=0.1)
    of_marriage = LifeEventModel(hazard_models=model.hazard_models, proofs={LifeEvent.MARRIAGE: proven})
    assert of_marriage.answers(single, LifeEvent.MARRIAGE).all()
    assert not of_marriage.answers(divorced, LifeEvent.MARRIAGE).any()


def test_events_that_are_kept_of_few_are_not_learned(batch: Facts) -> None:
    """Where one owner in three has no purchase on record, its absence says nothing."""
    keep = batch.life_events.user % 3 != 0
    events = replace(
        batch.life_events,
        user=batch.life_events.user[keep],
        event=batch.life_events.event[keep],
        date=batch.life_events.date[keep],
    )
    thinned = replace(batch, sources={**batch.sources, "life_events": events})
    with pytest.raises(
        InsufficientData, match=r"learned where 90% of those who must have had one .* have it on record"
    ):
        TRAINER.fit(TRAINER.sample(thinned), 1)


def test_too_few_events_are_said_with_how_many_there_are() -> None:
    sample = TRAINER.sample(buyers(60, 3))
    with pytest.raises(
        InsufficientData, match=r"30 times in the last 5 years and 30 times in the 10 before"
    ) as refused:
        TRAINER.fit(sample, 1)
    assert str(refused.value).endswith(f"the most frequent kind reaches {refused.value.available}.")
    assert 0 < refused.value.available < refused.value.required == 30


def test_judged_on_later_years_and_other_people_it_beats_the_base_rate(model: LifeEventModel) -> None:
    sample = TRAINER.sample(buyers(1_500, 2))
    ours, rule = TRAINER.judge(model, sample), TRAINER.judge(None, sample)
    assert len(ours.loss) == len(sample)
    assert ours.loss.sum() < rule.loss.sum()
    assert ours.metrics["brier_home_purchase"] < 0.9 * rule.metrics["brier_home_purchase"]
    assert ours.metrics["auc_home_purchase"] > rule.metrics["auc_home_purchase"] + 0.1
    assert ours.metrics["calibration_error_home_purchase"] < 0.05


def test_the_same_people_give_the_same_bytes_and_files_the_same_model(batch: Facts, model: LifeEventModel) -> None:
    files = model.files()
    assert TRAINER.fit(TRAINER.sample(batch), 42).files() == files
    again = LifeEventModel.from_files(files)
    assert again.files() == files
    assert planned(batch, again)[:20] == planned(batch, model)[:20]


def test_what_it_weighs_sums_to_one(model: LifeEventModel) -> None:
    weights = model.importance()
    assert set(weights) == set(LifeEventTrainer.features)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert next(iter(weights)) == "education"


def test_neither_sex_nor_money_nor_a_word_on_risk_moves_a_model_s_chances(model: LifeEventModel) -> None:
    one = household(age=50.0, sex="FEMALE", annual_income=90_000.0, stated_risk_tolerance="AGGRESSIVE")
    other = household(age=50.0, sex="MALE", annual_income=20_000.0)
    told, otherwise = (forecast(planned(facts(each), model)[0], HOME) for each in (one, other))
    assert told.probabilities == otherwise.probabilities


def test_too_few_people_are_not_learned_from() -> None:
    with pytest.raises(InsufficientData) as refused:
        TRAINER.fit(TRAINER.sample(buyers(49, 3)), 1)
    assert refused.value.required == 50
