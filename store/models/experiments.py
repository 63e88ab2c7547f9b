"""Experiments: some users are answered by a challenger, and what came of it is compared with the champion's."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from engine.enums import Severity
from engine.experiments import MARGIN, Comparison
from store.audit import Deed
from store.errors import BadInput, Conflict, NotFound
from store.ids import uuid7
from store.models import registry
from store.models.trials import Came
from store.monitoring.alerts import raise_alert
from store.tables import Experiment

ACTOR = "ledger"


def start(session: Session, category: str, challenger_version: int, share: float, *, actor: str) -> Experiment:
    """Sends this share of the users of a category to a challenger from now on.

    Raises `BadInput` for a share outside 0 to 1, `NotFound` for a version that there is not, and `Conflict` where
    rules answer, the challenger is the champion, or an experiment of the category runs.
    """
    if not 0 < share < 1:
        raise BadInput("challengerShare", "challengerShare must be more than 0 and less than 1.")
    challenger, champion = registry.find(session, category, challenger_version), registry.champion(session, category)
    if champion is None:
        raise Conflict(f"Rules answer {category}: promote a version first, to compare another one with it.")
    if champion.version == challenger.version:
        raise Conflict(f"Version {challenger.version} of {category} is the champion: name another as its challenger.")
    values = {
        "id": uuid7(),
        "category": category,
        "champion": champion.version,
        "challenger": challenger.version,
        "share": share,
        "actor": actor,
    }
    made = session.connection().execute(text(_START), values).scalar()
    if made is None:
        raise Conflict(f"An experiment of {category} runs already: conclude it first.")
    return find(session, made)


def conclude(session: Session, experiment_id: UUID, promote: bool, *, actor: str) -> Experiment:
    """Ends a running experiment: everybody is answered by the challenger, or by the champion again.

    Raises `NotFound`, and `Conflict` where it has ended before.
    """
    found = find(session, experiment_id)
    told = f"{'promoted' if promote else 'not promoted'} by {actor}"
    _end(session, found, told)
    if promote:
        reason = f"experiment {experiment_id}"
        registry.promote(session, found.category, found.challenger, actor=actor, reason=reason)
    return find(session, experiment_id)


def find(session: Session, experiment_id: UUID) -> Experiment:
    """One experiment as it stands; raises `NotFound`."""
    found = session.get(Experiment, experiment_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no experiment of this id.")
    return found


def experiments(session: Session, category: str | None = None) -> list[Experiment]:
    """The newest first; of one category or of all."""
    listed = select(Experiment).order_by(col(Experiment.started_at).desc(), col(Experiment.id).desc())
    if category is not None:
        listed = listed.where(col(Experiment.category) == category)
    return list(session.exec(listed))


def running(session: Session) -> list[Experiment]:
    """Those that have not ended."""
    return list(session.exec(select(Experiment).where(col(Experiment.concluded_at).is_(None))))


def note(session: Session, experiment_id: UUID, came: Came) -> list[Deed]:
    """Writes down what came of both versions so far; ends what cannot go on, and tells it for the audit log.

    That is where another version has become the champion, and where the challenger is worse for certain by more than
    the margin, by the outcome or by either of its halves: more advice taken does not make up for promises that are not
    kept. That raises an alert. Nothing is ever promoted here.
    """
    found = find(session, experiment_id)
    if found.concluded_at is not None:
        return []
    champion, challenger, compared = came.outcome.champion, came.outcome.challenger, came.outcome.compared
    values = {
        "id": experiment_id,
        "champion": champion.mean if champion.users else None,
        "challenger": challenger.mean if challenger.users else None,
        "probability": compared.probability_better if compared else None,
        "samples": champion.users + challenger.users,
    }
    session.connection().execute(text(_NOTE), values)
    in_place, worse = registry.champion(session, found.category), _worse(came)
    if in_place is None or in_place.version != found.champion:
        return [_stop(session, found, f"version {found.champion} is no longer the champion")]
    return [_stop_worse(session, found, *worse)] if worse else []


def _worse(came: Came) -> tuple[str, Comparison] | None:
    """The first yardstick by which the challenger is worse for certain."""
    yardsticks = {
        "outcome": came.outcome,
        "worth of judged promises": came.promises,
        "share of advice that was taken": came.advice,
    }
    for name, pair in yardsticks.items():
        compared = pair.compared
        if compared and compared.is_worse:
            return name, compared
    return None


def _stop_worse(session: Session, experiment: Experiment, yardstick: str, compared: Comparison) -> Deed:
    told = (
        f"by the {yardstick}, users of version {experiment.challenger} fare worse than those of version "
        f"{experiment.champion} by {-compared.high:.3f} to {-compared.low:.3f} (95 %), which is more than {MARGIN}"
    )
    raise_alert(
        session,
        severity=Severity.WARNING,
        category=experiment.category,
        cause=f"experiment:{experiment.id}",
        title=f"The experiment of {experiment.category} was stopped: its challenger does worse",
        description=f"After {compared.samples} users, {told}. The champion answers everybody again.",
    )
    return _stop(session, experiment, told)


def _stop(session: Session, experiment: Experiment, reason: str) -> Deed:
    _end(session, experiment, f"stopped: {reason}")
    return Deed(actor=ACTOR, action="stop_experiment", subject=str(experiment.id), detail=reason)


def _end(session: Session, experiment: Experiment, conclusion: str) -> None:
    values = {"id": experiment.id, "conclusion": conclusion}
    if session.connection().execute(text(_END), values).rowcount == 0:
        raise Conflict("This experiment has ended before.")


_START = """
INSERT INTO experiments (id, category, champion, challenger, challenger_share, started_at, started_by, samples)
VALUES (:id, :category, :champion, :challenger, :share, clock_timestamp(), :actor, 0)
ON CONFLICT (category) WHERE concluded_at IS NULL DO NOTHING
RETURNING id
"""

_END = """
UPDATE experiments SET concluded_at = clock_timestamp(), conclusion = :conclusion
WHERE id = :id AND concluded_at IS NULL
"""

_NOTE = """
UPDATE experiments SET champion_score = :champion, challenger_score = :challenger, probability_better = :probability,
    samples = :samples
WHERE id = :id AND concluded_at IS NULL
"""
