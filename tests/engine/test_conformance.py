"""What every category promises; a new one inherits all of it by its line in the catalog."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from engine.advise import advise, sources_of, with_needs
from engine.answers import Answer
from engine.catalog import BY_NAME, RECOMMENDERS
from engine.errors import EngineError
from engine.facts import Facts
from engine.recommender import Recommender
from tests.engine.facts_factory import NASTY, Recording, facts
from tests.engine.sane import assert_sane, shown
from tests.engine.strategies import households

Category = Recommender[Any]

each_category = pytest.mark.parametrize("category", RECOMMENDERS, ids=lambda category: category.name)
drawn = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answers(category: Category, batch: Facts) -> list[Answer | EngineError]:
    return list(advise(batch, [category.name])[category.name])


def given_answers(category: Category, batch: Facts) -> list[Answer]:
    return [answer for answer in answers(category, batch) if isinstance(answer, Answer)]


@pytest.fixture(scope="module")
def nasty() -> Facts:
    return facts(*NASTY.values())


def test_names_are_unique_and_every_need_is_a_category() -> None:
    assert len(BY_NAME) == len(RECOMMENDERS)
    assert {need for category in RECOMMENDERS for need in category.needs} <= BY_NAME.keys()


@each_category
def test_nobody_gets_no_answers(category: Category) -> None:
    assert answers(category, facts()) == []


@each_category
def test_everybody_gets_an_answer_of_the_declared_shape(category: Category, nasty: Facts) -> None:
    found = answers(category, nasty)
    assert len(found) == len(nasty)
    assert all(isinstance(answer, category.answer | EngineError) for answer in found)


@each_category
def test_one_user_is_answered_as_in_a_batch(category: Category, nasty: Facts) -> None:
    alone = [answers(category, facts(household))[0] for household in NASTY.values()]
    assert [shown(answer) for answer in alone] == [shown(answer) for answer in answers(category, nasty)]


@each_category
def test_the_same_facts_give_the_same_answer(category: Category, nasty: Facts) -> None:
    assert [shown(a) for a in answers(category, nasty)] == [shown(a) for a in answers(category, nasty)]


@each_category
def test_answers_survive_json(category: Category, nasty: Facts) -> None:
    adapter: TypeAdapter[Answer] = TypeAdapter(category.answer)
    for answer in given_answers(category, nasty):
        assert adapter.validate_json(adapter.dump_json(answer)) == answer


@each_category
def test_exactly_the_declared_sources_are_read_but_for_what_only_a_model_reads(
    category: Category, nasty: Facts
) -> None:
    recording = Recording(nasty.sources)
    answers(category, replace(nasty, sources=recording))
    trainers = [BY_NAME[name].trainer for name in with_needs([category.name])]
    by_models = {source for trainer in trainers if trainer for source in trainer.sources}
    assert recording.read <= sources_of([category.name]) <= recording.read | by_models


@each_category
def test_needed_categories_come_first(category: Category) -> None:
    order = with_needs([category.name])
    assert set(category.needs) <= set(order[: order.index(category.name)])


@each_category
def test_some_households_get_recommendations_and_all_get_an_explanation(category: Category, nasty: Facts) -> None:
    found = given_answers(category, nasty)
    assert any(answer.recommendations for answer in found)
    assert all(answer.explanation for answer in found)


@each_category
@drawn
@given(st.lists(households(), min_size=1, max_size=2))
def test_any_household_gets_finite_bounded_answers(category: Category, drawn_households: list[Any]) -> None:
    for answer in given_answers(category, facts(*drawn_households)):
        assert_sane(answer)


@each_category
@drawn
@given(st.lists(households(), min_size=2, max_size=2))
def test_neighbours_in_a_batch_do_not_matter(category: Category, drawn_households: list[Any]) -> None:
    together = answers(category, facts(*drawn_households))
    alone = [answers(category, facts(household))[0] for household in drawn_households]
    assert [shown(answer) for answer in together] == [shown(answer) for answer in alone]
