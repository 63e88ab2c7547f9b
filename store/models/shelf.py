"""The models that this process has loaded, and which of them answers whom.

Which version is in place is read anew in each transaction, so every process sees a promotion at once. What is in memory
goes on serving, whatever becomes of its file.
"""

import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from engine.catalog import BY_NAME
from engine.enums import Severity
from engine.experiments import arm
from engine.learning.model import Model
from store.artifacts import Archive, Manifest
from store.errors import CorruptArtifact, StoreError
from store.models import registry
from store.models.versions import Described, Trial, Version, described
from store.monitoring.alerts import ARTIFACT, raise_alert
from store.session import transaction

MOST_MODELS = 16
"""In memory: the champion and a challenger of each category, and some of those before them."""
RETRY_SECONDS = 5.0

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A version and its model."""

    version: Described
    model: Model


Hand = Mapping[str, Served]
"""What answers a user, by category; a category that is not in it answers by its rules."""

Loaded = tuple[Manifest, Model]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What answers in this transaction: the champions, and for some users the challengers of experiments."""

    champions: Hand
    trials: Mapping[str, tuple[Trial, Served]]

    def drawn(self, user_id: UUID) -> frozenset[str]:
        """The categories in which a challenger answers this user."""
        return frozenset(name for name, (trial, _) in self.trials.items() if arm(trial.id, user_id, trial.share))

    def hand(self, drawn: Collection[str]) -> Hand:
        """What answers users for whom these challengers were drawn."""
        return {**self.champions, **{name: self.trials[name][1] for name in drawn}}


RULES = Serving(champions={}, trials={})


class Shelf:
    """Verified models by the checksum of their artifact; shared by the threads of a process."""

    def __init__(self, archive: Archive, *, retry_seconds: float = RETRY_SECONDS) -> None:
        self._archive = archive
        self._retry_seconds = retry_seconds
        self._loaded: OrderedDict[str, Loaded] = OrderedDict()
        self._failed: dict[str, float] = {}
        self._reading, self._loading = Lock(), Lock()

    def serving(self, session: Session, categories: Collection[str]) -> Serving:
        """What answers now; where a champion cannot be loaded, the last good one before it, else the rules.

        That is told by a critical alert, in a transaction of its own.
        """
        learning = [name for name in categories if BY_NAME[name].trainer]
        if not learning:
            return RULES
        places = registry.in_place(session, learning)
        champions = {
            name: served
            for name, version in places.champions.items()
            if (served := self._served(session, version) or next(self._earlier(session, name), None))
        }
        trials = {
            name: (trial, served)
            for name, trial in places.trials.items()
            if (served := self._served(session, trial.challenger)) and name in champions
        }
        return Serving(champions=champions, trials=trials)

    def _earlier(self, session: Session, category: str) -> Iterator[Served]:
        """The good ones among the champions before, the last first."""
        for number in registry.before(session, category):
            if served := self._served(session, registry.find(session, category, number)):
                yield served

    def _served(self, session: Session, version: Version) -> Served | None:
        """From memory or, one thread at a time, from the archive; None where that fails."""
        found = self._found(version)
        if found is None:
            with self._loading:
                found = self._found(version) or self._tried(session, version)
        return None if found is None else Served(version=described(version, found[0]), model=found[1])

    def _found(self, version: Version) -> Loaded | None:
        with self._reading:
            if version.checksum in self._loaded:
                self._loaded.move_to_end(version.checksum)
            return self._loaded.get(version.checksum)

    def _tried(self, session: Session, version: Version) -> Loaded | None:
        """A failure is told, and not tried again for some seconds."""
        if time.monotonic() - self._failed.get(version.name, -self._retry_seconds) < self._retry_seconds:
            return None
        try:
            loaded = load(self._archive, version)
        except StoreError as error:
            self._failed[version.name] = time.monotonic()
            tell_unusable(_engine(session), version, error)
            return None
        with self._reading:
            self._loaded[version.checksum] = loaded
            while len(self._loaded) > MOST_MODELS:
                self._loaded.popitem(last=False)
        return loaded


def tell_unusable(engine: Engine, version: Version, error: StoreError) -> None:
    """Raises the alert; where the database does not take it, whoever tries next tells it."""
    LOG.error("artifact not usable", model=version.name, path=version.path, reason=str(error))
    try:
        with transaction(engine) as session:
            raise_alert(
                session,
                severity=Severity.CRITICAL,
                category=version.category,
                cause=f"{ARTIFACT}{version.name}",
                title=f"The artifact of {version.name} cannot be used",
                description=f"{version.path} is not loaded: {error}. Processes that have the model in memory serve on; "
                "others answer with the version before it, else by rules. Restore the folder from a backup, roll back, "
                "or train again.",
            )
    except SQLAlchemyError as refusal:
        LOG.error("alert not raised", model=version.name, error=str(refusal).splitlines()[0])


def load(archive: Archive, version: Version) -> Loaded:
    """The verified artifact's manifest and model; raises `StoreError` where this process cannot use it."""
    artifact, trainer = archive.read(version.path, version.checksum), BY_NAME[version.category].trainer
    if trainer is None or list(trainer.features) != artifact.manifest.get("features"):
        raise CorruptArtifact("it was trained on other features than this version of finrec has")
    try:
        return artifact.manifest, trainer.model.from_files(artifact.files)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise CorruptArtifact(f"this version of finrec cannot read it ({type(error).__name__})") from error


def _engine(session: Session) -> Engine:
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine
