"""The artifact of peers: the same from the same people, nothing in it that leads to one, and nobody shown to itself."""

from dataclasses import replace

import numpy as np
import pytest

from engine.advise import advise
from engine.enums import UNKNOWN, AnswerBasis
from engine.errors import InsufficientData
from engine.learning.model import Models
from engine.peers.bands import NOBODY_ALIKE, age_label, currency_number, income_label, told_bands
from engine.peers.cohort import LEAST_PEERS, Cohort, Spread
from engine.peers.crowd import Asked
from engine.peers.features import FEATURES, PRODUCT_COLUMNS, owned
from engine.peers.index import NOBODY
from engine.peers.products import hide, nothing
from engine.recommenders.peer_insights import PeerInsights, PeerOptions
from engine.recommenders.peer_insights.model import PeerModel
from engine.recommenders.peer_insights.trainer import PeerTrainer, mark_bits
from tests.engine.facts_factory import ORDINARY, Row, facts, household, steady
from tests.engine.peers.drawn import SEED, known, model, people, sample

TRAINER = PeerTrainer()


def insights(*batch: Row, similar: int = 10) -> list[PeerInsights]:
    models: Models = {"peer_insights": model()}
    options = {"peer_insights": PeerOptions(similar=similar)}
    found = advise(facts(*batch), ["peer_insights"], options, models=models)["peer_insights"]
    return [answer for answer in found if isinstance(answer, PeerInsights)]


def everybody() -> Asked:
    return Asked(
        coarse=model().scaling.coarse(sample().X),
        currency=sample().y[:, 0].astype(np.int64),
        mark=model().marks(sample().users),
    )


# --- an artifact ---------------------------------------------------------------------------------------------------


def test_a_model_survives_its_files() -> None:
    again = PeerModel.from_files(model().files())
    assert again.files() == model().files()
    before, after = (each.nearest(everybody(), 10) for each in (model(), again))
    assert np.array_equal(before.rows, after.rows)
    assert np.array_equal(before.similarity, after.similarity)


def test_the_same_people_give_the_same_files_in_whatever_order_they_come() -> None:
    drawn = sample().take(known())
    shuffled = drawn.take(np.random.default_rng(1).permutation(len(drawn)))
    ours, theirs = model().files(), TRAINER.fit(shuffled, SEED).files()
    assert TRAINER.fit(drawn, SEED).files() == ours
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_no_file_holds_the_id_of_a_user() -> None:
    whole = b"".join(model().files().values())
    assert not any(str(user).encode() in whole for user in sample().users)


def test_every_person_in_it_shares_its_bands_with_nineteen_others() -> None:
    held = model().people
    bands = np.column_stack([held.currency, held.age_band, held.income_band])
    assert np.unique(bands, axis=0, return_counts=True)[1].min() >= LEAST_PEERS


def test_a_band_that_few_share_is_not_told_and_who_is_alone_in_all_is_left_out() -> None:
    age = np.repeat([1, 1, 2, 3], [20, 5, 30, 19])
    income = np.repeat([0, 4, 0, 1], [20, 5, 30, 19])
    told = told_bands(np.zeros(74, dtype=np.int64), age, income, LEAST_PEERS)
    assert (told[:20] == (1, 0)).all()
    assert (told[25:55] == (2, 0)).all()
    assert (told[20:25] == UNKNOWN).all()
    assert (told[55:] == UNKNOWN).all()
    assert (told_bands(np.zeros(19, dtype=np.int64), age[:19], income[:19], LEAST_PEERS) == NOBODY_ALIKE).all()
    assert (age_label(UNKNOWN), income_label(UNKNOWN)) == ("not told", "not told")


def test_every_mark_is_shared_by_about_twenty_people() -> None:
    assert [mark_bits(count) for count in (1, 39, 40, 720, 5_120, 1_000_000)] == [0, 0, 1, 5, 8, 8]
    shared = np.bincount(model().people.mark)
    assert shared.mean() >= LEAST_PEERS
    assert len(shared) == 2 ** model().mark_bits


