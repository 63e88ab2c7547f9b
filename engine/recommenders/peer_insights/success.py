"""What those did who reached goals of the kinds that this household pursues."""

from collections.abc import Sequence

from engine.enums import GoalKind
from engine.peers.habits import Habit
from engine.peers.patterns import Pattern
from engine.recommenders.peer_insights.answer import SuccessPattern
from engine.recommenders.peer_insights.study import Study

KINDS = tuple(GoalKind)
TITLES = {
    Habit.MONTHLY_TRANSFERS: "Put money aside in nine months of a year or more",
    Habit.RESERVE_FIRST: "Built an emergency fund first",
    Habit.EXTRA_ON_DEBT: "Paid a tenth more on debts than lenders ask for",
    Habit.RAISED_SAVING: "Put more aside than the year before",
    Habit.BUDGETS_KEPT: "Stayed within their budgets in nine months of a year or more",
}


def relevant(study: Study, user: int, found: Sequence[Pattern]) -> list[Pattern]:
    """Patterns of the household's own active goals, the greatest lift first."""
    goals = study.facts.goals
    pursued = {KINDS[kind] for kind in goals.kind[goals.user == user]}
    return [each for each in found if each.currency == study.currency[user] and each.kind in pursued]


def success_patterns(study: Study, user: int, found: Sequence[Pattern]) -> tuple[SuccessPattern, ...]:
    """As they are shown."""
    return tuple(
        SuccessPattern(
            title=TITLES[each.habit],
            goal_kind=each.kind,
            prevalence_among_successful=each.successful,
            prevalence_among_others=each.others,
            lift=each.lift,
            lift_low=each.low,
            lift_high=each.high,
            adopted=bool(study.habits[each.habit][user]),
        )
        for each in found
    )
