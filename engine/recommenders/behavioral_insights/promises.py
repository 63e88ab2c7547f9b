"""What behavioral insights promise: the spending of each month ahead, within its range in nine months of ten."""

from collections.abc import Sequence
from datetime import date

from engine.ledger.promises import Promise, PromiseKind, first_after
from engine.recommenders.behavioral_insights.answer import BehavioralInsights


def promises(answer: BehavioralInsights, today: date) -> Sequence[Promise]:
    """One a month, named with its place among those told; of the first also whether it takes more than the last one."""
    last = float(answer.history[-1].total) if answer.history else None
    return [
        Promise(
            kind=PromiseKind.MONTH_SPENT,
            subject=f"{month.month:%Y-%m}:{ahead}",
            due=first_after(month.month),
            expected=float(month.expected),
            low=float(month.low),
            high=float(month.high),
            before=last if ahead == 1 else None,
        )
        for ahead, month in enumerate(answer.forecast, start=1)
        if first_after(month.month) > today
    ]
