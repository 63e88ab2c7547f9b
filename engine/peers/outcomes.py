"""Who reached goals of each kind and who did not, with what they did before: one number a household and kind."""

import numpy as np

from engine.enums import GoalKind, GoalStatus, code
from engine.facts import Dates, Facts, Flags, Floats, Positions
from engine.peers.habits import HABITS, habits, record, was_seen

REACHED = 1 << len(HABITS)
"""The bit above those of the habits."""


def outcomes(facts: Facts) -> Floats:
    """Users x `GoalKind`: bits of the habits, and `REACHED`; NaN without such a goal, or without half a year seen.

    Goals that are still pursued and not yet due say nothing. The day on which a goal was reached is not kept: its
    target date stands for it, or today where that lies ahead, and what was done is read from the year before.
    """
    known = record(facts)
    found = np.full((len(facts), len(GoalKind)), np.nan)
    for column, kind in enumerate(GoalKind):
        reached, missed, until = _ends(facts, kind)
        did = habits(facts, known, until, kind)
        bits = sum((did[habit].astype(np.int64) << place for place, habit in enumerate(HABITS)), np.int64(0))
        told = (reached | missed) & was_seen(known, until)
        found[:, column] = np.where(told, bits + REACHED * reached, np.nan)
    return found


def _ends(facts: Facts, kind: GoalKind) -> tuple[Flags, Flags, Dates]:
    """Who reached such a goal, who did not and should have, and the day that stands for its end."""
    today, ended, active = np.datetime64(facts.today), facts.ended_goals, facts.goals
    is_reached = (ended.kind == code(kind)) & (ended.status == code(GoalStatus.ACHIEVED))
    given_up = (ended.kind == code(kind)) & ~is_reached
    overdue = (active.kind == code(kind)) & (active.target_date < today)
    until = np.full(len(facts), today)
    for user, day in (
        (active.user[overdue], active.target_date[overdue]),
        (ended.user[given_up], ended.target_date[given_up]),
        (ended.user[is_reached], ended.target_date[is_reached]),
    ):
        until[user] = np.minimum(day, today)
    reached = _any(facts, ended.user[is_reached])
    missed = ~reached & (_any(facts, ended.user[given_up]) | _any(facts, active.user[overdue]))
    return reached, missed, until


def _any(facts: Facts, users: Positions) -> Flags:
    return np.asarray(np.bincount(users, minlength=len(facts)) > 0, dtype=np.bool_)
