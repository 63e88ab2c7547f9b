"""What the household wants to have, and by when."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from engine.enums import GoalStatus
from store.errors import NotFound
from store.households.profiles import state
from store.households.version import raise_version
from store.tables import Goal

NO_GOAL = "There is no goal of this id."


def goals_of(session: Session, users: Collection[UUID]) -> dict[UUID, list[Goal]]:
    """All goals of the users, the nearest date first."""
    wanted = select(Goal).where(col(Goal.user_id).in_(users)).order_by(col(Goal.target_date), col(Goal.id))
    found: dict[UUID, list[Goal]] = {user: [] for user in users}
    for goal in session.exec(wanted):
        found[goal.user_id].append(goal)
    return found


def goals_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Goal]:
    """The goals of these ids that this transaction sees."""
    return {goal.id: goal for goal in session.exec(select(Goal).where(col(Goal.id).in_(ids)))}


def save_goal(session: Session, user_id: UUID, goal_id: UUID | None, columns: Mapping[str, Any]) -> Goal:
    """Writes a goal whole, the one of this id or a new one; achieved where its amount is saved, else active."""
    raise_version(session, user_id)
    goal = Goal(user_id=user_id, **columns) if goal_id is None else _mine(session, user_id, goal_id)
    state(goal, columns)
    goal.status = (GoalStatus.ACHIEVED if goal.saved_amount >= goal.target_amount else GoalStatus.ACTIVE).value
    session.add(goal)
    session.flush()
    return goal


def delete_goal(session: Session, goal_id: UUID) -> UUID:
    """Forgets a goal; returns whose it was."""
    goal = goals_by_id(session, [goal_id]).get(goal_id)
    if goal is None:
        raise NotFound(NO_GOAL)
    raise_version(session, goal.user_id)
    if session.exec(delete(Goal).where(col(Goal.id) == goal_id)).rowcount == 0:
        raise NotFound(NO_GOAL)
    return goal.user_id


def _mine(session: Session, user_id: UUID, goal_id: UUID) -> Goal:
    goal = session.exec(select(Goal).where(Goal.id == goal_id, Goal.user_id == user_id)).one_or_none()
    if goal is None:
        raise NotFound(NO_GOAL)
    return goal
