"""Peer insights as a client asks for them."""

from uuid import UUID

import pytest
from sqlalchemy import Engine

from engine.enums import GoalKind
from engine.peers.bands import currency_number
from engine.peers.habits import Habit
from engine.peers.patterns import Pattern
from engine.recommenders.peer_insights.model import PeerModel
from engine.recommenders.peer_insights.trainer import PeerTrainer
from store.artifacts import Archive
from store.models import registry
from store.session import transaction
from tests.engine.peers.drawn import model
from tests.schema.conftest import Api
from tests.store.learned import registered

DOCUMENT = """
query ($similar: Int! = 10) { viewer { peerInsights(similar: $similar) {
    category basis model { version } cohortSize
    similarUsers { handle similarity ageBand incomeBand sharedTraits }
    benchmarks { metric value p25 median p75 percentile source }
    successPatterns { title goalKind prevalenceAmongSuccessful prevalenceAmongOthers lift adopted }
    recommendations { title } explanation { feature value effect sentence }
} } }
"""
ACTIONS = """
query ($categories: [RecommendationCategory!]) { viewer {
    prioritizedActions(categories: $categories, first: 20) { title category }
} }
"""
PEERS = "peer_insights"
MANIFEST = {"category": PEERS, "features": list(PeerTrainer.features), "metrics": [], "importance": {}}
PATTERN = Pattern(
    currency=currency_number("USD"),
    kind=GoalKind.HOME_PURCHASE,
    habit=Habit.EXTRA_ON_DEBT,
    successful=0.6,
    others=0.4,
    lift=1.5,
    low=1.2,
)


@pytest.fixture
def in_place(engine: Engine, archive: Archive) -> None:
    """The model of the demo population, as if it had found one pattern."""
    made = PeerModel.from_files(model().files())
    made.patterns = (PATTERN,)
    checksum = archive.write(f"{PEERS}/one", made.files(), MANIFEST)
    with transaction(engine) as session:
        version = registered(session, PEERS, path=f"{PEERS}/one", checksum=checksum).version
        registry.promote(session, PEERS, version, actor="ann", reason="by hand")


def test_peer_insights_are_shown_with_the_survey_standing_in(api: Api, user: UUID) -> None:
    found = api.ask(DOCUMENT, user).data["viewer"]["peerInsights"]
    assert (found["category"], found["basis"], found["model"]) == ("PEER_INSIGHTS", "BASE_RATE", None)
    assert found["cohortSize"] >= 50
    assert (found["similarUsers"], found["successPatterns"]) == ([], [])
    debts = next(each for each in found["benchmarks"] if each["metric"] == "debt_to_income")
    assert debts["p25"] <= debts["median"] <= debts["p75"]
    assert 0.0 <= debts["percentile"] <= 1.0
    assert "families of the Survey of Consumer Finances 2019" in debts["source"]
    assert any("Survey of Consumer Finances" in entry["sentence"] for entry in found["explanation"])


@pytest.mark.parametrize("similar", [0, 51])
def test_a_number_of_similar_people_out_of_bounds_is_refused(api: Api, user: UUID, similar: int) -> None:
    answered = api.ask(DOCUMENT, user, similar=similar)
    assert (answered.code, answered.field) == ("BAD_USER_INPUT", "similar")


@pytest.mark.usefixtures("in_place")
def test_a_pattern_becomes_an_action_once_through_the_plan(api: Api, user: UUID) -> None:
    found = api.ask(DOCUMENT, user).data["viewer"]["peerInsights"]
    assert [(each["goalKind"], each["adopted"]) for each in found["successPatterns"]] == [("HOME_PURCHASE", False)]
    every, peers = (
        api.ask(ACTIONS, user, categories=chosen).data["viewer"]["prioritizedActions"]
        for chosen in (None, ["PEER_INSIGHTS"])
    )
    (alone,) = [each["title"] for each in peers if each["title"].endswith("a month more on your debts")]
    transfer = alone.removesuffix("on your debts")
    told = [each for each in every if each["title"].startswith(transfer)]
    assert [each["category"] for each in told] == ["SAVINGS_STRATEGY"]
    assert alone in [each["title"] for each in found["recommendations"]]
