"""What life planning shows of each event: what it rests on, and what it would do to the household's own goals."""

from uuid import UUID

from sqlalchemy import Engine, text

from store.session import transaction
from tests.schema.conftest import Api

DOCUMENT = """{ viewer { goals { id } lifePlanning { basis model { version } events {
  event basis ground probabilities { years probability } goalEffects { goal { id name } change sentence }
} } } }"""


def test_each_event_tells_what_it_rests_on_and_which_goals_it_would_set_back(
    api: Api, engine: Engine, user: UUID
) -> None:
    with transaction(engine, users=[user]) as session:
        session.connection().execute(text("UPDATE goals SET target_amount = 140000"))
    answered = api.ask(DOCUMENT, user)
    assert answered.errors == []
    shown = answered.data["viewer"]["lifePlanning"]
    assert (shown["basis"], shown["model"]) == ("BASE_RATE", None)
    assert {event["basis"] for event in shown["events"]} == {"BASE_RATE"}
    assert all(event["ground"].startswith("Base rates") for event in shown["events"])
    effects = {event["event"]: event["goalEffects"] for event in shown["events"]}
    (child,) = effects["CHILD"]
    assert child["goal"]["name"] == "House"
    assert [child["goal"]["id"]] == [goal["id"] for goal in answered.data["viewer"]["goals"]]
    assert -1.0 <= child["change"] < 0.0
    assert "If a child came by" in child["sentence"]
    assert effects["HOME_PURCHASE"] == []
