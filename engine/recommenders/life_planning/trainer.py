"""How the models of life events learn: from what came after a day years ago, judged beside the base rates."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engine.enums import LifeEvent, code
from engine.errors import InsufficientData
from engine.facts import Facts, Flags, Floats, Source
from engine.learning.groups import groups
from engine.learning.metrics import auc, brier_skill, calibration_error
from engine.learning.trainer import Judged, Sample, Trainer, joined
from engine.learning.training import LEAST_FITTED, require
from engine.life.features import LOOKING_BACK, life_features
from engine.life.survival import HazardModel, hazards
from engine.recommenders.life_planning.chances import HORIZONS_YEARS, possible, yearly
from engine.recommenders.life_planning.model import YEARS, LifeEventModel, Proof, folds_of
from engine.recommenders.life_planning.past import must_have_had, on_record, past

LEARNED_YEARS_AGO = (10.0, 15.0)
"""Windows of five years that do not overlap; the trees are grown on them."""
LEAST_EVENTS = 30
"""Fewer of an event teach nothing."""
LEAST_RECORDED = 0.90
"""Of those who must have had an event, the part that has it on record; with less, its absence says nothing."""
COUNTED = 0.0
"""In the column `AGO` of rows that are only counted."""
EVENT, AGO, BASE, FEATURES = 0, 1, slice(2, 2 + YEARS), slice(2 + YEARS, 2 + YEARS + len(LOOKING_BACK))
"""Columns of `X`; `AGO` are the years back to the day that a row is looked at from."""
UNTIL = 0
"""Column of `y`: years from that day to the event, infinite where none came within five."""
EVENTS = tuple(LifeEvent)
JUDGED_YEARS_AGO = tuple(float(years) for years in HORIZONS_YEARS)
METRICS = ("auc", "brier", "calibration_error")


class LifeEventTrainer(Trainer[LifeEventModel]):
    """Rows are a household, an event and a day years ago on which the event could come.

    Trees are grown on days ten and fifteen years ago and the five years after each; scaled and judged they are on later
    years and other people: from each horizon's years ago until today.

    A household that must have had an event, by what it is today, is one more row, which is only counted: its target
    says whether the event is on record.
    """

    model = LifeEventModel
    features: ClassVar[tuple[str, ...]] = LOOKING_BACK
    sources: ClassVar[frozenset[Source]] = frozenset({"profile", "life_events"})
    fresh_days: ClassVar[int] = 30
    bars: ClassVar[Mapping[str, float]] = {"calibration_error": 0.03}

    @override
    def columns(self, facts: Facts) -> Floats:
        return life_features(facts, LOOKING_BACK)

    @override
    def sample(self, facts: Facts) -> Sample:
        parts = [
            _looked_back(facts, years, event) for years in (*LEARNED_YEARS_AGO, *JUDGED_YEARS_AGO) for event in EVENTS
        ]
        return joined([*parts, *_counted(facts)])

    @override
    def fit(self, sample: Sample, seed: int) -> LifeEventModel:
        """Raises `InsufficientData` where no event can be learned."""
        require(len(np.unique(sample.users.astype(str))), LEAST_FITTED)
        fitted = {event: _fitted(sample, event, seed) for event in EVENTS if _is_learned(sample, event)}
        if not fitted:
            raise _refusal(max(_cases(sample, event) for event in EVENTS))
        return LifeEventModel(
            hazard_models=fitted, proofs={event: _proof(sample, event, model) for event, model in fitted.items()}
        )

    @override
    def judge(self, model: LifeEventModel | None, sample: Sample) -> Judged:
        """Loss is the Brier score of windows that end today, the base rate's where the model does not answer."""
        chance, came = answered(model, sample), np.isfinite(sample.y[:, UNTIL])
        loss = np.where(is_judged(sample), (chance - came) ** 2, 0.0)
        return Judged(metrics=_figures(sample, chance, came), loss=loss)

    @override
    def cross_validated(self, sample: Sample, model: LifeEventModel, seed: int) -> Mapping[str, float]:
        """The five folds are in the model: each person is answered by the trees that were fitted without it."""
        return self.judge(model, sample).metrics


def answered(model: LifeEventModel | None, sample: Sample) -> Floats:
    """The chance within the years of each window that ends today, as it would be served; 0 for other rows."""
    chance = np.zeros(len(sample))
    for event in EVENTS:
        rows = np.flatnonzero(is_judged(sample) & (sample.X[:, EVENT] == code(event)))
        base, years = sample.X[rows, BASE], sample.X[rows, AGO].astype(np.int64)
        proven = model is not None and event in model.proofs and model.proofs[event].holds
        curve = model.curve(event, sample.X[rows, FEATURES], base, sample.users[rows]) if model and proven else base
        chance[rows] = curve[np.arange(len(rows)), years - 1]
    return chance


def is_judged(sample: Sample) -> Flags:
    """Windows that end today."""
    return np.isin(sample.X[:, AGO], JUDGED_YEARS_AGO)


def is_learned_from(sample: Sample) -> Flags:
    """Windows that the trees are grown on."""
    return np.isin(sample.X[:, AGO], LEARNED_YEARS_AGO)


