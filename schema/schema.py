"""The schema that is served, and its text."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.errors import CodedErrors
from schema.glossary import describe
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[CodedErrors],
)
describe(schema._schema)  # noqa: SLF001 - Strawberry has no other way to it


def print_sdl() -> str:
    """The schema in GraphQL's own language."""
    return f"{schema.as_str().strip()}\n"
