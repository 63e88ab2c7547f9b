"""A simulated year: demo households live on day by day, and what they will do is hidden from every model until then.

The population is drawn as of the end, and cut off at the start: what lies between is kept aside and told as the days
pass. Some goals are due within the year, some tolerances are told only later, some households go away.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import Engine, text

from engine.answers import Answer
from store import advice, jobs
from store.advice.answers import Advice
from store.artifacts import Archive
from store.crypto import Vault
from store.demo import load_demo
from store.jobs import claims
from store.ledger import entries
from store.ledger.entries import Shown
from store.models.shelf import Shelf
from store.session import transaction
from workers.assignment import Assignment
from workers.ledger import judge_promises

START = date(2025, 7, 15)
SEED = 5
LEAVING = 8
"""One household in so many goes away half a year after the start."""
HALF_A_YEAR = timedelta(days=182)
LEASE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Year:
    """The households of a database, and the day they have come to."""

    engine: Engine
    vault: Vault
    archive: Archive
    users: Sequence[UUID]
    leaving: frozenset[UUID]
    spent: Mapping[tuple[UUID, date], float]
    """The hidden truth: what goes out in each month, by its first day."""
    told: list[date] = field(default_factory=lambda: [START])

    @property
    def staying(self) -> list[UUID]:
        return [user for user in self.users if user not in self.leaving]

    def live_until(self, day: date) -> None:
        """What happened since the last time becomes known."""
        values = {"since": self.told[-1], "day": day, "leaving": list(self.leaving), "left": START + HALF_A_YEAR}
        with self.engine.begin() as connection:
            for statement in _LIVE:
                connection.execute(text(statement), values)
        self.told.append(day)

    def score(self, categories: Sequence[str], users: Sequence[UUID]) -> dict[tuple[UUID, str], Answer]:
        """These users are answered anew on the day they have come to."""
        keys = advice.default_keys(users, categories)
        with transaction(self.engine, everyone=True) as session:
            given = advice.refresh(session, self.vault, Shelf(self.archive), keys, noon(self.told[-1]))
        answered = [one for one in given if isinstance(one, Advice)]
        return {(one.user_id, one.category): one.answer for one in answered}

    def record(self, said: Sequence[Shown]) -> None:
        """What another category promises."""
        with transaction(self.engine, everyone=True) as session:
            entries.record(session, self.vault.ciphers(session, {one.user_id for one in said}), said)

    def judge(self) -> None:
        """The daily job of the ledger."""
        today = noon(self.told[-1])
        with transaction(self.engine) as session:
            job = jobs.request(session, "LEDGER", {}, requested_by="year")
            claim = claims.claim(session, job.id, lease_seconds=LEASE_SECONDS)
        assert claim is not None
        assignment = Assignment(claim=claim, engine=self.engine, vault=self.vault, archive=self.archive)
        judge_promises(assignment, clock=lambda _: today)

    def days(self, until: date, step: int = 1) -> Iterator[date]:
        """Each day, or every so many, lived and judged."""
        day = self.told[-1]
        while (day := day + timedelta(days=step)) <= until:
            self.live_until(day)
            yield day

    def scored(self, category: str, measure: str) -> tuple[int, float, float]:
        """Of all that was judged: how many, their mean loss, and the share that came."""
        with self.engine.connect() as connection:
            row = connection.execute(text(_SCORED), {"name": f"{category}/rule", "measure": measure}).one()
        return int(row.number), float(row.loss), float(row.came)


def begun(engine: Engine, vault: Vault, archive: Archive, *, households: int, end: date) -> Year:
    """A year at its start."""
    load_demo(engine, users=households, seed=SEED, today=end)
    with engine.begin() as connection:
        for statement in _HIDE:
            connection.execute(text(statement), {"start": START})
        users = list(connection.execute(text("SELECT id FROM users ORDER BY id")).scalars())
        spent = {(row.user_id, row.month): float(row.amount) for row in connection.execute(text(_SPENT))}
    return Year(engine, vault, archive, users, frozenset(users[::LEAVING]), spent)


def reach_goals(year: Year) -> dict[str, bool]:
    """Draws which of the goals that are due within the year are reached, and writes it down; by id."""
    random = np.random.default_rng(SEED)
    with year.engine.begin() as connection:
        ids = list(connection.execute(text("SELECT id FROM goals ORDER BY id")).scalars())
        reached = {str(each): bool(random.random() < 0.4) for each in ids}
        values = [each for each in ids if reached[str(each)]]
        connection.execute(text("UPDATE goals SET saved_amount = target_amount WHERE id = ANY(:ids)"), {"ids": values})
    return reached


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


_HIDE = (
    "CREATE TABLE hidden_transactions AS SELECT * FROM transactions",
    "CREATE INDEX ON hidden_transactions (date)",
    "CREATE TABLE hidden_events AS SELECT * FROM life_events",
    "CREATE TABLE hidden_profiles AS SELECT * FROM financial_profiles",
    # the profile is that of the end: whoever marries, buys or retires on the way has not done so yet
    """
    UPDATE financial_profiles SET marital_status = 'SINGLE', filing_status = NULL
    WHERE user_id IN (SELECT user_id FROM life_events WHERE event = 'MARRIAGE' AND date > :start)
    """,
    """
    UPDATE financial_profiles SET homeowner = false
    WHERE user_id IN (SELECT user_id FROM life_events WHERE event = 'HOME_PURCHASE' AND date > :start)
    """,
    """
    UPDATE financial_profiles SET employment = 'EMPLOYED'
    WHERE user_id IN (SELECT user_id FROM life_events WHERE event = 'RETIREMENT' AND date > :start)
    """,
    "DELETE FROM transactions WHERE date > :start",
    "DELETE FROM life_events WHERE date > :start",
    "UPDATE financial_profiles SET stated_risk_tolerance = NULL WHERE hashtext(user_id::text) % 2 = 0",
    # every third goal is due in one of the next months, and nothing much is saved for it yet
    """
    UPDATE goals SET saved_amount = 0, target_amount = greatest(target_amount, 100),
        target_date = CASE WHEN hashtext(id::text) % 3 = 0
            THEN CAST(:start AS date) + 30 * (1 + abs(hashtext(id::text)) % 10) ELSE target_date END
    """,
)

_LIVE = (
    """
    INSERT INTO transactions SELECT * FROM hidden_transactions
    WHERE date > :since AND date <= :day AND NOT (user_id = ANY(:leaving) AND date > :left)
    """,
    "INSERT INTO life_events SELECT * FROM hidden_events WHERE date > :since AND date <= :day",
    """
    UPDATE financial_profiles AS p SET stated_risk_tolerance = h.stated_risk_tolerance
    FROM hidden_profiles AS h WHERE h.user_id = p.user_id AND CAST(:day AS date) > :left
    """,
    *(
        f"""
        UPDATE financial_profiles AS p SET {columns}
        FROM hidden_profiles AS h, hidden_events AS e
        WHERE h.user_id = p.user_id AND e.user_id = p.user_id AND e.event = '{event}' AND e.date > :since
          AND e.date <= :day
        """
        for event, columns in (
            ("MARRIAGE", "marital_status = h.marital_status, filing_status = h.filing_status"),
            ("HOME_PURCHASE", "homeowner = h.homeowner"),
            ("RETIREMENT", "employment = h.employment"),
        )
    ),
)

_SCORED = """
SELECT coalesce(sum(number), 0) AS number, sum(loss) / sum(number) AS loss, sum(came) / sum(number) AS came
FROM forecast_scores WHERE model_name = :name AND measure = :measure
"""

_SPENT = """
SELECT user_id, date_trunc('month', date)::date AS month, -sum(amount) AS amount FROM hidden_transactions
WHERE category NOT IN (
    'salary', 'bonus', 'benefits', 'interest_income', 'other_income', 'transfer', 'savings_transfer', 'investment',
    'debt_payment'
)
GROUP BY 1, 2
"""