def _looked_back(facts: Facts, years: float, event: LifeEvent) -> Sample:
    was = past(facts, years)
    until = np.where(was.until[event] <= min(years, YEARS), was.until[event], np.inf)
    X = np.column_stack(
        [
            np.full(len(facts), float(code(event))),
            np.full(len(facts), years),
            yearly(was.facts, event),
            life_features(was.facts, LOOKING_BACK),
        ]
    )
    whole = Sample(users=facts.users, X=X, y=until[:, None], groups=groups(facts))
    return whole.take(was.known[event] & possible(was.facts, event))


def _counted(facts: Facts) -> Iterator[Sample]:
    for event, there in must_have_had(facts).items():
        X = np.zeros((len(facts), FEATURES.stop))
        X[:, EVENT], X[:, AGO] = float(code(event)), COUNTED
        y = np.where(on_record(facts, event), 0.0, np.inf)
        yield Sample(users=facts.users, X=X, y=y[:, None], groups=groups(facts)).take(there)


def _is_learned(sample: Sample, event: LifeEvent) -> bool:
    """Enough events, kept of nearly everybody who must have had one."""
    own = sample.X[:, EVENT] == code(event)
    kept = np.isfinite(sample.y[own & (sample.X[:, AGO] == COUNTED), UNTIL])
    return bool(_cases(sample, event) >= LEAST_EVENTS and (not len(kept) or kept.mean() >= LEAST_RECORDED))


def _cases(sample: Sample, event: LifeEvent) -> int:
    """How often the event came in the earlier years or in the later ones, whichever is less."""
    came = (sample.X[:, EVENT] == code(event)) & np.isfinite(sample.y[:, UNTIL])
    return int(min((came & chosen).sum() for chosen in (is_learned_from(sample), is_judged(sample))))


def _refusal(cases: int) -> InsufficientData:
    """Why no event is learned where the most frequent one has so many cases."""
    if cases >= LEAST_EVENTS:
        told = (
            f"Life events are learned where {LEAST_RECORDED:.0%} of those who must have had one (owners a home "
            "purchase, parents a child) have it on record; of no kind do so many. Load their past life events."
        )
        return InsufficientData(told, required=LEAST_EVENTS, available=0)
    told = (
        f"Life events are learned once one kind, such as home purchases, is on record {LEAST_EVENTS} times in the last "
        f"{YEARS} years and {LEAST_EVENTS} times in the {LEARNED_YEARS_AGO[-1] - YEARS:.0f} before; the most frequent "
        f"kind reaches {cases}."
    )
    return InsufficientData(told, required=LEAST_EVENTS, available=cases)


def _fitted(sample: Sample, event: LifeEvent, seed: int) -> HazardModel:
    """Grown on the earlier years, scaled on the later ones."""
    own = sample.X[:, EVENT] == code(event)
    rows, later = sample.take(own & is_learned_from(sample)), sample.take(own & is_judged(sample))
    people = np.unique(rows.users.astype(str), return_inverse=True)[1]
    seen, base = np.full(len(rows), float(YEARS)), hazards(rows.X[:, BASE])
    model = HazardModel(years=YEARS, seed=seed)
    model.fit(rows.X[:, FEATURES], rows.y[:, UNTIL], seen, people, base, folds_of(rows.users))
    return model.recalibrate(
        later.X[:, FEATURES],
        later.X[:, AGO].astype(np.int64),
        np.isfinite(later.y[:, UNTIL]),
        hazards(later.X[:, BASE]),
        folds_of(later.users),
    )


def _proof(sample: Sample, event: LifeEvent, model: HazardModel) -> Proof:
    """On later years and on people left out, over all horizons together."""
    rows = sample.take(is_judged(sample) & (sample.X[:, EVENT] == code(event)))
    years, came = rows.X[:, AGO].astype(np.int64) - 1, np.isfinite(rows.y[:, UNTIL])
    curve = model.predict(rows.X[:, FEATURES], hazards(rows.X[:, BASE]), folds_of(rows.users))
    row, people = np.arange(len(rows)), np.unique(rows.users.astype(str), return_inverse=True)[1]
    skill, least = brier_skill(came, curve[row, years], rows.X[:, BASE][row, years], people)
    return Proof(people=int(people.max()) + 1, events=int(came.sum()), skill=skill, least=least)


def _figures(sample: Sample, chance: Floats, came: Flags) -> dict[str, float]:
    """Means over events, and each event's own, itself a mean over the horizons."""
    found: dict[str, float] = {}
    for event in EVENTS:
        own = [_of_horizon(sample, event, years, chance, came) for years in JUDGED_YEARS_AGO]
        own = [figures for figures in own if figures]
        for name in own[0] if own else ():
            found[f"{name}_{event.lower()}"] = float(np.mean([figures[name] for figures in own]))
    means = {name: [value for key, value in found.items() if key.startswith(name)] for name in METRICS}
    return {name: float(np.mean(values)) for name, values in means.items() if values} | found


def _of_horizon(sample: Sample, event: LifeEvent, years: float, chance: Floats, came: Flags) -> dict[str, float]:
    rows = (sample.X[:, EVENT] == code(event)) & (sample.X[:, AGO] == years)
    if not rows.any():
        return {}
    so, told = came[rows], chance[rows]
    figures = (
        auc(so, told) if so.any() and not so.all() else 0.5,
        float(((told - so) ** 2).mean()),
        calibration_error(so, told),
    )
    return dict(zip(METRICS, figures, strict=True))
