"""What to do next: the recommendations of all categories in one order and one unit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from engine.enums import Priority, code

YARDSTICK = "yardstick_a_year"
"""Where following a recommendation brings no money but safety or probability: what that weighs beside money a year, by
the plan's yardstick (`engine.household.worth`). A ranking, never told as dollars."""
TOLD_BY = {
    ("goal_optimization", "fund_goal"): "savings_strategy",
    ("peer_insights", "build_reserve"): "savings_strategy",
    ("peer_insights", "adopt"): "savings_strategy",
    ("life_planning", "plan_for"): "goal_optimization",
}
"""The same transfer or goal told twice: by the first only where the other category is not among those chosen."""

FUND, JOB = "raise_emergency_fund", "prepare_for_job_change"
"""What a job loss takes is what an emergency fund is for: where the plan fills it, that says it."""
OF_THE_POT = frozenset({"move_date", "rethink_goal", "raise_target", "pause_goal"})
FUND_TARGET = "fund_target"
"""What else a goal for emergencies is told, which is the same pot; its data name the fund's target."""
ALL_TOGETHER, TRANSFER = "automate_savings", "monthly_amount"
"""The sum of transfers repeats those that stand beside it; each names its own amount."""
BUDGET, LESS = "meet_budget:", "spend_less:"
"""Of the same category of spending, what the household's own budget says comes before what peers do."""


class Told(Protocol):
    """A recommendation with the category that gave it."""

    @property
    def category(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def priority(self) -> Priority: ...
    @property
    def annual_impact(self) -> Decimal | None: ...
    @property
    def title(self) -> str: ...
    @property
    def data(self) -> Mapping[str, str]: ...


T = TypeVar("T", bound=Told)


def prioritized(given: Sequence[T]) -> list[T]:
    """The worthiest first; of equal worth the more urgent, then by key, so that the order does not depend on chance."""
    return sorted(once(given), key=lambda one: (-worth(one), code(one.priority), one.category, one.key))


def place(one: Told) -> tuple[int, float, str, str]:
    """In a list: the most urgent first; of equal urgency the worthiest, then by key."""
    return code(one.priority), -float(worth(one)), one.category, one.key


def worth(one: Told) -> Decimal:
    """Money a year, else what it weighs beside money; 0 where neither is told."""
    return one.annual_impact if one.annual_impact is not None else Decimal(one.data.get(YARDSTICK, "0"))


def once(given: Sequence[T]) -> list[T]:
    """Without what another of the categories tells in full."""
    chosen = {one.category for one in given}
    over = {one.key.partition(":")[2] for one in given if one.key.startswith(BUDGET)}
    fills = any(one.key == FUND for one in given)
    parts = any(
        one.category == "savings_strategy" and one.key != ALL_TOGETHER and TRANSFER in one.data for one in given
    )
    return [
        one
        for one in given
        if TOLD_BY.get((one.category, one.key.partition(":")[0])) not in chosen
        and not (one.key.startswith(LESS) and one.key.removeprefix(LESS) in over)
        and not (fills and (one.key == JOB or _is_of_the_pot(one)))
        and not (parts and one.key == ALL_TOGETHER)
    ]


def _is_of_the_pot(one: Told) -> bool:
    return one.key.partition(":")[0] in OF_THE_POT and Decimal(one.data.get(FUND_TARGET, "0")) > 0
