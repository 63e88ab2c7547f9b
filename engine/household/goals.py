"""What goals ask of the plan: the seam at which a goal solver's marginal values replace this rule."""

import numpy as np

from engine.enums import UNKNOWN, GoalKind, Priority, code
from engine.facts import Facts, Floats, Positions
from engine.household.pieces import Pieces, Place, pieces
from engine.household.worth import CASH, GOAL_WORTH, LEAST_GOAL_SHARE, SERVED_ELSEWHERE

LEAST_MONTHS = 1.0
MONTHS_FOR_A_PAST_DATE = 12.0
DAYS_A_MONTH = 365.25 / 12


def goal_pieces(facts: Facts) -> Pieces:
    """What is missing, over the months left; goals by priority, those further from their target first."""
    goals = facts.goals
    served = np.isin(goals.kind, [code(kind) for kind in SERVED_ELSEWHERE])
    short = missing(facts)
    rows = np.flatnonzero(~served & (short > 0))
    rows = rows[np.argsort(goals.target_date[rows], kind="stable")]
    share = LEAST_GOAL_SHARE + (1.0 - LEAST_GOAL_SHARE) * short / np.maximum(goals.target_amount, 1.0)
    by_priority = np.array([GOAL_WORTH[level] for level in Priority] + [GOAL_WORTH[Priority.MEDIUM]])
    return pieces(
        user=goals.user[rows],
        place=Place.GOAL,
        worth=CASH + (by_priority[goals.priority] * share)[rows],
        limit=(short / months_left(facts))[rows],
        stock=short[rows],
        goal=rows,
    )


def missing(facts: Facts) -> Floats:
    """What each goal (row) still lacks."""
    return np.maximum(np.nan_to_num(facts.goals.target_amount) - np.nan_to_num(facts.goals.saved_amount), 0.0)


def months_left(facts: Facts) -> Floats:
    """Months until each goal's date; a year where it has passed."""
    days = (facts.goals.target_date - np.datetime64(facts.today)).astype("timedelta64[D]").astype(np.float64)
    return np.where(days < 0, MONTHS_FOR_A_PAST_DATE, np.maximum(days / DAYS_A_MONTH, LEAST_MONTHS))


def first_goal(facts: Facts, kind: GoalKind) -> Positions:
    """Row of each user's first goal of the kind, `UNKNOWN` where there is none."""
    rows = np.flatnonzero(facts.goals.kind == code(kind))[::-1]
    found = np.full(len(facts), UNKNOWN, dtype=np.int64)
    found[facts.goals.user[rows]] = rows
    return found
