"""Looks again and again at the artifacts of what is in place, so that a corrupt one is known before it is needed.

What it has seen as corrupt and sees no more is over; before its first look it takes all that stands open for seen. What
only other processes see, such as a folder that they alone do not reach, is theirs to tell, and stays.
"""

import time

from sqlalchemy import Engine

from engine.catalog import BY_NAME
from store.artifacts import Archive
from store.errors import StoreError
from store.models import registry
from store.models.shelf import load, tell_unusable
from store.models.versions import Version
from store.monitoring.alerts import settle_artifacts
from store.session import transaction

EVERY_SECONDS = 5.0
WHOLE_SECONDS = 600.0
"""Files that look untouched are read again after so long."""


class Inspector:
    """Verifies champions and challengers; what it found good it reads again when the folder looks different."""

    def __init__(
        self, archive: Archive, *, every_seconds: float = EVERY_SECONDS, whole_seconds: float = WHOLE_SECONDS
    ) -> None:
        self._archive = archive
        self._every_seconds, self._whole_seconds = every_seconds, whole_seconds
        self._last = -every_seconds
        self._good: dict[tuple[str, str], tuple[str, float]] = {}
        self._seen = {name for name, one in BY_NAME.items() if one.trainer}
        """Categories of which something stood open when it was looked at last."""

    def inspect(self, engine: Engine) -> list[Version]:
        """The versions whose artifact cannot be used, each told by a critical alert; called more often, it rests."""
        if time.monotonic() - self._last < self._every_seconds:
            return []
        self._last = time.monotonic()
        with transaction(engine) as session:
            places = registry.in_place(session, [name for name, one in BY_NAME.items() if one.trainer])
        wanted = [*places.champions.values(), *(trial.challenger for trial in places.trials.values())]
        bad = [version for version in wanted if not self._is_good(engine, version)]
        self._settle(engine, {version.category for version in bad})
        return bad

    def _settle(self, engine: Engine, bad: set[str]) -> None:
        """A category in which all that is in place can be used needs nothing of what else cannot."""
        left: set[str] = set()
        if over := self._seen - bad:
            with transaction(engine) as session:
                left = settle_artifacts(session, over)
        self._seen = bad | left

    def _is_good(self, engine: Engine, version: Version) -> bool:
        place = (version.path, version.checksum)
        try:
            look = self._archive.look(version.path)
            seen, since = self._good.get(place, ("", 0.0))
            if look != seen or time.monotonic() - since > self._whole_seconds:
                load(self._archive, version)
                self._good[place] = (look, time.monotonic())
        except StoreError as error:
            self._good.pop(place, None)
            tell_unusable(engine, version, error)
            return False
        return True
