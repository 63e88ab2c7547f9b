"""LEDGER: judges the promises that are due, publishes how each model did, and compares the versions on trial.

Users are judged some at a time, in the order of their ids; the cursor is the last who is done. A promise of which
nothing is known yet is asked about again every day, until it has been due for so long that nothing will be.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from engine.ledger.outcomes import Now, Told, outcome
from store.audit import Deed
from store.batches import next_batch
from store.crypto import Vault
from store.ledger import entries, outcomes, scores
from store.ledger.entries import Entry, Judgement
from store.models import experiments, trials
from store.models.trials import Came
from store.session import clock
from store.tables import Experiment
from workers.assignment import Assignment

BATCH_USERS = 200
WAIT_DAYS = 31
"""Bills and imports come late; whoever has not been seen by then has gone."""
PUBLISHED = "published"
"""The cursor when everything is done."""

Clock = Callable[[Session], datetime]


def judge_promises(assignment: Assignment, *, clock: Clock = clock, batch_users: int = BATCH_USERS) -> dict[str, int]:
    """How many promises were judged by this claim, known and unknown, and of how many models figures were published."""
    if assignment.claim.cursor == PUBLISHED:
        return {}
    counts = Counter[str]()
    with assignment.reading() as session:
        today = clock(session).date()
        running = experiments.running(session)
    for users, progress in _batches(assignment, today, batch_users):
        stage = f"{counts.total()} promises judged"
        with assignment.step(progress=progress, stage=stage, cursor=str(users[-1])) as session:
            counts.update(_judge(session, assignment.vault, users, today))
    found = [(trial, _measured(assignment, trial, batch_users)) for trial in running]
    deeds: list[Deed] = []
    with assignment.step(progress=1.0, stage="figures published", cursor=PUBLISHED, deeds=deeds) as session:
        counts["models"] = scores.publish(session, today)
        for trial, came in found:
            deeds += experiments.note(session, trial.id, came)
    return dict(counts)


def _batches(assignment: Assignment, today: date, size: int) -> Iterator[tuple[list[UUID], float]]:
    """Users with something to judge, and which share of all of them is done with these."""
    cursor = assignment.claim.cursor
    after = None if cursor is None else UUID(cursor)
    with assignment.reading() as session:
        total = entries.count_due(session, today, after)
    done = 0
    while users := _next(assignment, today, after, size):
        after, done = users[-1], done + len(users)
        yield users, done / max(total, done)


def _next(assignment: Assignment, today: date, after: UUID | None, size: int) -> list[UUID]:
    with assignment.reading() as session:
        return entries.users_due(session, today, after, size)


def _judge(session: Session, vault: Vault, users: Sequence[UUID], today: date) -> Counter[str]:
    ciphers = vault.ciphers(session, users)
    ripe = entries.due(session, ciphers, today)
    now, place = outcomes.known(session, users, ripe, today), {user: number for number, user in enumerate(users)}
    asked = [Judgement(entry=each, came=_came(each, place[each.user_id], now)) for each in ripe]
    judged = entries.judge(session, ciphers, [each for each in asked if _is_over(each, today)])
    scores.add(session, judged, today)
    return Counter("unknown" if each.came is None else "known" for each in judged)


def _came(entry: Entry, user: int, now: Now) -> float | None:
    if entry.promise is None:
        return None
    return outcome(Told(user=user, said_on=entry.said_on, promise=entry.promise), now)


def _is_over(judgement: Judgement, today: date) -> bool:
    """Whether it is known, or will not be any more."""
    promise = judgement.entry.promise
    return judgement.came is not None or promise is None or promise.due <= today - timedelta(days=WAIT_DAYS)


def _measured(assignment: Assignment, trial: Experiment, size: int) -> Came:
    """What came of an experiment so far, of all users."""
    found, after = Came(), None
    while users := _users(assignment, after, size):
        after = users[-1]
        with assignment.step(progress=1.0, stage=f"comparing versions of {trial.category}") as session:
            found = found + trials.measure(session, assignment.vault, trial, users)
    return found


def _users(assignment: Assignment, after: UUID | None, size: int) -> list[UUID]:
    with assignment.reading() as session:
        return next_batch(session, after, size)
