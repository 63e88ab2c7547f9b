"""How peers are learned: who is near whom so that neighbours foretell what is held, and what the successful did."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engine.facts import Facts, Floats, Positions, Source
from engine.features.cash_flow import cash_flow
from engine.learning.groups import groups
from engine.learning.trainer import Judged, Sample, Trainer
from engine.learning.training import LEAST_FITTED, five_fold, require
from engine.peers.bands import NOBODY_ALIKE, age_bands, currency_numbers, income_bands, told_bands
from engine.peers.cohort import LEAST_PEERS, cohorts
from engine.peers.crowd import Asked, People
from engine.peers.features import FEATURES, PRODUCTS, features, owned
from engine.peers.metrics import METRICS, metrics
from engine.peers.outcomes import outcomes
from engine.peers.patterns import patterns
from engine.peers.products import Calibration, figures, hide, losses, ranked
from engine.peers.scaling import Coarse, fit_scaling
from engine.peers.traits import traits
from engine.peers.weights import fit_weights
from engine.recommenders.peer_insights.foretelling import calibration, scores
from engine.recommenders.peer_insights.model import PeerModel, mark

WHO = ("currency", "age_band", "income_band")
METRICS_FROM, OUTCOMES_FROM = len(WHO), len(WHO) + len(METRICS)
MOST_BITS = 8
RECALL_AT, RECALL_OF = 10, 300


class PeerTrainer(Trainer[PeerModel]):
    """`y` holds currency and bands, the metrics, and what became of goals of each kind (`engine.peers.outcomes`).

    Judged by the accounts of people who are nobody's neighbours, hidden one at a time, beside the most popular ones.
    """

    model = PeerModel
    features = FEATURES
    sources: ClassVar[frozenset[Source]] = frozenset(
        {"profile", "accounts", "goals", "ended_goals", "cash_flows", "budgets"}
    )
    fresh_days: ClassVar[int] = 7
    bars: ClassVar[Mapping[str, float]] = {"recall_at_10": 0.999}

    @override
    def columns(self, facts: Facts) -> Floats:
        return features(facts, cash_flow(facts))

    @override
    def sample(self, facts: Facts) -> Sample:
        flow = cash_flow(facts)
        who = np.column_stack([currency_numbers(facts), age_bands(facts), income_bands(facts)])
        told = metrics(facts, flow)
        return Sample(
            users=facts.users,
            X=features(facts, flow),
            y=np.hstack([who, np.column_stack([told[name] for name in METRICS]), outcomes(facts)]),
            groups=groups(facts),
        )

    @override
    def fit(self, sample: Sample, seed: int) -> PeerModel:
        require(len(set(sample.users.tolist())), LEAST_FITTED)
        scaling = fit_scaling(sample.X)
        bands = told_bands(*_who(sample), LEAST_PEERS)
        kept = _in_order(np.flatnonzero(bands[:, 0] != NOBODY_ALIKE), scaling.coarse(sample.X), bands, sample)
        require(len(kept), LEAST_FITTED)
        X, currency = sample.X[kept], _who(sample)[0][kept]
        coarse, held = scaling.coarse(X), owned(X)
        bits = mark_bits(len(kept))
        model = PeerModel(
            scaling=fit_weights(scaling, coarse, held, seed),
            people=_people(X, coarse, currency, bands[kept], [mark(user, bits) for user in sample.users[kept]]),
            mark_bits=bits,
            popularity=held.mean(axis=0),
            calibration=Calibration(slope=np.ones(len(PRODUCTS)), intercept=np.zeros(len(PRODUCTS))),
            cohorts=cohorts(*_who(sample), dict(zip(METRICS, sample.y[:, METRICS_FROM:].T, strict=False))),
            patterns=patterns(_who(sample)[0], _who(sample)[2], sample.y[:, OUTCOMES_FROM:]),
        )
        model.calibration = calibration(model, held, seed)
        return model

    @override
    def judge(self, model: PeerModel | None, sample: Sample) -> Judged:
        held = owned(sample.X)
        if model is None:
            hidden = hide(fit_scaling(sample.X), np.zeros(sample.X.shape, dtype=np.int8), held)
            found = ranked(np.tile(held.mean(axis=0), (len(hidden.person), 1)), held, hidden)
            return Judged(metrics=figures(found), loss=losses(found, len(sample)))
        asked = _asked(model, sample)
        hidden = hide(model.scaling, asked.coarse, held)
        found = ranked(scores(model, hidden, asked), held, hidden)
        recall = model.recall(asked.take(np.arange(min(RECALL_OF, len(sample)))), RECALL_AT)
        return Judged(metrics={**figures(found), "recall_at_10": recall}, loss=losses(found, len(sample)))

    @override
    def cross_validated(self, sample: Sample, model: PeerModel, seed: int) -> Mapping[str, float]:
        return five_fold(self, sample, seed)


def mark_bits(people: int) -> int:
    """So many that every value is shared by at least about twenty people."""
    return int(np.clip(np.floor(np.log2(max(people, 1) / LEAST_PEERS)), 0, MOST_BITS))


def _who(sample: Sample) -> tuple[Positions, Positions, Positions]:
    currency, age_band, income_band = sample.y[:, : len(WHO)].astype(np.int64).T
    return currency, age_band, income_band


def _in_order(rows: Positions, coarse: Coarse, bands: Positions, sample: Sample) -> Positions:
    """People in the order of what is kept of them, which says nothing of who they are."""
    marks = np.array([mark(user, MOST_BITS) for user in sample.users[rows]], dtype=np.int64)
    more = np.column_stack([_who(sample)[0][rows], bands[rows], marks]) % 256
    told = np.hstack([coarse[rows].view(np.uint8), more.astype(np.uint8)])
    order = np.argsort(np.ascontiguousarray(told).view(f"V{told.shape[1]}").ravel(), kind="stable")
    return np.asarray(rows[order], dtype=np.int64)


def _people(X: Floats, coarse: Coarse, currency: Positions, bands: Positions, marks: Sequence[int]) -> People:
    return People(
        coarse=coarse,
        currency=currency.astype(np.int16),
        age_band=bands[:, 0].astype(np.int8),
        income_band=bands[:, 1].astype(np.int8),
        traits=traits(X),
        mark=np.array(marks, dtype=np.uint8),
    )


def _asked(model: PeerModel, sample: Sample) -> Asked:
    return Asked(coarse=model.scaling.coarse(sample.X), currency=_who(sample)[0], mark=model.marks(sample.users))
