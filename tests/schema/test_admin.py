"""Administrators ask for jobs, follow them, and read what was written down."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from engine.catalog import TRAINERS
from engine.enums import TrainingEnding
from store import jobs
from store.ids import uuid7
from store.jobs import claims
from store.models.endings import CategoryEnding, as_result
from store.session import transaction
from store.tables import DriftReport, MlModelPerformance
from tests.schema.conftest import ADMIN, Api
from tests.schema.registered import row

RUN = "id kind status attempts categories progress stage requestedBy requestedAt startedAt finishedAt errorCode"
TRAIN = f"mutation($names: [RecommendationCategory!]) {{ trainModels(categories: $names) {{ {RUN} }} }}"
FIND = f"query($id: ID!) {{ admin {{ trainingRun(id: $id) {{ {RUN} errorMessage }} }} }}"
CANCEL = "mutation($id: ID!) { cancelRun(id: $id) { status finishedAt } }"
LIST = """query($first: Int! = 2, $after: String) { admin { trainingRuns(first: $first, after: $after) {
    totalCount edges { node { id kind } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
LOG = """query($user: ID, $subject: ID, $actor: String, $action: String, $first: Int! = 50, $after: String) {
    admin { auditLog(userId: $user, subject: $subject, actor: $actor, action: $action, first: $first, after: $after) {
        edges { node { id at actor action subject detail hash } }
        pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""


def request(engine: Engine, kind: str = "SCORING", **arguments: Any) -> UUID:
    with transaction(engine) as session:
        return jobs.request(session, kind, arguments, requested_by="test").id


# --- jobs ------------------------------------------------------------------------------------------------------------


def test_a_training_is_queued_with_one_entry_in_the_audit_log(api: Api, engine: Engine) -> None:
    answered = api.ask(TRAIN, ADMIN)
    run = answered.data["trainModels"]
    assert (run["kind"], run["status"], run["requestedBy"]) == ("TRAINING", "QUEUED", "ada")
    assert run["categories"] == [name.upper() for name in TRAINERS]
    assert [(deed.actor, deed.action, deed.subject) for deed in answered.deeds] == [("ada", "train_models", run["id"])]
    with transaction(engine) as session:
        job = jobs.find(session, UUID(run["id"]))
    assert job.arguments == {"categories": list(TRAINERS), "retrain": False}


def test_a_drift_check_is_queued(api: Api, engine: Engine) -> None:
    answered = api.ask("mutation { detectDrift { id kind } }", ADMIN)
    with transaction(engine) as session:
        job = jobs.find(session, UUID(answered.data["detectDrift"]["id"]))
    assert (job.kind, job.arguments) == ("DRIFT", {"categories": list(TRAINERS)})
    assert [deed.action for deed in answered.deeds] == ["detect_drift"]


@pytest.mark.parametrize(
    ("names", "field", "told"),
    [
        (["PORTFOLIO_REBALANCING"], "categories[0]", "it fits the market, not people"),
        ([], "categories", "must name at least one"),
    ],
)
def test_what_does_not_train_is_named_with_the_reason(
    names: list[str], field: str, told: str, api: Api, engine: Engine
) -> None:
    answered = api.ask(TRAIN, ADMIN, names=names)
    assert (answered.data, answered.code, answered.field) == (None, "BAD_USER_INPUT", field)
    assert told in answered.errors[0]["message"]
    assert api.ask(LIST, ADMIN).data["admin"]["trainingRuns"]["totalCount"] == 0


def test_a_run_shows_how_far_it_has_come(api: Api, engine: Engine) -> None:
    run = request(engine, "TRAINING", categories=["risk_assessment", "forgotten"])
    with transaction(engine) as session:
        claim = claims.claim(session, run, lease_seconds=10)
        assert claim
        claims.advance(session, claim, progress=0.25, stage="fitting")
    shown = api.ask(FIND, ADMIN, id=str(run)).data["admin"]["trainingRun"]
    assert (shown["status"], shown["attempts"], shown["progress"], shown["stage"]) == ("RUNNING", 1, 0.25, "fitting")
    assert shown["categories"] == ["RISK_ASSESSMENT"]
    with transaction(engine) as session:
        claims.fail(session, claim, code="INSUFFICIENT_DATA", message="Too few.")
    shown = api.ask(FIND, ADMIN, id=str(run)).data["admin"]["trainingRun"]
    assert (shown["status"], shown["errorCode"], shown["errorMessage"]) == ("FAILED", "INSUFFICIENT_DATA", "Too few.")
    assert shown["finishedAt"]


def test_a_run_that_is_not_there_is_null(api: Api) -> None:
    assert api.ask(FIND, ADMIN, id=str(uuid7())).data == {"admin": {"trainingRun": None}}
    assert api.ask(FIND, ADMIN, id="7").field == "id"


def test_runs_are_walked_newest_first(api: Api, engine: Engine) -> None:
    made = [str(request(engine)) for _ in range(5)]
    seen: list[str] = []
    after = None
    for has_next in (True, True, False):
        page = api.ask(LIST, ADMIN, after=after).data["admin"]["trainingRuns"]
        assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (has_next, bool(seen))
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        assert page["totalCount"] == 5
    assert seen == made[::-1]
    for wrong in (0, 101):
        assert api.ask(LIST, ADMIN, first=wrong).field == "first"
    assert api.ask(LIST, ADMIN, after="x").field == "after"


def test_a_run_is_cancelled_once_and_not_after_its_end(api: Api, engine: Engine) -> None:
    run = request(engine)
    answered = api.ask(CANCEL, ADMIN, id=str(run))
    assert answered.data["cancelRun"]["status"] == "CANCELLED"
    assert [(deed.action, deed.subject) for deed in answered.deeds] == [("cancel_run", str(run))]
    assert api.ask(CANCEL, ADMIN, id=str(run)).data["cancelRun"] == answered.data["cancelRun"]
    done = request(engine)
    with transaction(engine) as session:
        claim = claims.claim(session, done, lease_seconds=10)
        assert claim
        claims.finish(session, claim)
    ended = api.ask(CANCEL, ADMIN, id=str(done))
    assert (ended.data, ended.code) == (None, "CONFLICT")
    missing = api.ask(CANCEL, ADMIN, id=str(uuid7()))
    assert (missing.data, missing.code) == (None, "NOT_FOUND")


def test_a_run_shows_the_versions_and_reports_that_it_made(api: Api, engine: Engine) -> None:
    run, other = request(engine, "TRAINING"), request(engine, "DRIFT")
    with transaction(engine, everyone=True) as session:
        session.add_all([row(1, job_id=run), row(2, job_id=other)])
        session.add(MlModelPerformance(model_name="risk_assessment@1", metric_name="auc", metric_value=Decimal("0.7")))
        session.add(
            DriftReport(
                job_id=other,
                category="risk_assessment",
                version=1,
                score=0.3,
                severity="CRITICAL",
                features=[{"feature": "age", "psi": 0.3, "sure": True, "severity": "CRITICAL"}],
                reference_rows=100,
                current_rows=200,
            )
        )
    document = """query($id: ID!) { admin { trainingRun(id: $id) {
        results { version stage proven checksum trainingUsers metrics { name value baseline bar meetsBar }
                  featureImportance { feature importance } }
        driftReports { category version score severity features { feature psi sure severity }
                       referenceRows currentRows } } } }"""
    shown = api.ask(document, ADMIN, id=str(run)).data["admin"]["trainingRun"]
    (made,) = shown["results"]
    assert (made["version"], made["stage"], made["proven"], made["trainingUsers"]) == (1, "CHALLENGER", True, 120)
    assert made["metrics"] == [
        {"name": "brier", "value": 0.2, "baseline": 0.25, "bar": 0.22, "meetsBar": True},
        {"name": "auc", "value": 0.7, "baseline": None, "bar": None, "meetsBar": None},
    ]
    assert [share["feature"] for share in made["featureImportance"]] == ["age", "income"]
    assert shown["driftReports"] == []
    (report,) = api.ask(document, ADMIN, id=str(other)).data["admin"]["trainingRun"]["driftReports"]
    assert report["features"] == [{"feature": "age", "psi": 0.3, "sure": True, "severity": "CRITICAL"}]
    assert report["version"] == 1


def test_a_run_says_what_it_came_to_in_each_category(api: Api, engine: Engine) -> None:
    run, other = request(engine, "TRAINING"), request(engine, "DRIFT")
    refused = CategoryEnding(
        category="life_planning",
        ending=TrainingEnding.INSUFFICIENT_DATA,
        reason="Training needs 100 people.",
        required=100,
        available=60,
    )
    made = CategoryEnding(
        category="risk_assessment", ending=TrainingEnding.NOT_PROMOTED, reason="It errs more.", version=2
    )
    gone = CategoryEnding(category="forgotten", ending=TrainingEnding.FRESH, reason="It is fresh.")
    with transaction(engine) as session:
        claim = claims.claim(session, run, lease_seconds=10)
        assert claim
        claims.advance(session, claim, progress=0.5, stage="", result=as_result(refused, gone))
        claims.advance(session, claim, progress=1, stage="", result=as_result(made))
    document = """query($id: ID!) { admin { trainingRun(id: $id) {
        endings { category ending reason version required available } } } }"""
    shown = api.ask(document, ADMIN, id=str(run)).data["admin"]["trainingRun"]["endings"]
    told = {each.pop("category"): tuple(each.values()) for each in shown}
    assert told == {
        "LIFE_PLANNING": ("INSUFFICIENT_DATA", "Training needs 100 people.", None, 100, 60),
        "RISK_ASSESSMENT": ("NOT_PROMOTED", "It errs more.", 2, None, None),
    }
    assert api.ask(document, ADMIN, id=str(other)).data["admin"]["trainingRun"]["endings"] == []


# --- the audit log ---------------------------------------------------------------------------------------------------


def test_the_audit_log_is_walked_newest_first_and_the_look_is_noted(api: Api, user: UUID, other: UUID) -> None:
    for viewer in (user, other, user):
        api.ask("{ viewer { id profile { age } } }", viewer)
    entries = api.ask(LOG, ADMIN).data["admin"]["auditLog"]["edges"]
    assert [edge["node"]["subject"] for edge in entries] == [str(user), str(other), str(user)]
    assert all(len(bytes.fromhex(edge["node"]["hash"])) == 32 for edge in entries)
    page = api.ask(LOG, ADMIN, first=1).data["admin"]["auditLog"]
    assert (page["edges"][0]["node"]["action"], page["edges"][0]["node"]["subject"]) == ("view", "audit_log")
    assert page["pageInfo"] == page["pageInfo"] | {"hasNextPage": True, "hasPreviousPage": False}
    rest = api.ask(LOG, ADMIN, after=page["pageInfo"]["endCursor"]).data["admin"]["auditLog"]
    assert [edge["node"]["id"] for edge in rest["edges"]] == [edge["node"]["id"] for edge in entries]
    assert rest["pageInfo"] == rest["pageInfo"] | {"hasNextPage": False, "hasPreviousPage": True}


def test_the_audit_log_of_one_user_holds_nobody_else(api: Api, user: UUID, other: UUID) -> None:
    for viewer in (user, other, user):
        api.ask("{ viewer { id profile { age } } }", viewer)
    answered = api.ask(LOG, ADMIN, user=str(user))
    assert [edge["node"]["subject"] for edge in answered.data["admin"]["auditLog"]["edges"]] == [str(user)] * 2
    assert [(deed.action, deed.subject, deed.detail) for deed in answered.deeds] == [("view", str(user), "audit_log")]
    assert api.ask(LOG, ADMIN, user="ann").field == "userId"


def test_the_audit_log_is_searched_by_who_did_what_to_what(api: Api, engine: Engine, user: UUID) -> None:
    runs = [str(request(engine)) for _ in range(2)]
    for run in runs:
        api.ask(CANCEL, ADMIN, id=run)
    api.ask("{ viewer { id profile { age } } }", user)

    def found(**sought: Any) -> list[tuple[str, str]]:
        edges = api.ask(LOG, ADMIN, **sought).data["admin"]["auditLog"]["edges"]
        return [(edge["node"]["action"], edge["node"]["subject"]) for edge in edges]

    assert found(action="cancel_run") == [("cancel_run", run) for run in runs[::-1]]
    assert found(subject=runs[0]) == [("cancel_run", runs[0])]
    assert found(actor=str(user)) == [("view", str(user))]
    assert found(actor=str(user), action="cancel_run") == []
    page = api.ask(LOG, ADMIN, action="cancel_run", first=1).data["admin"]["auditLog"]
    after = page["pageInfo"]["endCursor"]
    assert found(action="cancel_run", after=after) == [("cancel_run", runs[0])]
    assert api.ask(LOG, ADMIN, user=str(user), subject=runs[0]).field == "subject"


@pytest.mark.parametrize("place", ["subject", "actor", "action"])
@pytest.mark.parametrize("wrong", ["", "\0", "x" * 201])
def test_a_search_for_what_no_entry_can_hold_is_refused(place: str, wrong: str, api: Api) -> None:
    answered = api.ask(LOG, ADMIN, **{place: wrong})
    assert (answered.code, answered.field) == ("BAD_USER_INPUT", place)
