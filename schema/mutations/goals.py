"""Goals and budgets."""

from decimal import Decimal
from typing import Any

import strawberry

from schema.checks import check
from schema.connections import known
from schema.context import Info
from schema.inputs import GoalInput, columns
from schema.mutations.writing import write
from schema.permissions import household, row_id
from store.households import budgets, goals


async def save_goal(
    info: Info,
    user_id: strawberry.ID,
    goal_id: strawberry.ID | None = strawberry.UNSET,
    *,
    input: GoalInput,  # noqa: A002 - the contract's name
) -> Any:
    """A new goal, or another state of a known one."""
    user = await household(info, "userId", user_id)
    place = known(goal_id)
    wanted = None if place is None else row_id(info, "goalId", place)
    given = columns(input, "input", info.context.today)
    goal = await write(info, wanted or user.id, lambda session: goals.save_goal(session, user.id, wanted, given))
    info.context.audit("save_goal", user.id, detail=str(goal.id))
    return goal


async def delete_goal(info: Info, goal_id: strawberry.ID) -> strawberry.ID:
    """Forgets a goal."""
    wanted = row_id(info, "goalId", goal_id)
    owner = await write(info, wanted, lambda session: goals.delete_goal(session, wanted))
    info.context.audit("delete_goal", owner, detail=str(wanted))
    return goal_id


async def save_budget(info: Info, user_id: strawberry.ID, category: str, monthly_limit: Decimal) -> bool:
    """Sets the limit of a category."""
    user = await household(info, "userId", user_id)
    name = check("category", "budget_category", category, info.context.today)
    limit = check("monthlyLimit", "monthly_limit", monthly_limit, info.context.today)
    await write(info, user.id, lambda session: budgets.save_budget(session, user.id, name, limit))
    info.context.audit("save_budget", user.id, detail=name)
    return True
