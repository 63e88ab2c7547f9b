"""Goals with their what-ifs, a summary, and what to do next, as a client asks for them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from tests.schema.conftest import Api

GOALS = """
query($scenario: GoalScenario) {
  viewer {
    goalOptimization(scenario: $scenario) {
      __typename category basis model { version } confidence
      recommendations { id title }
      explanation { feature value effect sentence }
      monthlyBudget totalOptimalContribution
      goals {
        goal { id name } priorityRank optimalMonthlyContribution successProbability successProbabilityIfFollowed
        timelineAdjustment { recommendedDate monthsLater reason }
        projection { date p10 p50 p90 }
      }
    }
  }
}
"""
OVERVIEW = """
query($categories: [RecommendationCategory!], $first: Int! = 5) {
  viewer {
    executiveSummary(categories: $categories) { headline strengths concerns nextSteps }
    prioritizedActions(categories: $categories, first: $first) {
      rank title category priority annualImpact recommendation { id status title }
    }
  }
}
"""


def goals(api: Api, user: UUID, scenario: object = None) -> Any:
    answered = api.ask(GOALS, user, scenario=scenario)
    assert answered.errors == []
    return answered.data["viewer"]["goalOptimization"]


def overview(api: Api, user: UUID, **variables: object) -> Any:
    answered = api.ask(OVERVIEW, user, **variables)
    assert answered.errors == []
    return answered.data["viewer"]


def test_goals_are_planned_by_a_solver_from_the_household_s_own_plan(api: Api, user: UUID) -> None:
    shown = goals(api, user)
    assert shown["__typename"] == "GoalOptimization"
    assert (shown["category"], shown["basis"], shown["model"], shown["confidence"]) == (
        "GOAL_OPTIMIZATION",
        "SOLVER",
        None,
        None,
    )
    (plan,) = shown["goals"]
    assert (plan["goal"]["name"], plan["priorityRank"]) == ("House", 1)
    assert 0 < plan["successProbabilityIfFollowed"] <= 1
    savings = api.ask("{ viewer { savingsStrategy { allocation { goal { id } monthlyAmount } } } }", user)
    parts = savings.data["viewer"]["savingsStrategy"]["allocation"]
    allocated = sum(Decimal(part["monthlyAmount"]) for part in parts if part["goal"] == {"id": plan["goal"]["id"]})
    assert Decimal(plan["optimalMonthlyContribution"]) == allocated == Decimal(shown["totalOptimalContribution"])


def test_a_scenario_reaches_the_answer_and_is_not_kept(api: Api, user: UUID) -> None:
    usual = goals(api, user)
    rich = goals(api, user, {"monthlyBudget": "5000", "returnShift": 0.01, "delayMonths": 12})
    assert rich["monthlyBudget"] == "5000.00"
    assert rich["goals"][0]["successProbabilityIfFollowed"] == pytest.approx(0.80, abs=0.005)
    assert rich["goals"][0]["timelineAdjustment"] is None
    assert rich["goals"][0]["projection"][-1]["date"] == "2032-06-01"
    assert goals(api, user) == usual != rich
    assert goals(api, user, {})["goals"] == usual["goals"]


@pytest.mark.parametrize(
    ("scenario", "field"),
    [
        ({"monthlyBudget": "-1"}, "scenario.monthlyBudget"),
        ({"monthlyBudget": "0.001"}, "scenario.monthlyBudget"),
        ({"returnShift": 0.5}, "scenario"),
        ({"delayMonths": -1}, "scenario"),
    ],
)
def test_a_scenario_beyond_reason_is_bad_input(scenario: dict[str, object], field: str, api: Api, user: UUID) -> None:
    answered = api.ask(GOALS, user, scenario=scenario)
    assert (answered.code, answered.field) == ("BAD_USER_INPUT", field)


def test_actions_of_all_categories_are_one_ranking_of_their_recommendations(api: Api, user: UUID) -> None:
    shown = overview(api, user, first=100)
    actions = shown["prioritizedActions"]
    assert [action["rank"] for action in actions] == list(range(1, len(actions) + 1))
    assert all(action["title"] == action["recommendation"]["title"] for action in actions)
    told = [Decimal(action["annualImpact"]) for action in actions if action["annualImpact"] is not None]
    assert told[0] == max(told)
    listed = api.ask("{ viewer { recommendations(first: 100) { edges { node { id } } } } }", user)
    ids = {edge["node"]["id"] for edge in listed.data["viewer"]["recommendations"]["edges"]}
    assert {action["recommendation"]["id"] for action in actions} <= ids
    assert shown["executiveSummary"]["nextSteps"] == [action["title"] for action in actions[:3]]


def test_only_the_chosen_categories_are_told(api: Api, user: UUID) -> None:
    shown = overview(api, user, categories=["SAVINGS_STRATEGY"], first=2)
    assert len(shown["prioritizedActions"]) == 2
    assert {action["category"] for action in shown["prioritizedActions"]} == {"SAVINGS_STRATEGY"}
    none = overview(api, user, categories=[])
    assert none["prioritizedActions"] == none["executiveSummary"]["nextSteps"] == []


def test_what_was_dismissed_is_no_action(api: Api, user: UUID) -> None:
    first = overview(api, user)["prioritizedActions"][0]["recommendation"]["id"]
    change = "mutation($id: ID!) { recordInteraction(recommendationId: $id, interaction: DISMISSED) { status } }"
    assert api.ask(change, user, id=first).errors == []
    left = overview(api, user, first=100)["prioritizedActions"]
    assert first not in {action["recommendation"]["id"] for action in left}
    assert left[0]["rank"] == 1


@pytest.mark.parametrize("first", [0, 101])
def test_as_many_actions_as_a_page_may_have(first: int, api: Api, user: UUID) -> None:
    answered = api.ask("query($n: Int!) { viewer { prioritizedActions(first: $n) { rank } } }", user, n=first)
    assert (answered.code, answered.field) == ("BAD_USER_INPUT", "first")
    assert answered.data["viewer"]["prioritizedActions"] is None


def test_both_are_views_in_the_audit_log(api: Api, user: UUID) -> None:
    (deed,) = api.ask(OVERVIEW, user).deeds
    assert (deed.action, deed.subject, deed.detail) == ("view", str(user), "executive_summary,prioritized_actions")


LISTED = """
query($categories: [RecommendationCategory!], $statuses: [RecommendationStatus!]) {
  viewer {
    recommendations(categories: $categories, statuses: $statuses, first: 100) {
      totalCount edges { node { id category title priority status createdAt } }
    }
  }
}
"""
DISMISS = "mutation($id: ID!) { recordInteraction(recommendationId: $id, interaction: DISMISSED) { status } }"
URGENCY = ("CRITICAL", "HIGH", "MEDIUM", "LOW")


def listed(api: Api, user: UUID, **variables: object) -> list[Any]:
    answered = api.ask(LISTED, user, **variables)
    assert answered.errors == []
    page = answered.data["viewer"]["recommendations"]
    assert page["totalCount"] == len(page["edges"])
    return [edge["node"] for edge in page["edges"]]


@pytest.fixture
def saver(engine: Engine, user: UUID) -> UUID:
    """Without a debt, and with a reserve: money goes to the goal."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET balance = 0 WHERE kind = 'CREDIT_CARD'"))
        connection.execute(text("UPDATE accounts SET balance = 9000 WHERE kind = 'SAVINGS'"))
    return user


