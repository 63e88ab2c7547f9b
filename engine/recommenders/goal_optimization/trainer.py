"""How the most that a household keeps putting aside is learned: from what others put aside over the last year.

The gate compares the pinball loss, at one in five, of what the plan would ask for: the promise where there is one, else
what past months carried, as the rule asks of everybody. So a model that promises nothing is no better than the rule. In
shares of income a large one does not count for more than a household.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engine.facts import Floats
from engine.learning.metrics import of_amount
from engine.learning.trainer import Judged, Sample
from engine.sustain.chances import BROKEN
from engine.sustain.model import SustainableContribution
from engine.sustain.sample import CARRIED, INCOME, KEPT, LAST, fitted_on
from engine.sustain.trainer import SavingTrainer
from engine.sustain.trees import folds, left_out, preferred

FIFTH_OF_INCOME = 0.2
"""The other rule that is told beside the model."""


class ContributionTrainer(SavingTrainer[SustainableContribution]):
    model = SustainableContribution
    fresh_days = 7
    bars: ClassVar[Mapping[str, float]] = {"rmse": 500.0, "r2": 0.7, "coverage_error": 0.02}
    """`rmse`, `mae` and `r2` are of money a month, those that end in `_share` of shares of income."""

    @override
    def fit(self, sample: Sample, seed: int) -> SustainableContribution:
        rows = fitted_on(sample, seed)
        return SustainableContribution(random_state=seed).fit(rows.X, rows.y[:, KEPT])

    @override
    def judge(self, model: SustainableContribution | None, sample: Sample) -> Judged:
        """The rule is what was put aside in the last twelve months; the loss is of what would be asked for."""
        last = np.nan_to_num(sample.y[:, LAST])
        told, promised = (model.predict(sample.X), model.promise(sample.X)) if model else (last, last)
        metrics = {**_of_told(sample, told), **_of_promise(sample.y[:, KEPT], promised), **_of_a_fifth(sample)}
        loss = _pinball(sample.y[:, KEPT], _asked_for(sample.y[:, CARRIED], promised if model else None))
        return Judged(metrics={**metrics, "pinball_loss_of_plan": float(loss.mean())}, loss=loss)

    @override
    def cross_validated(self, sample: Sample, model: SustainableContribution, seed: int) -> Mapping[str, float]:
        """Of the mean, each household by the fold's booster that has not seen it."""
        rows = fitted_on(sample, seed)
        told = left_out(preferred(model.tried_), rows.X, folds(np.arange(len(rows)), seed))
        return _of_told(rows, np.clip(told, 0.0, 1.0))


def _of_told(sample: Sample, told: Floats) -> dict[str, float]:
    """Of money a month, and of shares."""
    kept, income = sample.y[:, KEPT], sample.y[:, INCOME]
    shares = {f"{name}_share": value for name, value in of_amount(kept, told).items()}
    return {**of_amount(kept * income, told * income), **shares}


def _of_promise(kept: Floats, promised: Floats) -> dict[str, float]:
    """Who is promised nothing keeps it in any case: what counts are the others.

    The loss of promising nobody anything is told beside it, for it is a harder rule to beat than last year's share.
    """
    some, nothing = promised > 0, np.zeros(len(kept))
    found = {
        "pinball_loss": float(_pinball(kept, promised).mean()),
        "pinball_loss_of_no_promise": float(_pinball(kept, nothing).mean()),
        "promised": float(some.mean()),
    }
    if not some.any():
        return found
    rate = float((kept >= promised)[some].mean())
    return {**found, "promise_kept": rate, "coverage_error": abs(rate - (1.0 - BROKEN))}


def _of_a_fifth(sample: Sample) -> dict[str, float]:
    """Of the rule that everybody puts aside a fifth of income, in money a month."""
    income = sample.y[:, INCOME]
    found = of_amount(sample.y[:, KEPT] * income, FIFTH_OF_INCOME * income)
    return {f"{name}_of_a_fifth_of_income": value for name, value in found.items()}


def _asked_for(carried: Floats, promised: Floats | None) -> Floats:
    """As `engine.household.means`: held to the promise where there is one that is smaller."""
    return carried if promised is None else np.where(promised > 0, np.minimum(promised, carried), carried)


def _pinball(kept: Floats, promised: Floats) -> Floats:
    """What falls short counts four times what is left beyond."""
    beyond = kept - promised
    return np.where(beyond >= 0, BROKEN * beyond, (BROKEN - 1.0) * beyond)
