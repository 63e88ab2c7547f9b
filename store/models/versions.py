"""Versions of a category's model, as they are handed around, and how rows are read as them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from engine.enums import VersionStage


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One trained version of a category's model; `proven` says that it beat the rule on people held out.

    Without its manifest, which may be long: what only has to know who answers does not read it.
    """

    category: str
    version: int
    stage: VersionStage
    path: str
    checksum: str
    proven: bool
    trained_at: datetime
    training_users: int

    @property
    def name(self) -> str:
        return name_of(self.category, self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described(Version):
    """A version, and what its manifest says of it."""

    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An experiment that runs: this share of the users is answered by its challenger."""

    id: UUID
    share: float
    challenger: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What answers now, by category."""

    champions: Mapping[str, Version]
    trials: Mapping[str, Trial]


def name_of(category: str, version: int | None) -> str:
    """What rows and answers call who answered: `goal_optimization@3`, `goal_optimization/rule` without a version."""
    return f"{category}/rule" if version is None else f"{category}@{version}"


def described(version: Version, manifest: Mapping[str, Any]) -> Described:
    """The version with its manifest."""
    return Described(**{each.name: getattr(version, each.name) for each in fields(Version)}, manifest=manifest)


def read_described(row: Row[Any]) -> Described:
    """The version of a row with a manifest."""
    return described(read_version(row), row.manifest)


def read_version(row: Row[Any]) -> Version:
    """The version of a row."""
    return Version(
        category=row.category,
        version=row.version,
        stage=VersionStage(row.stage),
        path=row.path,
        checksum=row.checksum,
        proven=row.proven,
        trained_at=row.trained_at,
        training_users=row.training_users,
    )
