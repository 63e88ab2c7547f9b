"""A model that is learned in a moment: expenses are a part of income; the rule says that they are their mean."""

import json
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self
from uuid import UUID

import numpy as np
from sqlalchemy import Engine
from typing_extensions import override

from engine.answers import money
from engine.facts import Facts, Floats, Source
from engine.learning.groups import groups
from engine.learning.metrics import of_amount
from engine.learning.model import Model
from engine.learning.trainer import Judged, Sample, Trainer
from engine.learning.training import five_fold
from store.ids import derived
from store.session import transaction
from store.tables import FinancialProfile, User

TAUGHT = "risk_assessment"
"""The category that it stands in for."""
PART = 0.05
"""Of a year's income, a month: the truth of `add_spenders`."""


class Slope(Model):
    """expenses = slope * income."""

    def __init__(self, slope: float) -> None:
        self.slope = slope

    @override
    def files(self) -> dict[str, bytes]:
        return {"slope.json": json.dumps([self.slope]).encode()}

    @classmethod
    @override
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        return cls(json.loads(files["slope.json"])[0])

    @override
    def importance(self) -> Mapping[str, float]:
        return {"income": 1.0}


class SlopeTrainer(Trainer[Slope]):
    """Least squares through the origin."""

    model = Slope
    features = ("income",)
    sources: ClassVar[frozenset[Source]] = frozenset({"profile"})
    fresh_days = 7
    bars: ClassVar[Mapping[str, float]] = {"r2": 0.5}

    @override
    def columns(self, facts: Facts) -> Floats:
        return facts.profile.annual_income[:, None]

    @override
    def sample(self, facts: Facts) -> Sample:
        known = ~np.isnan(facts.profile.monthly_expenses)
        return Sample(
            users=facts.users, X=self.columns(facts), y=facts.profile.monthly_expenses, groups=groups(facts)
        ).take(known)

    @override
    def fit(self, sample: Sample, seed: int) -> Slope:
        income = sample.X[:, 0]
        return Slope(float(income @ sample.y / (income @ income)))

    @override
    def judge(self, model: Slope | None, sample: Sample) -> Judged:
        told = np.full(len(sample), sample.y.mean()) if model is None else model.slope * sample.X[:, 0]
        return Judged(metrics=of_amount(sample.y, told), loss=np.abs(told - sample.y))

    @override
    def cross_validated(self, sample: Sample, model: Slope, seed: int) -> Mapping[str, float]:
        return five_fold(self, sample, seed)


TRAINERS = {TAUGHT: SlopeTrainer()}


def add_spenders(engine: Engine, count: int, part: float = PART, seed: int = 0) -> None:
    """Households that spend a part of what they earn; the same ones are held out every time."""
    random = np.random.default_rng(seed)
    income = random.lognormal(11.0, 0.5, count).round(2)
    spent = (income * part * random.lognormal(0.0, 0.2, count)).round(2)
    people = [User(id=derived("spender", str(number))) for number in range(count)]
    with transaction(engine, everyone=True) as session:
        session.add_all(people)
        session.flush()
        session.add_all(
            _profile(user.id, float(earned), float(out))
            for user, earned, out in zip(people, income, spent, strict=True)
        )


def _profile(user_id: UUID, income: float, spent: float) -> FinancialProfile:
    return FinancialProfile(
        user_id=user_id,
        birth_date=date(1985, 1, 1),
        annual_income=money(income),
        net_worth=money(0),
        liquid_assets=money(0),
        total_debt=money(0),
        monthly_expenses=money(spent),
        marital_status="SINGLE",
        dependents=0,
        employment="EMPLOYED",
        homeowner=False,
    )
