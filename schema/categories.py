"""The field of each category, its arguments and its answer: all derived from the catalog, so that a new category
is a module of the engine and a line there."""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import strawberry
from strawberry.utils.str_converters import capitalize_first, to_camel_case

from engine.answers import Answer
from engine.catalog import RECOMMENDERS
from engine.recommender import Recommender
from schema.answers import CategoryResult
from schema.context import VIEW, Info
from schema.face import members, told
from schema.options import chosen, parameters
from store.advice import Key
from store.advice.answers import Advice
from store.tables import User


def _answer_type(recommender: Recommender[Any]) -> type:
    """The GraphQL type of a category's answer; `store.advice.answers.Advice` is what it shows."""
    made = type(
        capitalize_first(to_camel_case(recommender.name)),
        (CategoryResult,),
        {
            **members(recommender.answer, besides=Answer, part="answer"),
            "is_type_of": staticmethod(lambda advice, _: advice.category == recommender.name),
        },
    )
    return strawberry.type(made, description=told(recommender.answer.__doc__))


def _field(recommender: Recommender[Any]) -> Any:
    answer: Any = _answer_type(recommender)
    return strawberry.field(resolver=_resolver(recommender), graphql_type=answer | None)


def _resolver(recommender: Recommender[Any]) -> Callable[..., Any]:
    async def resolve(parent: strawberry.Parent[User], info: Info, **given: Any) -> Advice:
        options = chosen(recommender.options, given, info.context.today)
        advice = await info.context.loaders.advice.load(Key(parent.id, recommender.name, options))
        info.context.audit(VIEW, parent.id, detail=recommender.name)
        return advice

    own = inspect.signature(resolve)
    fixed = [own.parameters["parent"], own.parameters["info"]]
    resolve.__signature__ = own.replace(parameters=[*fixed, *parameters(recommender.options)])  # type: ignore[attr-defined]
    return resolve


if TYPE_CHECKING:

    class Categories:
        """A field for each recommender of the catalog."""

else:
    Categories = strawberry.type(type("Categories", (), {one.name: _field(one) for one in RECOMMENDERS}))
