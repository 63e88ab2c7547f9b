"""The schema that is served, and its text."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.errors import CodedErrors
from schema.glossary import describe
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription

ABOUT = (
    "Begin with `viewer`: one household, and a field for each category of advice. Money is text with two decimals, in "
    "the user's currency; rates and probabilities are shares, 0.05 for 5 %. A category that could not be answered is "
    "null, and `errors` says why. Administrators find models, jobs and alerts below `admin`."
)
"""What the explorer opens with; Strawberry leaves it out of the SDL."""

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[CodedErrors],
)
_served = schema._schema  # noqa: SLF001 - Strawberry has no other way to it
_served.description = ABOUT
describe(_served)


def print_sdl() -> str:
    """The schema in GraphQL's own language."""
    return f"{schema.as_str().strip()}\n"