def test_importance_adds_up_to_one_the_greatest_first() -> None:
    shares = list(model().importance().values())
    assert set(model().importance()) == set(FEATURES)
    assert sum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)


def test_fewer_than_fifty_people_are_not_learned_from() -> None:
    with pytest.raises(InsufficientData, match="50"):
        TRAINER.fit(sample().take(np.arange(49)), SEED)


# --- neighbours ----------------------------------------------------------------------------------------------------


def test_nobody_is_shown_to_itself() -> None:
    rows = model().nearest(everybody(), 10).rows
    own = model().people.coarse
    for user in np.flatnonzero(known()):
        mine = everybody().coarse[user]
        same = [row for row in rows[user] if row != NOBODY and np.array_equal(own[row], mine)]
        marks = model().people.mark[same]
        assert not (marks == everybody().mark[user]).any()


def test_neighbours_are_the_nearest_there_are_the_nearest_first() -> None:
    asked = everybody().take(np.flatnonzero(~known())[:20])
    similarity = model().nearest(asked, 10).similarity
    units = model().scaling.units(model().people.coarse)
    exact = model().scaling.units(asked.coarse) @ units.T
    exact = np.where(model().people.mark[None, :] == asked.mark[:, None], -1.0, exact)
    assert np.allclose(-np.sort(-exact, axis=1)[:, :10], similarity, atol=1e-5)
    assert (np.diff(similarity, axis=1) <= 0).all()
    assert model().recall(asked, 10) == 1.0


def test_peers_are_of_one_currency() -> None:
    drawn = sample().take(known())
    y = drawn.y.copy()
    y[::2, 0] = currency_number("CHF")
    mixed = TRAINER.fit(replace(drawn, y=y), SEED)
    asked = replace(everybody(), currency=np.full(len(sample()), currency_number("CHF")))
    rows = mixed.nearest(asked, 10).rows
    assert set(mixed.people.currency[rows[rows != NOBODY]].tolist()) == {currency_number("CHF")}
    stranger = replace(everybody(), currency=np.full(len(sample()), currency_number("JPY")))
    assert (mixed.nearest(stranger, 10).rows == NOBODY).all()


def test_who_has_just_arrived_finds_peers_at_once() -> None:
    found = insights(ORDINARY)[0]
    assert found.basis == AnswerBasis.MODEL
    assert len(found.similar_users) == 10
    assert found.cohort_size >= LEAST_PEERS // 10 * 10


def test_as_many_are_shown_as_were_asked_for_under_names_of_their_own() -> None:
    found = insights(ORDINARY, similar=25)[0].similar_users
    assert len({each.handle for each in found}) == 25
    assert [each.similarity for each in found] == sorted((each.similarity for each in found), reverse=True)
    assert all(round(each.similarity, 2) == each.similarity for each in found)


def test_two_askers_see_the_same_person_under_different_names() -> None:
    """Of forty who are the same, two share the mark, and with it whom they are shown."""
    askers = insights(*[ORDINARY] * 40)
    marks = model().marks(facts(*[ORDINARY] * 40).users)
    one, two = next((i, j) for j in range(40) for i in range(j) if marks[i] == marks[j])
    ours, theirs = askers[one].similar_users, askers[two].similar_users
    assert [replace(each, handle="") for each in ours] == [replace(each, handle="") for each in theirs]
    assert not {each.handle for each in ours} & {each.handle for each in theirs}
    assert insights(ORDINARY)[0].similar_users == askers[0].similar_users


def test_only_what_both_are_is_told_of_a_peer() -> None:
    childless = household(dependents=0.0, education="HIGH_SCHOOL")
    told = {trait for each in insights(childless, similar=50)[0].similar_users for trait in each.shared_traits}
    assert not told & {"Dependents", "Degree", "Mortgage"}


def test_another_currency_finds_nobody_and_no_survey_stands_in() -> None:
    found = insights(household(currency="CHF"))[0]
    assert (found.basis, found.similar_users, found.cohort_size) == (AnswerBasis.BASE_RATE, (), 0)


