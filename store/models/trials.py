"""What came of an experiment: one outcome a user, from the ledger and from what was done with advice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from engine.experiments import Arm, Pair, arm, outcome
from engine.ledger.score import merit
from store.crypto import Vault
from store.ledger import entries
from store.tables import Experiment

NO_PAIR = Pair()


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of both versions: by the outcome, and by each of its halves."""

    outcome: Pair = NO_PAIR
    promises: Pair = NO_PAIR
    advice: Pair = NO_PAIR

    def __add__(self, other: "Came") -> "Came":
        """Of other users as well."""
        return Came(
            outcome=self.outcome + other.outcome,
            promises=self.promises + other.promises,
            advice=self.advice + other.advice,
        )


@dataclass(slots=True)
class _Told:
    """What is known of one user."""

    merits: list[float] = field(default_factory=list)
    decisions: list[bool] = field(default_factory=list)

    @property
    def promises(self) -> float | None:
        return sum(self.merits) / len(self.merits) if self.merits else None

    @property
    def advice(self) -> float | None:
        return sum(self.decisions) / len(self.decisions) if self.decisions else None

    @property
    def outcome(self) -> float | None:
        return outcome(self.promises, self.advice)


def measure(session: Session, vault: Vault, trial: Experiment, users: Sequence[UUID]) -> Came:
    """Of these users, those of whom something is known since the experiment began.

    Only what the version of the user's own arm said counts, and only what nobody had told the user before: promises and
    advice that the champion had given already are in neither arm.
    """
    drawn = {user: arm(trial.id, user, trial.challenger_share) for user in users}
    found = {user: _Told() for user in users}
    for each in entries.judged_since(session, vault, users, trial.category, trial.started_at):
        entry = each.entry
        worth = merit(entry.promise, each.came) if entry.promise and each.came is not None else None
        if worth is not None and entry.model_name == _name(trial, drawn[entry.user_id]):
            found[entry.user_id].merits.append(worth)
    values = {"users": list(users), "category": trial.category, "since": trial.started_at}
    for row in session.connection().execute(text(_DECIDED), values):
        if row.model_name == _name(trial, drawn[row.user_id]):
            found[row.user_id].decisions.append(row.taken)
    arms = [[told for user, told in found.items() if drawn[user] is which] for which in (False, True)]
    return Came(
        outcome=_pair([[told.outcome for told in part] for part in arms]),
        promises=_pair([[told.promises for told in part] for part in arms]),
        advice=_pair([[told.advice for told in part] for part in arms]),
    )


def _pair(parts: list[list[float | None]]) -> Pair:
    champion, challenger = (Arm.of([each for each in part if each is not None]) for part in parts)
    return Pair(champion=champion, challenger=challenger)


def _name(trial: Experiment, challenger: bool) -> str:
    return f"{trial.category}@{trial.challenger if challenger else trial.champion}"


_DECIDED = """
SELECT user_id, model_name, status <> 'DISMISSED' AS taken FROM ml_recommendations
WHERE user_id = ANY(:users) AND recommendation_type = :category AND created_at >= :since
  AND status IN ('ACCEPTED', 'COMPLETED', 'DISMISSED')
"""
