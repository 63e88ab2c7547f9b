"""What a trainer learns from and is asked with, read from the store some users at a time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlmodel import Session

from engine.errors import InsufficientData
from engine.facts import Facts, Floats
from engine.learning.trainer import Sample, Trainer, joined
from engine.learning.training import LEAST_PEOPLE, Report
from store.batches import count_behind, next_sample
from store.facts import load_facts

CHUNK_USERS = 1_000
MOST_USERS = 200_000
"""Of more users a part that is the same every time, so that memory stays bounded: they take up to 2 kB each, and the
fit some times as much."""

Reading = Callable[[], AbstractContextManager[Session]]
"""Opens a short transaction that sees everyone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The rows that can be learned from, and the columns of all users as the model would be asked with today."""

    sample: Sample
    columns: Floats


def gather(
    reading: Reading,
    trainer: Trainer[Any],
    today: date,
    report: Report,
    *,
    most_users: int = MOST_USERS,
) -> Gathered:
    """Everybody's, or about `most_users`', by their ids; raises `InsufficientData` where there are no users at all."""
    samples, columns = [], []
    for facts in chunks(reading, trainer, today, most_users, report):
        samples.append(trainer.sample(facts))
        columns.append(trainer.columns(facts).astype(np.float32))
    if not samples:
        message = f"Training needs {LEAST_PEOPLE} people with the needed data; there is nobody."
        raise InsufficientData(message, required=LEAST_PEOPLE, available=0)
    return Gathered(sample=joined(samples), columns=np.concatenate(columns))


def chunks(
    reading: Reading, trainer: Trainer[Any], today: date, most_users: int, report: Report = lambda *_: None
) -> Iterator[Facts]:
    """The facts that the trainer reads of everybody, or of about `most_users`, some users at a time."""
    with reading() as session:
        everybody = count_behind(session, None)
    stride = max(-(-everybody // most_users), 1)
    total = everybody // stride
    after: UUID | None = None
    done = 0
    while True:
        with reading() as session:
            users = next_sample(session, after, CHUNK_USERS, stride)
            if not users:
                return
            facts = load_facts(session, users, trainer.sources, today)
        yield facts
        after, done = users[-1], done + len(users)
        report(done / max(total, done), f"read {done} of {total} users")
