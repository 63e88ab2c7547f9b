"""What a risk assessment promises: how likely a household that has not said so yet states the expected tolerance."""

from collections.abc import Sequence
from datetime import date

from engine.ledger.promises import Promise, PromiseKind, first_after
from engine.recommenders.risk_assessment.answer import RiskAssessment
from engine.units import MONTHS_A_YEAR


def promises(answer: RiskAssessment, today: date) -> Sequence[Promise]:
    """Nothing of those who have stated one; of the others it is judged after a year, if they have by then."""
    if answer.stated_tolerance is not None:
        return ()
    return [
        Promise(
            kind=PromiseKind.TOLERANCE_STATED,
            subject=chance.level.value,
            due=first_after(today, MONTHS_A_YEAR),
            probability=chance.probability,
        )
        for chance in answer.probabilities
        if chance.level is answer.predicted_tolerance
    ]
