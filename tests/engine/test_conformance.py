"""What every category promises; a new one inherits all of it by its line in the catalog."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import StrEnum
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
from tests.engine.strategies import households

Category = Recommender[Any]

MOST_MONEY = Decimal("1e12")

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


def assert_sane(answer: Answer) -> None:
    keys = [recommendation.key for recommendation in answer.recommendations]
    assert len(keys) == len(set(keys))
    assert answer.confidence is None or 0 <= answer.confidence <= 1
    effects = [abs(entry.effect) for entry in answer.explanation]
    assert effects == sorted(effects, reverse=True)
    for name, value in values(answer, type(answer).__name__):
        assert_sane_value(name, value)


def assert_sane_value(name: str, value: object) -> None:
    if isinstance(value, float):
        assert math.isfinite(value), name
    if isinstance(value, Decimal):
        assert value.is_finite(), name
        assert abs(value) < MOST_MONEY, name
        assert value.as_tuple().exponent == -2, name
        assert not (value == 0 and value.is_signed()), name
    if isinstance(value, str) and not isinstance(value, StrEnum):
        assert value.strip(), name
        assert "nan" not in value.lower().split(), name
    if name.endswith(("probability", "share")):
        assert isinstance(value, float), name
        assert 0 <= value <= 1, name


def values(node: object, name: str) -> Iterator[tuple[str, object]]:
    """Every leaf of an answer with the path to it."""
    if is_dataclass(node):
        for field in fields(node):
            yield from values(getattr(node, field.name), f"{name}.{field.name}")
    elif isinstance(node, tuple):
        for position, item in enumerate(node):
            yield from values(item, f"{name}[{position}]")
    else:
        yield name, node


def shown(answer: Answer | EngineError) -> object:
    """An answer for comparison; errors compare by what they say."""
    return (type(answer), str(answer)) if isinstance(answer, EngineError) else answer
