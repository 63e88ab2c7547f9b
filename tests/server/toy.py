"""A small public API: enough to try the server around it."""

import threading
from decimal import Decimal
from uuid import UUID

import strawberry
from sqlalchemy import text
from sqlmodel import Session, col, select

from schema.context import Context
from schema.errors import CodedErrors, Forbidden, Unauthenticated
from store.errors import BadInput, Conflict, NotFound
from store.tables import Budget, User
from tests.waiting import DEADLINE_SECONDS

Info = strawberry.Info[Context, None]

arrived = threading.Semaphore(0)
"""Released by each `wait` that has begun."""

gate = threading.Event()
"""Lets every `wait` end."""


def pass_gate(session: Session) -> int:
    arrived.release()
    gate.wait(timeout=DEADLINE_SECONDS)
    return int(session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one())


@strawberry.interface
class CategoryResult:
    category: str


@strawberry.type
class Advice(CategoryResult):
    amount: int


@strawberry.type(name="Budget")
class ToyBudget:
    category: str
    monthly_limit: Decimal


@strawberry.type(name="User")
class ToyUser:
    id: strawberry.ID
    external_id: str | None

    @strawberry.field
    def me(self) -> "ToyUser":
        return self

    @strawberry.field
    def advice(self) -> Advice | None:
        return Advice(category="TOY", amount=1)

    @strawberry.field
    async def budgets(self, info: Info) -> list[ToyBudget]:
        statement = select(Budget).where(Budget.user_id == UUID(self.id))
        rows = await info.context.run(lambda session: session.exec(statement).all())
        return [ToyBudget(category=row.category, monthly_limit=row.monthly_limit) for row in rows]


@strawberry.type
class UserEdge:
    node: ToyUser


@strawberry.type
class UserConnection:
    edges: list[UserEdge]


@strawberry.input
class BudgetInput:
    category: str
    monthly_limit: Decimal


@strawberry.type
class Query:
    @strawberry.field
    async def viewer(self, info: Info) -> ToyUser | None:
        viewer = info.context.viewer
        if viewer is None:
            raise Unauthenticated("Say who you are.")
        return None if viewer.user_id is None else await read_user(info, viewer.user_id, "viewer")

    @strawberry.field
    async def user(self, info: Info, id: strawberry.ID) -> ToyUser | None:  # noqa: A002
        return await read_user(info, UUID(id), "user")

    @strawberry.field
    async def users(self, info: Info, first: int = 20) -> UserConnection | None:
        if info.context.viewer is None or not info.context.viewer.is_admin:
            info.context.refuse("users", "users", "FORBIDDEN")
            raise Forbidden("For administrators only.")
        statement = select(User).order_by(col(User.id)).limit(first)
        rows = await info.context.run(lambda session: session.exec(statement).all())
        return UserConnection(edges=[UserEdge(node=shown(row)) for row in rows])

    @strawberry.field
    def greet(self, name: str = "you") -> str:
        return f"hello {name}"

    @strawberry.field
    def broken(self) -> int | None:
        raise RuntimeError("the password is hunter2")

    @strawberry.field
    async def wait(self, info: Info) -> int | None:
        return await info.context.run(pass_gate)

    @strawberry.field
    async def conflicting(self, info: Info) -> int | None:
        return await info.context.run(serialization_failure)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def save_budget(self, info: Info, user_id: strawberry.ID, input: BudgetInput) -> ToyBudget:  # noqa: A002
        if input.monthly_limit < 0:
            raise BadInput("monthlyLimit", "A limit is not negative.")
        row = Budget(user_id=UUID(user_id), category=input.category, monthly_limit=input.monthly_limit)
        await info.context.run(lambda session: session.add(row))
        info.context.audit("saveBudget", user_id)
        return ToyBudget(category=input.category, monthly_limit=input.monthly_limit)

    @strawberry.mutation
    def refuse(self) -> int | None:
        raise Conflict("This never works.")

    @strawberry.mutation
    async def wait(self, info: Info) -> int:
        return await info.context.run(pass_gate)


async def read_user(info: Info, user_id: UUID, name: str) -> ToyUser:
    viewer = info.context.viewer
    found = await info.context.run(lambda session: session.get(User, user_id))
    if found is None or viewer is None or not viewer.may_read(user_id):
        info.context.refuse(name, user_id, "NOT_FOUND")
        raise NotFound("There is no such user.")
    info.context.audit("view", user_id, name)
    return shown(found)


def shown(row: User) -> ToyUser:
    return ToyUser(id=strawberry.ID(str(row.id)), external_id=row.external_id)


def serialization_failure(session: Session) -> int:
    session.connection().execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$"))
    return 0


schema = strawberry.Schema(query=Query, mutation=Mutation, extensions=[CodedErrors])
