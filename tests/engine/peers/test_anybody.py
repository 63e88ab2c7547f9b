"""With a model too, whoever asks gets a sane answer, the same alone as among others."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.advise import advise
from engine.recommenders.peer_insights import PeerInsights
from tests.engine.facts_factory import NASTY, Row, facts
from tests.engine.peers.drawn import model
from tests.engine.sane import assert_sane
from tests.engine.strategies import households

drawn = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def insights(*batch: Row) -> list[PeerInsights]:
    found = advise(facts(*batch), ["peer_insights"], models={"peer_insights": model()})["peer_insights"]
    return [answer for answer in found if isinstance(answer, PeerInsights)]


def without_names(answer: PeerInsights) -> object:
    """Names are made for the user's id, which in these facts is the place in the batch."""
    similar = [(each.similarity, each.age_band, each.income_band, each.shared_traits) for each in answer.similar_users]
    return similar, answer.benchmarks, answer.success_patterns, answer.recommendations, answer.explanation


def test_every_awkward_household_is_answered() -> None:
    answers = insights(*NASTY.values())
    assert len(answers) == len(NASTY)
    for answer in answers:
        assert_sane(answer)
        assert all(-1.0 <= each.similarity <= 1.0 for each in answer.similar_users)


@drawn
@given(st.lists(households(), min_size=1, max_size=3))
def test_any_household_gets_a_sane_answer_the_same_alone_as_among_others(batch: list[Any]) -> None:
    together = insights(*batch)
    for answer in together:
        assert_sane(answer)
        for each in answer.benchmarks:
            figures = [figure for figure in (each.p25, each.median, each.p75) if figure is not None]
            assert len(figures) in {0, 3}
            assert figures == sorted(figures)
    assert without_names(together[0]) == without_names(insights(batch[0])[0])
