"""What a household can put aside a month: what its months leave, and no more than it will keep up."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Facts, Flags, Floats
from engine.features.cash_flow import Flow
from engine.features.sustainable import ENOUGH, chance_of_keeping, sustainable_amount
from engine.learning.model import Models
from engine.sustain.chances import Chances
from engine.sustain.features import features, scale
from engine.sustain.model import SustainableContribution
from engine.sustain.target import YEAR
from engine.wording import chance

CONTRIBUTION, KEEPING = "goal_optimization", "savings_strategy"
"""The categories whose models tell the most that a household keeps up, and the chance that it keeps an amount up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Money a month, one value a user."""

    carried: Floats
    """What past months would have carried."""
    promised: Floats
    """What four of five households like this one keep up; 0 where no model tells, or where it promises nothing: then
    no record says what is kept up, and what months leave is the only measure."""

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
    promised = np.zeros(len(facts))
    model, known = models.get(CONTRIBUTION), np.flatnonzero(_year_known(facts))
    if isinstance(model, SustainableContribution) and len(known):
        promised[known] = model.promise(features(facts)[known]) * scale(facts)[known]
    return Means(carried=sustainable_amount(facts, flow), promised=promised)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The chance that an amount is kept up for a year, one value a user, and what it rests on."""

    chance: Floats
    learned: Flags
    """Whether it is a model's, calibrated on households that it has not seen."""

    def told(self, user: int) -> float | None:
        """How sure the answer is that its amount is kept up; None where nothing has shown that."""
        return chance(self.chance[user]) if self.learned[user] else None


def keeping(facts: Facts, flow: Flow, amount: Floats, model: Chances | None) -> Keeping:
    """That nine tenths of it are put aside; by the model where there is one and a year is known, else by the rule."""
    told, learned = chance_of_keeping(flow, amount), np.zeros(len(facts), dtype=np.bool_)
    known = np.flatnonzero(_year_known(facts) & (amount > 0))
    if model is not None and len(known):
        told[known] = model.chance(features(facts)[known], ENOUGH * amount[known] / scale(facts)[known])
        learned[known] = True
    return Keeping(chance=told, learned=learned)


def chances_of(models: Models, category: str) -> Chances | None:
    """The chances that a category's model holds, None where it is not in place."""
    model = models.get(category)
    if isinstance(model, SustainableContribution):
        return model.chances
    return model if isinstance(model, Chances) else None


def _year_known(facts: Facts) -> Flags:
    """As of those whom the models learned from."""
    return np.asarray((facts.cash_flows.observed >= YEAR) & (scale(facts) > 0), dtype=np.bool_)
