"""Peer insights as a client asks for them."""

from uuid import UUID

import pytest

from tests.schema.conftest import Api

DOCUMENT = """
query ($similar: Int! = 10) { viewer { peerInsights(similar: $similar) {
    category basis model { version } cohortSize
    similarUsers { handle similarity ageBand incomeBand sharedTraits }
    benchmarks { metric value p25 median p75 percentile }
    successPatterns { title goalKind prevalenceAmongSuccessful prevalenceAmongOthers lift adopted }
    recommendations { title } explanation { feature value effect sentence }
} } }
"""


def test_peer_insights_are_shown_with_the_survey_standing_in(api: Api, user: UUID) -> None:
    found = api.ask(DOCUMENT, user).data["viewer"]["peerInsights"]
    assert (found["category"], found["basis"], found["model"]) == ("PEER_INSIGHTS", "BASE_RATE", None)
    assert found["cohortSize"] >= 50
    assert (found["similarUsers"], found["successPatterns"]) == ([], [])
    debts = next(each for each in found["benchmarks"] if each["metric"] == "debt_to_income")
    assert debts["p25"] <= debts["median"] <= debts["p75"]
    assert 0.0 <= debts["percentile"] <= 1.0
    assert any("Survey of Consumer Finances" in entry["sentence"] for entry in found["explanation"])


@pytest.mark.parametrize("similar", [0, 51])
def test_a_number_of_similar_people_out_of_bounds_is_refused(api: Api, user: UUID, similar: int) -> None:
    answered = api.ask(DOCUMENT, user, similar=similar)
    assert (answered.code, answered.field) == ("BAD_USER_INPUT", "similar")
