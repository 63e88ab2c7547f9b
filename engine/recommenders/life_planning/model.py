"""How likely life events are for a household, beyond the base rates: a hazard model for each event that is proven."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from typing_extensions import override

from engine.enums import LifeEvent, MaritalStatus, code
from engine.facts import Facts, Flags, Floats, Objects, Positions
from engine.learning.boosters import as_bytes, from_bytes
from engine.learning.folds import dealt
from engine.learning.model import Model
from engine.life.features import LOOKING_BACK, NEVER_YEARS, life_features, years_since
from engine.life.survival import FOLDS, HazardModel, hazards

FIGURES = "figures.json"
YEARS = 5
YEAR = len(LOOKING_BACK)
"""The column after the features, in which the trees read the year of the hazard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What one event's model reached on people left out, beside the base rate: skill is the share of its Brier score
    that is saved, `least` what it is at least with 97.5 % confidence."""

    people: int
    events: int
    skill: float
    least: float

    @property
    def holds(self) -> bool:
        """Only then does the model answer."""
        return self.least > 0.0


class LifeEventModel(Model):
    """Discrete-time hazards by boosted trees, one model an event, starting from the base rate.

    Learns   from dates of past events: what came within five years after a day five and ten years ago, from what was
             known of the household on that day (age, marriage, children, home, schooling, years since earlier events).
    Answers  only for events in which it saves a part of the base rate's Brier score with 95 % confidence on people
             left out; of marriage, only for those who never married, of a home, for those who never bought one. All
             others get the base rate.
    Limits   money is not read: what a household had years ago is not kept. Who is not in the record of events cannot
             be learned from. The years of the record are not those to come. Nothing is read or inferred of sex,
             health, a pregnancy, the end of a marriage or sexuality.
    Figures  `docs/life-planning.md`.
    """

    def __init__(self, *, hazard_models: Mapping[LifeEvent, HazardModel], proofs: Mapping[LifeEvent, Proof]) -> None:
        self.hazard_models = hazard_models
        self.proofs = proofs

    def answers(self, facts: Facts, event: LifeEvent) -> Flags:
        """For whom it speaks of the event."""
        proven = event in self.proofs and self.proofs[event].holds
        return supported(facts, event) if proven else np.zeros(len(facts), dtype=np.bool_)

    def within(self, facts: Facts, event: LifeEvent, base: Floats) -> Floats:
        """Chances within 1 to 5 years, never falling; `base` are the base rate's. Proven or not."""
        if event not in self.hazard_models:
            return base
        return self.curve(event, life_features(facts, LOOKING_BACK), base, facts.users)

    def curve(self, event: LifeEvent, X: Floats, base: Floats, users: Objects) -> Floats:
        """The same from features, by trees that have not seen the user."""
        return self.hazard_models[event].predict(X, hazards(base), folds_of(users))

    @override
    def files(self) -> dict[str, bytes]:
        figures = {
            str(event): asdict(self.proofs[event])
            | {"slope": float(model.slope_), "intercept": float(model.intercept_)}
            for event, model in self.hazard_models.items()
        }
        boosters = {
            f"{event.lower()}_{fold}.ubj": as_bytes(booster)
            for event, model in self.hazard_models.items()
            for fold, booster in enumerate(model.boosters_)
        }
        return {FIGURES: json.dumps(figures, sort_keys=True).encode(), **boosters}

    @classmethod
    @override
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        figures: dict[str, dict[str, Any]] = json.loads(files[FIGURES])
        events = [event for event in LifeEvent if str(event) in figures]
        return cls(
            hazard_models={event: _hazard_model(event, figures[str(event)], files) for event in events},
            proofs={event: _proof(figures[str(event)]) for event in events},
        )

    @override
    def importance(self) -> Mapping[str, float]:
        """Shares of the trees' gain in fit over all events; the year that a row asks about is no feature."""
        gain = np.zeros(YEAR + 1)
        for model in self.hazard_models.values():
            for booster in model.boosters_:
                for column, value in booster.get_score(importance_type="total_gain").items():
                    gain[int(column[1:])] += float(np.sum(value))
        shares = gain[:YEAR] / gain[:YEAR].sum() if gain[:YEAR].any() else np.full(YEAR, 1.0 / YEAR)
        return {LOOKING_BACK[column]: float(shares[column]) for column in np.argsort(-shares, kind="stable")}


def supported(facts: Facts, event: LifeEvent) -> Flags:
    """People like those that are learned from: first marriages and first homes."""
    if event is LifeEvent.MARRIAGE:
        return np.asarray(facts.profile.marital_status == code(MaritalStatus.SINGLE), dtype=np.bool_)
    if event is LifeEvent.HOME_PURCHASE:
        return np.asarray(years_since(facts, event) == NEVER_YEARS, dtype=np.bool_)
    return np.ones(len(facts), dtype=np.bool_)


def folds_of(users: Objects) -> Positions:
    """The fold whose trees have never seen the user."""
    return dealt(users, FOLDS, b"life fold")


def _hazard_model(event: LifeEvent, figures: Mapping[str, Any], files: Mapping[str, bytes]) -> HazardModel:
    model = HazardModel(years=YEARS)
    model.slope_, model.intercept_ = figures["slope"], figures["intercept"]
    names = [f"{event.lower()}_{fold}.ubj" for fold in range(FOLDS)]
    model.boosters_ = [from_bytes(files[name]) for name in names]
    return model


def _proof(figures: Mapping[str, Any]) -> Proof:
    return Proof(**{name: figures[name] for name in ("people", "events", "skill", "least")})
