"""Facts to answers: orders the categories by what they need and runs each over the whole batch."""

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from typing import Any

from engine.catalog import BY_NAME
from engine.facts import Facts, Source
from engine.learning.model import Models
from engine.recommender import Answers, Options, Recommender


def with_needs(categories: Iterable[str]) -> tuple[str, ...]:
    """The categories and all that they need, those needed first."""
    graph: dict[str, frozenset[str]] = {}
    waiting = list(categories)
    while waiting:
        name = waiting.pop()
        if name not in graph:
            graph[name] = BY_NAME[name].needs
            waiting.extend(graph[name])
    return tuple(TopologicalSorter(graph).static_order())


def sources_of(categories: Iterable[str]) -> frozenset[Source]:
    """Every source that the categories and what they need declare."""
    return frozenset(source for name in with_needs(categories) for source in BY_NAME[name].sources)


def models_of(categories: Iterable[str]) -> frozenset[str]:
    """The categories whose models these and what they need read."""
    return frozenset(read for name in with_needs(categories) for read in BY_NAME[name].models)


def advise(
    facts: Facts,
    categories: Iterable[str],
    options: Mapping[str, Options] | None = None,
    known: Mapping[str, Answers] | None = None,
    models: Models | None = None,
    *,
    recommenders: Mapping[str, Recommender[Any]] = BY_NAME,
) -> dict[str, Answers]:
    """Answers by category, one a user in the order of `facts.users`; categories that were needed are included.

    What is `known` of these users already is not computed again. Without `models`, rules and base rates answer;
    `recommenders` are those of the catalog, or what stands in for them.
    """
    answers = dict(known or {})
    for name in with_needs(categories):
        if name not in answers:
            recommender = recommenders[name]
            needed = {need: answers[need] for need in recommender.needs}
            chosen = (options or {}).get(name, recommender.options())
            own = {read: model for read, model in (models or {}).items() if read in recommender.models}
            answers[name] = recommender.predict(facts, needed, chosen, own)
    return answers