# --- benchmarks ----------------------------------------------------------------------------------------------------


def test_peers_take_the_place_of_the_survey_and_tell_what_it_does_not_ask() -> None:
    found = insights(ORDINARY)[0]
    saving = next(each for each in found.benchmarks if each.metric == "savings_rate")
    assert saving.median is not None
    assert "people here" in saving.source
    assert "people here" in next(each.sentence for each in found.explanation if each.feature == "cohort")


def test_what_is_known_of_fewer_than_twenty_alike_is_told_of_more_of_them_and_then_of_the_survey() -> None:
    made, usd = PeerModel.from_files(model().files()), currency_number("USD")
    made.cohorts = {
        (usd, 2, 2): cohort("emergency_months", 30, 2, 2),
        (usd, UNKNOWN, UNKNOWN): cohort("savings_rate", 90, UNKNOWN, UNKNOWN),
    }
    one = household(age=50.0, annual_income=60_000.0, months=steady(4_000.0, 3_000.0))
    (answer,) = advise(facts(one), ["peer_insights"], models={"peer_insights": made})["peer_insights"]
    assert isinstance(answer, PeerInsights)
    source = {each.metric: each.source for each in answer.benchmarks}
    assert (answer.basis, answer.cohort_size) == (AnswerBasis.MODEL, 30)
    assert source["emergency_months"] == "30 or more people here aged 45-54 with an income of 50,000-100,000"
    assert source["savings_rate"] == "90 or more people here"
    assert "families of the Survey of Consumer Finances 2019" in source["debt_to_income"]


def cohort(metric: str, size: int, age_band: int, income_band: int) -> Cohort:
    spread = Spread(levels=(0.25, 0.5, 0.75), values=(1.0, 2.0, 3.0))
    return Cohort(size=size, spreads={metric: spread}, age_band=age_band, income_band=income_band)


def test_cohorts_of_fewer_than_twenty_are_not_told_and_sizes_are_rounded() -> None:
    sizes = [cohort.size for cohort in model().cohorts.values()]
    assert min(sizes) >= LEAST_PEERS
    assert not any(size % 10 for size in sizes)


# --- proof ---------------------------------------------------------------------------------------------------------


def test_an_account_is_hidden_as_if_it_had_never_been() -> None:
    held = owned(sample().X)
    coarse = model().scaling.coarse(sample().X)
    hidden = hide(model().scaling, coarse, held)
    assert len(hidden.person) == held.sum()
    changed = hidden.coarse != coarse[hidden.person]
    columns = PRODUCT_COLUMNS[hidden.product]
    assert (changed.sum(axis=1) <= 1).all()
    assert (hidden.coarse[np.arange(len(columns)), columns] == nothing(model().scaling)[columns]).all()


def test_peers_foretell_hidden_accounts_better_than_what_is_popular() -> None:
    unseen = sample().take(~known())
    ours, rule = TRAINER.judge(model(), unseen), TRAINER.judge(None, unseen)
    assert len(ours.loss) == len(rule.loss) == len(unseen)
    assert ours.loss.mean() < 0.95 * rule.loss.mean()
    assert ours.metrics["mrr"] > rule.metrics["mrr"]
    assert ours.metrics["hit_rate_at_1"] <= ours.metrics["mrr"] <= 1.0
    assert ours.metrics["recall_at_10"] == 1.0


def test_who_holds_nothing_is_neither_won_nor_lost() -> None:
    empty = replace(sample(), X=np.where(np.isin(np.arange(len(FEATURES)), PRODUCT_COLUMNS), 0.0, sample().X))
    assert not TRAINER.judge(model(), empty).loss.any()
    assert not TRAINER.judge(None, empty).loss.any()


def test_columns_are_those_of_the_sample_and_bounded_by_the_people() -> None:
    assert np.array_equal(TRAINER.columns(people()), sample().X, equal_nan=True)
    assert sample().X.shape == (len(people()), len(FEATURES))
