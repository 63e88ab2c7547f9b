"""What came of an experiment: one outcome a user, from the ledger and from what was done with advice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from engine.experiment import NOBODY, Arm, arm, outcome
from engine.score import merit
from store import ledger
from store.crypto import Vault
from store.tables import Experiment


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """The users of both versions."""

    champion: Arm = NOBODY
    challenger: Arm = NOBODY

    def __add__(self, other: "Arms") -> "Arms":
        """Both together."""
        return Arms(champion=self.champion + other.champion, challenger=self.challenger + other.challenger)


@dataclass(slots=True)
class _Told:
    """What is known of one user."""

    merits: list[float] = field(default_factory=list)
    decisions: list[bool] = field(default_factory=list)


def measure(session: Session, vault: Vault, trial: Experiment, users: Sequence[UUID]) -> Arms:
    """Of these users, those of whom something is known since the experiment began.

    Only what the version of the user's own arm said counts, and only what nobody had told the user before: promises and
    advice that the champion had given already are in neither arm.
    """
    drawn = {user: arm(trial.id, user, trial.challenger_share) for user in users}
    found = {user: _Told() for user in users}
    for each in ledger.judged_since(session, vault, users, trial.category, trial.started_at):
        entry = each.entry
        worth = merit(entry.promise, each.came) if entry.promise and each.came is not None else None
        if worth is not None and entry.model_name == _name(trial, drawn[entry.user_id]):
            found[entry.user_id].merits.append(worth)
    values = {"users": list(users), "category": trial.category, "since": trial.started_at}
    for row in session.connection().execute(text(_DECIDED), values):
        if row.model_name == _name(trial, drawn[row.user_id]):
            found[row.user_id].decisions.append(row.taken)
    return Arms(champion=_arm(found, drawn, False), challenger=_arm(found, drawn, True))


def _arm(found: dict[UUID, _Told], drawn: dict[UUID, bool], which: bool) -> Arm:
    outcomes = [outcome(told.merits, told.decisions) for user, told in found.items() if drawn[user] is which]
    return Arm.of([each for each in outcomes if each is not None])


def _name(trial: Experiment, challenger: bool) -> str:
    return f"{trial.category}@{trial.challenger if challenger else trial.champion}"


_DECIDED = """
SELECT user_id, model_name, status <> 'DISMISSED' AS taken FROM ml_recommendations
WHERE user_id = ANY(:users) AND recommendation_type = :category AND created_at >= :since
  AND status IN ('ACCEPTED', 'COMPLETED', 'DISMISSED')
"""