def transfers(given: list[Any]) -> list[Any]:
    return [one for one in given if one["title"].endswith("aside for your goal House")]


def test_the_list_tells_what_the_actions_tell_the_most_urgent_first(api: Api, user: UUID) -> None:
    whole = listed(api, user)
    actions = overview(api, user, first=100)["prioritizedActions"]
    assert {one["id"] for one in whole} == {action["recommendation"]["id"] for action in actions}
    assert len({one["createdAt"] for one in whole}) == 1
    urgency = [URGENCY.index(one["priority"]) for one in whole]
    assert urgency == sorted(urgency)


def test_a_transfer_that_two_categories_tell_is_listed_once(api: Api, saver: UUID) -> None:
    assert [one["category"] for one in transfers(listed(api, saver))] == ["SAVINGS_STRATEGY"]
    assert len(transfers(listed(api, saver, categories=["GOAL_OPTIMIZATION"]))) == 1


@pytest.mark.parametrize("where", ["GOAL_OPTIMIZATION", "SAVINGS_STRATEGY"])
def test_what_was_dismissed_in_one_category_is_not_told_by_the_other(where: str, api: Api, saver: UUID) -> None:
    overview(api, saver)
    (gone,) = transfers(listed(api, saver, categories=[where]))
    assert api.ask(DISMISS, saver, id=gone["id"]).errors == []
    titles = [action["title"] for action in overview(api, saver, first=100)["prioritizedActions"]]
    assert gone["title"] not in titles
    assert [one["status"] for one in transfers(listed(api, saver))] == ["DISMISSED"]
    assert transfers(listed(api, saver, statuses=["ACTIVE"])) == []


def test_advice_that_has_expired_hides_nothing_that_still_holds(api: Api, engine: Engine, saver: UUID) -> None:
    (told,) = transfers(listed(api, saver))
    assert told["category"] == "SAVINGS_STRATEGY"
    with engine.begin() as connection:
        statement = "UPDATE ml_recommendations SET status = 'EXPIRED' WHERE recommendation_type = 'savings_strategy'"
        connection.execute(text(statement))
    still = transfers(
        listed(api, saver, categories=[told["category"], "GOAL_OPTIMIZATION"], statuses=["ACTIVE", "EXPIRED"])
    )
    assert {(one["category"], one["status"]) for one in still} == {
        ("GOAL_OPTIMIZATION", "ACTIVE"),
        ("SAVINGS_STRATEGY", "EXPIRED"),
    }
