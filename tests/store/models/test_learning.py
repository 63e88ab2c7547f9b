"""What a training reads: everybody, or of very many a part that is the same every time."""

from contextlib import AbstractContextManager
from datetime import date

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from store.models.learning import Gathered, gather
from store.session import transaction
from tests.workers.slopes import SlopeTrainer, add_spenders

PEOPLE = 600


@pytest.fixture
def people(engine: Engine) -> None:
    add_spenders(engine, PEOPLE)


def gathered(engine: Engine, told: list[str], **bound: int) -> Gathered:
    def reading() -> AbstractContextManager[Session]:
        return transaction(engine, everyone=True)

    return gather(reading, SlopeTrainer(), date(2026, 6, 1), lambda _, stage: told.append(stage), **bound)


@pytest.mark.usefixtures("people")
def test_everybody_is_read_where_there_are_not_too_many(engine: Engine) -> None:
    told: list[str] = []
    found = gathered(engine, told)
    assert (len(found.columns), len(set(found.sample.users))) == (PEOPLE, PEOPLE)
    assert told[-1] == f"read {PEOPLE} of {PEOPLE} users"


@pytest.mark.usefixtures("people")
def test_of_too_many_the_same_part_is_read_every_time(engine: Engine) -> None:
    first, again = gathered(engine, [], most_users=200), gathered(engine, [], most_users=200)
    assert 120 < len(first.columns) < 280
    np.testing.assert_array_equal(first.sample.users, again.sample.users)
