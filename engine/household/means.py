"""What a household can put aside a month: what its months leave, and no more than it will keep up."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Facts, Flags, Floats, Positions
from engine.features.cash_flow import Flow
from engine.features.sustainable import ENOUGH, sustainable_amount
from engine.learning.model import Models
from engine.sustain.chances import Chances
from engine.sustain.features import features, scale
from engine.sustain.model import SustainableContribution
from engine.sustain.record import Record, chance_of_keeping, record
from engine.sustain.target import YEAR
from engine.wording import chance

CONTRIBUTION, KEEPING = "goal_optimization", "savings_strategy"
"""The categories whose models tell the most that a household keeps up, and the chance that it keeps an amount up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What models are shown: the households (rows) of whom one can be asked, as those that they learned from."""

    rows: Positions
    columns: Floats
    income: Floats
    """A month: what every share is of."""


NOBODY = Shown(rows=np.zeros(0, dtype=np.int64), columns=np.zeros((0, 0)), income=np.zeros(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Money a month, one value a user."""

    carried: Floats
    """What past months would have carried."""
    promised: Floats
    """What four of five households like this one keep up; 0 where no model tells, or where it promises nothing: then
    no record says what is kept up, and what months leave is the only measure."""
    shown: Shown

    @property
    def budget(self) -> Floats:
        """The smaller of the two where both are known."""
        return np.where(self.held, self.promised, self.carried)

    @property
    def held(self) -> Flags:
        """Whether the amount is held to what is kept up."""
        return np.asarray((self.promised > 0) & (self.promised < self.carried), dtype=np.bool_)


def means(facts: Facts, flow: Flow, models: Models) -> Means:
    """The same for every category that speaks of the household's money."""
    promised, shown = np.zeros(len(facts)), _shown(facts, models)
    model = models.get(CONTRIBUTION)
    if isinstance(model, SustainableContribution) and len(shown.rows):
        promised[shown.rows] = model.promise(shown.columns) * shown.income
    return Means(carried=sustainable_amount(facts, flow), promised=promised, shown=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The chance that an amount is kept up for a year, one value a user, and what it rests on."""

    chance: Floats
    learned: Flags
    """Whether it is a model's, calibrated on households that it has not seen."""
    record: Record
    """Where it is not."""

    def told(self, user: int) -> float | None:
        """How sure the answer is that its amount is kept up; None where nothing has shown that."""
        return chance(self.chance[user]) if self.learned[user] else None


def keeping(facts: Facts, flow: Flow, amount: Floats, model: Chances | None, shown: Shown) -> Keeping:
    """That nine tenths of it are put aside; by the model where there is one and a year is known, else by the rule."""
    found, learned = record(facts.cash_flows, amount), np.zeros(len(facts), dtype=np.bool_)
    told = chance_of_keeping(found, flow, amount)
    asked = np.flatnonzero(amount[shown.rows] > 0)
    rows = shown.rows[asked]
    if model is not None and len(rows):
        told[rows] = model.chance(shown.columns[asked], ENOUGH * amount[rows] / shown.income[asked])
        learned[rows] = True
    return Keeping(chance=told, learned=learned, record=found)


def chances_of(models: Models, category: str) -> Chances | None:
    """The chances that a category's model holds, None where it is not in place."""
    model = models.get(category)
    if isinstance(model, SustainableContribution):
        return model.chances
    return model if isinstance(model, Chances) else None


def _shown(facts: Facts, models: Models) -> Shown:
    """Households whose last year is known, with an income; nobody where there is no model to ask."""
    if chances_of(models, CONTRIBUTION) is None and chances_of(models, KEEPING) is None:
        return NOBODY
    income = scale(facts)
    rows = np.flatnonzero((facts.cash_flows.observed >= YEAR) & (income > 0))
    return Shown(rows=rows, columns=features(facts)[rows], income=income[rows])
