"""The user, and all that is known of it and advised to it."""

from typing import Any

import strawberry

from engine.health import FinancialHealth
from engine.overview.summary import ExecutiveSummary
from schema.answers import Recommendation, RecommendationCategory
from schema.categories import Categories
from schema.connections import Connection, known
from schema.context import VIEW, Info
from schema.enums import RecommendationStatus
from schema.face import output
from schema.household import Account, FinancialProfile, Goal, Transaction
from schema.overview import PrioritizedAction, actions, glance, walk_recommendations
from schema.walks import walk_transactions
from store import tables
from store.advice import health
from store.advice.recommendations import Which
from store.households.accounts import accounts_of
from store.households.goals import goals_of
from store.households.profiles import profiles_of


async def _profile(parent: strawberry.Parent[tables.User], info: Info) -> Any:
    _view(info, parent)
    return await info.context.loaders.find(profiles_of, parent.id, today=info.context.today)


async def _accounts(parent: strawberry.Parent[tables.User], info: Info) -> Any:
    _view(info, parent)
    return await info.context.loaders.load(accounts_of, parent.id)


async def _goals(parent: strawberry.Parent[tables.User], info: Info) -> Any:
    _view(info, parent)
    return await info.context.loaders.load(goals_of, parent.id)


async def _transactions(
    parent: strawberry.Parent[tables.User], info: Info, first: int = 50, after: str | None = strawberry.UNSET
) -> Any:
    _view(info, parent)
    return await walk_transactions(info.context, parent.id, first=first, after=known(after))


async def _financial_health(parent: strawberry.Parent[tables.User], info: Info) -> Any:
    _view(info, parent)
    return await info.context.loaders.find(health, parent.id, today=info.context.today)


async def _recommendations(
    parent: strawberry.Parent[tables.User],
    info: Info,
    categories: list[RecommendationCategory] | None = strawberry.UNSET,
    statuses: list[RecommendationStatus] | None = strawberry.UNSET,
    first: int = 20,
    after: str | None = strawberry.UNSET,
) -> Any:
    _view(info, parent)
    which = Which(categories=_values(known(categories)), statuses=_values(known(statuses)))
    return await walk_recommendations(info.context, parent.id, which=which, first=first, after=known(after))


async def _executive_summary(
    parent: strawberry.Parent[tables.User],
    info: Info,
    categories: list[RecommendationCategory] | None = strawberry.UNSET,
) -> Any:
    _view(info, parent)
    return await glance(info.context, parent.id, _values(known(categories)))


async def _prioritized_actions(
    parent: strawberry.Parent[tables.User],
    info: Info,
    categories: list[RecommendationCategory] | None = strawberry.UNSET,
    first: int = 5,
) -> Any:
    _view(info, parent)
    return await actions(info.context, parent.id, _values(known(categories)), first)


@strawberry.type(description="One household.")
class User(Categories):
    """A row of `users`."""

    id: strawberry.ID
    profile: FinancialProfile | None = strawberry.field(resolver=_profile)
    accounts: list[Account] = strawberry.field(resolver=_accounts)
    goals: list[Goal] = strawberry.field(resolver=_goals)
    transactions: Connection[Transaction] = strawberry.field(resolver=_transactions, description="Newest first.")
    financial_health: Any = strawberry.field(
        resolver=_financial_health,
        graphql_type=output(FinancialHealth | None),
        description="One score of what can be observed today, component by component.",
    )
    executive_summary: Any = strawberry.field(
        resolver=_executive_summary,
        graphql_type=output(ExecutiveSummary | None),
        description="Strengths, concerns and next steps; every number in it stands in an answer.",
    )
    prioritized_actions: list[PrioritizedAction] | None = strawberry.field(
        resolver=_prioritized_actions,
        description="What to do next: one order over the categories, in money a year (what brings safety or likelihood "
        "is weighed beside it). What two categories tell is told once, and nothing that was dismissed or done.",
    )
    recommendations: Connection[Recommendation] | None = strawberry.field(
        resolver=_recommendations,
        description="What has been recommended and is still valid (unless statuses names EXPIRED), newest first.",
    )


def _view(info: Info, user: tables.User) -> None:
    info.context.audit(VIEW, user.id, detail=info.python_name)


def _values(listed: list[Any] | None) -> tuple[str, ...] | None:
    return None if listed is None else tuple(word.value for word in listed)
