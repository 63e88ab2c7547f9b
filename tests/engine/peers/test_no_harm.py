"""What 200 households of the demo read, with a model and without: only comparisons in the direction that helps."""

from functools import cache

import pytest

from benchmarks.demo_facts import as_facts
from engine.advise import advise
from engine.facts import Facts
from engine.learning.model import Models
from engine.population import generate
from engine.recommenders.peer_insights import PeerBenchmark, PeerInsights
from engine.recommenders.peer_insights.telling import BETTER_ABOVE, BETTER_BELOW, COULD_BE_LESS
from tests.engine.peers.drawn import TODAY, model

HOUSEHOLDS, SEED = 200, 99
OF_OTHERS = ("peer", "others", "median", "middle", "three of four", "half of")


@cache
def asking() -> Facts:
    """None of them is in the model."""
    return as_facts(generate(users=HOUSEHOLDS, seed=SEED, today=TODAY, months=24), TODAY)


@cache
def answers(*, has_model: bool) -> tuple[PeerInsights, ...]:
    models: Models = {"peer_insights": model()} if has_model else {}
    found = advise(asking(), ["peer_insights"], models=models)["peer_insights"]
    return tuple(each for each in found if isinstance(each, PeerInsights))


def helps(one: PeerBenchmark) -> bool:
    """The rule as the page on peer insights has it."""
    median, third = one.median, one.p75
    if median is None or third is None:
        return False
    if one.metric in BETTER_ABOVE:
        return one.value >= max(median, {"savings_rate": 0.01, "goal_progress": 0.05}.get(one.metric, 0.001))
    return one.value <= median if one.metric in BETTER_BELOW else one.metric in COULD_BE_LESS and one.value > third


@pytest.mark.parametrize("has_model", [True, False])
def test_every_comparison_that_is_put_into_words_is_praise_or_money_to_keep(has_model: bool) -> None:
    told = 0
    for answer in answers(has_model=has_model):
        figures = {each.metric: each for each in answer.benchmarks}
        for entry in answer.explanation:
            if entry.feature == "cohort":
                continue
            told += 1
            assert helps(figures[entry.feature]), entry.sentence
    assert told > HOUSEHOLDS / 2


@pytest.mark.parametrize("has_model", [True, False])
def test_no_advice_but_on_spending_speaks_of_others(has_model: bool) -> None:
    advised = 0
    for answer in answers(has_model=has_model):
        for one in answer.recommendations:
            words = f"{one.title} {one.description} {[step.title for step in one.actionable_items]}".lower()
            advised += 1
            assert one.key.startswith(("spend_less:", "adopt:", "keep_budgets")) or not any(
                word in words for word in OF_OTHERS
            )
    assert advised > HOUSEHOLDS / 4


@pytest.mark.parametrize("has_model", [True, False])
def test_every_missing_figure_says_why(has_model: bool) -> None:
    for answer in answers(has_model=has_model):
        for one in answer.benchmarks:
            assert ("Fewer than 20 people" in one.source) == (one.median is None)
