"""What promises are judged by, read for a batch of users."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlmodel import Session

from engine.enums import GoalStatus, RecommendationStatus
from engine.features.balance_sheet import DEBTS
from engine.ledger.outcomes import OUTCOME_SOURCES, GoalNow, Now
from engine.ledger.promises import PromiseKind
from store.facts import load_facts
from store.ledger.entries import Entry


def known(session: Session, users: Sequence[UUID], entries: Sequence[Entry], today: date) -> Now:
    """What is known today of these users, and of the goals and the advice that the entries are about."""
    place = {user: number for number, user in enumerate(users)}
    return Now(
        facts=load_facts(session, users, OUTCOME_SOURCES, today),
        last_seen=_last_seen(session, users, today),
        goals=_goals(session, _subjects(entries, PromiseKind.GOAL_REACHED)),
        statuses=_statuses(session, place, entries),
    )


def _last_seen(session: Session, users: Sequence[UUID], today: date) -> np.ndarray:
    rows = session.connection().execute(text(_LAST_SEEN), {"users": list(users), "today": today})
    return np.array([row.last for row in rows], dtype="datetime64[D]")


def _goals(session: Session, ids: list[str]) -> dict[str, GoalNow]:
    rows = session.connection().execute(text(_GOALS), {"ids": ids, "debts": list(DEBTS)}) if ids else ()
    return {
        str(row.id): GoalNow(
            target_amount=row.target_amount, saved_amount=row.saved_amount, status=GoalStatus(row.status)
        )
        for row in rows
    }


def _statuses(
    session: Session, place: dict[UUID, int], entries: Sequence[Entry]
) -> dict[tuple[int, str], RecommendationStatus]:
    keys = _subjects(entries, PromiseKind.ADVICE_FOLLOWED)
    categories = list({each.category for each in entries if _is(each, PromiseKind.ADVICE_FOLLOWED)})
    values = {"users": list(place), "categories": categories, "keys": keys}
    rows = session.connection().execute(text(_STATUSES), values) if keys else ()
    return {(place[row.user_id], row.key): RecommendationStatus(row.status) for row in rows}


def _subjects(entries: Sequence[Entry], kind: PromiseKind) -> list[str]:
    return list({each.promise.subject for each in entries if each.promise and each.promise.kind is kind})


def _is(entry: Entry, kind: PromiseKind) -> bool:
    return entry.promise is not None and entry.promise.kind is kind


_LAST_SEEN = """
SELECT (SELECT t.date FROM transactions AS t WHERE t.user_id = u.id AND t.date <= :today ORDER BY t.date DESC LIMIT 1)
       AS last
FROM unnest(CAST(:users AS uuid[])) WITH ORDINALITY AS u (id, place) ORDER BY u.place
"""

# The target of a debt goal is never more than what is paid and still owed; without debts LEAST leaves the null out.
_GOALS = """
SELECT g.id, g.saved_amount::float8, g.status,
       least(g.target_amount, g.saved_amount + (
           SELECT sum(greatest(-a.balance, 0)) FROM accounts AS a
           WHERE g.kind = 'DEBT_PAYOFF' AND a.user_id = g.user_id AND a.kind = ANY(:debts)
       ))::float8 AS target_amount
FROM goals AS g WHERE g.id = ANY(CAST(:ids AS uuid[]))
"""

_STATUSES = """
SELECT user_id, key, status FROM ml_recommendations
WHERE user_id = ANY(:users) AND recommendation_type = ANY(:categories) AND key = ANY(:keys)
"""
