"""Administrators look after models: put versions in place, compare them, and see what is due."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from engine.catalog import BY_NAME, TRAINERS
from engine.enums import Severity
from store import jobs
from store.ids import uuid7
from store.monitoring.alerts import raise_alert
from store.session import transaction
from store.tables import DriftReport, MlModelPerformance
from tests.schema.conftest import ADMIN, Answered, Api
from tests.schema.registered import CATEGORY, MANIFEST, register, row

MODEL = """{ admin { model(category: RISK_ASSESSMENT) {
    category health champion { version stage proven } versions { version stage } lastTrainedAt nextTrainingAt } } }"""
MOVE = """mutation($version: Int!) {
    %s(category: RISK_ASSESSMENT, version: $version) { champion { version } versions { version stage } }
}"""
DAY = r"\d{4}-\d{2}-\d{2}"
SERVE_RULES = "mutation { serveRules(category: RISK_ASSESSMENT) { champion { version } } }"
PROMOTE, ROLL_BACK = MOVE % "promoteModel", MOVE % "rollbackModel"
SERVED = """query($user: ID!, $at: DateTime) {
    admin { servedVersion(category: RISK_ASSESSMENT, userId: $user, at: $at) { version } }
}"""
START = """mutation($challenger: Int!, $share: Float!) {
    startExperiment(category: RISK_ASSESSMENT, challengerVersion: $challenger, challengerShare: $share) {
        id category champion { version } challenger { version } challengerShare startedAt concludedAt samples } }"""
CONCLUDE = """mutation($id: ID!, $promote: Boolean!) {
    concludeExperiment(id: $id, promote: $promote) { concludedAt challenger { version stage } } }"""
ALERTS = """query($which: Boolean) {
    admin { alerts(acknowledged: $which) { id severity category title description acknowledgedAt } } }"""
ACKNOWLEDGE = "mutation($id: ID!) { acknowledgeAlert(id: $id) { title acknowledgedAt } }"
DASHBOARD = """query($metric: String, $last: Int! = 30) { admin { monitoringDashboard { generatedAt
    models { model { category health champion { version } } drift { score severity features { feature psi } }
             performance(metric: $metric, last: $last) { metric value baseline version }
             retrainingDue retrainingReason }
    alerts { title } queues { queue waiting delayed dead } } } }"""


def shown(answered: Answered) -> Any:
    assert answered.errors == []
    return answered.data["admin"]


def monitored(answered: Answered) -> Any:
    listed = shown(answered)["monitoringDashboard"]["models"]
    return next(one for one in listed if one["model"]["category"] == CATEGORY.upper())


def sentence(api: Api) -> Any:
    return shown(api.ask("{ admin { model(category: RISK_ASSESSMENT) { sentence } } }", ADMIN))["model"]["sentence"]


# --- versions --------------------------------------------------------------------------------------------------------


def test_there_is_a_model_for_each_category_and_without_a_version_rules_answer(api: Api) -> None:
    listed = shown(api.ask("{ admin { models { category health sentence champion { version } } } }", ADMIN))["models"]
    assert [one["category"] for one in listed] == [name.upper() for name in BY_NAME]
    health = {one["category"]: (one["health"], one["champion"]) for one in listed}
    assert health["PORTFOLIO_REBALANCING"] == ("HEALTHY", None)
    assert {health[name.upper()] for name in TRAINERS} == {("UNTRAINED", None)}
    said = {one["category"]: one["sentence"] for one in listed}
    assert said["PORTFOLIO_REBALANCING"] == "It fits the market, not people: there is nothing to train."
    assert "rules" in said["RISK_ASSESSMENT"]


def test_a_model_shows_its_versions_newest_first(api: Api, engine: Engine) -> None:
    register(engine, 3, in_place=2)
    model = shown(api.ask(MODEL, ADMIN))["model"]
    assert (model["category"], model["health"]) == ("RISK_ASSESSMENT", "HEALTHY")
    assert model["champion"] == {"version": 2, "stage": "CHAMPION", "proven": True}
    assert model["versions"] == [
        {"version": 3, "stage": "CHALLENGER"},
        {"version": 2, "stage": "CHAMPION"},
        {"version": 1, "stage": "CHALLENGER"},
    ]
    assert model["lastTrainedAt"] < model["nextTrainingAt"]


def test_a_model_says_which_version_waits_while_rules_answer(api: Api, engine: Engine) -> None:
    register(engine, 2, in_place=None)
    assert sentence(api) == ("No version is in place: rules, solvers and base rates answer. Version 2 waits.")


def test_a_version_is_put_in_place_and_taken_back_with_one_entry_each(api: Api, engine: Engine) -> None:
    register(engine)
    promoted = api.ask(PROMOTE, ADMIN, version=2)
    assert promoted.data["promoteModel"]["champion"] == {"version": 2}
    assert [(deed.action, deed.subject, deed.detail) for deed in promoted.deeds] == [
        ("promote_model", CATEGORY, "version 2")
    ]
    back = api.ask(ROLL_BACK, ADMIN, version=1)
    assert back.data["rollbackModel"]["champion"] == {"version": 1}
    assert back.data["rollbackModel"]["versions"][0] == {"version": 2, "stage": "RETIRED"}
    assert [(deed.action, deed.detail) for deed in back.deeds] == [("rollback_model", "version 1")]


def test_who_goes_back_to_a_version_that_never_answered_is_told(api: Api, engine: Engine) -> None:
    register(engine, 3)
    with transaction(engine, everyone=True) as session:
        session.connection().execute(text("UPDATE model_versions SET proven = version = 1"))
    assert re.fullmatch(rf"Version 1 answers, put in place by test on {DAY}: it has proven its skill .*", sentence(api))
    back = api.ask(ROLL_BACK, ADMIN, version=3)
    assert [deed.detail for deed in back.deeds] == ["version 3, never in place before"]
    assert re.fullmatch(rf"Version 3 .* by ada on {DAY} and never before: it has not proven its skill.", sentence(api))


def test_rules_can_be_put_in_place_and_a_version_after_them(api: Api, engine: Engine) -> None:
    register(engine)
    served = api.ask(SERVE_RULES, ADMIN)
    assert served.data["serveRules"]["champion"] is None
    assert [(deed.action, deed.subject, deed.detail) for deed in served.deeds] == [
        ("rollback_model", CATEGORY, "rules")
    ]
    assert re.match(rf"No version is in place, taken out by ada on {DAY}: rules", sentence(api))
    assert api.ask(SERVE_RULES, ADMIN).code == "CONFLICT"
    assert api.ask(SERVE_RULES.replace("RISK_ASSESSMENT", "PORTFOLIO_REBALANCING"), ADMIN).code == "CONFLICT"
    assert api.ask(PROMOTE, ADMIN, version=1).data["promoteModel"]["champion"] == {"version": 1}


def test_a_version_that_was_taken_out_does_not_wait_to_be_put_in_place(api: Api, engine: Engine) -> None:
    register(engine, 1)
    api.ask(SERVE_RULES, ADMIN)
    assert re.fullmatch(rf"No version is in place, taken out by ada on {DAY}: .* base rates answer\.", sentence(api))


def test_a_version_says_why_it_was_not_put_in_place(api: Api, engine: Engine) -> None:
    why = "Not put in place by the training. It may be chance."
    with transaction(engine, everyone=True) as session:
        session.add(row(1, manifest={**MANIFEST, "verdict": why}))
        session.add(row(2))
    asked = api.ask("{ admin { model(category: RISK_ASSESSMENT) { versions { version verdict } } } }", ADMIN)
    assert shown(asked)["model"]["versions"] == [{"version": 2, "verdict": None}, {"version": 1, "verdict": why}]


@pytest.mark.parametrize("document", [PROMOTE, ROLL_BACK])
@pytest.mark.parametrize(("version", "code"), [(1, "CONFLICT"), (9, "NOT_FOUND")])
def test_a_version_that_cannot_be_put_in_place_changes_nothing(
    document: str, version: int, code: str, api: Api, engine: Engine
) -> None:
    register(engine)
    answered = api.ask(document, ADMIN, version=version)
    assert (answered.data, answered.code) == (None, code)
    assert shown(api.ask(MODEL, ADMIN))["model"]["champion"]["version"] == 1


def test_what_has_no_model_cannot_be_given_one(api: Api) -> None:
    document = PROMOTE.replace("RISK_ASSESSMENT", "PORTFOLIO_REBALANCING")
    assert api.ask(document, ADMIN, version=1).code == "CONFLICT"


def test_which_version_answered_a_user_at_a_time_can_be_asked(api: Api, engine: Engine, user: UUID) -> None:
    register(engine)
    asked = {"user": str(user)}
    assert shown(api.ask(SERVED, ADMIN, **asked, at="2020-01-01T00:00:00+00:00"))["servedVersion"] is None
    assert shown(api.ask(SERVED, ADMIN, **asked, at="2100-01-01T00:00:00"))["servedVersion"] == {"version": 1}
    api.ask(PROMOTE, ADMIN, version=2)
    assert shown(api.ask(SERVED, ADMIN, **asked, at="2100-01-01T00:00:00Z"))["servedVersion"] == {"version": 2}
    assert api.ask(SERVED, ADMIN, user="ann").field == "userId"


# --- experiments -----------------------------------------------------------------------------------------------------


def test_an_experiment_runs_until_it_is_concluded(api: Api, engine: Engine) -> None:
    register(engine)
    started = api.ask(START, ADMIN, challenger=2, share=0.25)
    experiment = started.data["startExperiment"]
    assert (experiment["champion"], experiment["challenger"]) == ({"version": 1}, {"version": 2})
    assert (experiment["challengerShare"], experiment["concludedAt"], experiment["samples"]) == (0.25, None, 0)
    assert [(deed.action, deed.subject) for deed in started.deeds] == [("start_experiment", CATEGORY)]
    listed = "query($of: RecommendationCategory) { admin { experiments(category: $of) { id concludedAt } } }"
    assert shown(api.ask(listed, ADMIN))["experiments"] == [{"id": experiment["id"], "concludedAt": None}]
    assert shown(api.ask(listed, ADMIN, of="LIFE_PLANNING"))["experiments"] == []
    assert api.ask(START, ADMIN, challenger=2, share=0.25).code == "CONFLICT"
    ended = api.ask(CONCLUDE, ADMIN, id=experiment["id"], promote=True)
    assert ended.data["concludeExperiment"]["challenger"] == {"version": 2, "stage": "CHAMPION"}
    assert [(deed.action, deed.subject) for deed in ended.deeds] == [("conclude_experiment", CATEGORY)]
    assert shown(api.ask(listed, ADMIN))["experiments"][0]["concludedAt"]
    assert api.ask(CONCLUDE, ADMIN, id=experiment["id"], promote=False).code == "CONFLICT"


@pytest.mark.parametrize(
    ("challenger", "share", "code"),
    [(1, 0.5, "CONFLICT"), (9, 0.5, "NOT_FOUND"), (2, 0.0, "BAD_USER_INPUT"), (2, 1.5, "BAD_USER_INPUT")],
)
def test_an_experiment_that_compares_nothing_does_not_start(
    challenger: int, share: float, code: str, api: Api, engine: Engine
) -> None:
    register(engine)
    answered = api.ask(START, ADMIN, challenger=challenger, share=share)
    assert (answered.data, answered.code) == (None, code)
    assert answered.field == ("challengerShare" if code == "BAD_USER_INPUT" else None)


# --- alerts ----------------------------------------------------------------------------------------------------------


def test_an_alert_is_acknowledged_once_and_by_one(api: Api, engine: Engine) -> None:
    with transaction(engine) as session:
        for cause in ("a", "b"):
            raise_alert(
                session,
                severity=Severity.CRITICAL,
                category=CATEGORY if cause == "a" else None,
                cause=cause,
                title=cause.upper(),
                description="Something is wrong.",
            )
    newest, oldest = shown(api.ask(ALERTS, ADMIN))["alerts"]
    assert (newest["title"], newest["category"]) == ("B", None)
    assert (oldest["title"], oldest["category"], oldest["severity"]) == ("A", "RISK_ASSESSMENT", "CRITICAL")
    done = api.ask(ACKNOWLEDGE, ADMIN, id=oldest["id"])
    assert [(deed.action, deed.subject) for deed in done.deeds] == [("acknowledge_alert", oldest["id"])]
    assert api.ask(ACKNOWLEDGE, ADMIN, id=oldest["id"]).data == done.data
    assert [one["title"] for one in shown(api.ask(ALERTS, ADMIN, which=False))["alerts"]] == ["B"]
    assert [one["title"] for one in shown(api.ask(ALERTS, ADMIN, which=True))["alerts"]] == ["A"]
    assert api.ask(ACKNOWLEDGE, ADMIN, id=str(uuid7())).code == "NOT_FOUND"


# --- the dashboard ---------------------------------------------------------------------------------------------------


def test_the_dashboard_of_an_empty_server_shows_every_model_and_queue(api: Api) -> None:
    dashboard = shown(api.ask(DASHBOARD, ADMIN))["monitoringDashboard"]
    assert len(dashboard["models"]) == len(BY_NAME)
    assert dashboard["alerts"] == []
    assert {queue["queue"] for queue in dashboard["queues"]} == {"training", "drift", "scoring", "ledger", "retention"}
    assert {(queue["waiting"], queue["delayed"], queue["dead"]) for queue in dashboard["queues"]} == {(0, 0, 0)}


def test_the_dashboard_shows_drift_performance_and_what_is_due(api: Api, engine: Engine) -> None:
    register(engine, 1)
    feature = {"feature": "age", "psi": 0.3, "sure": True, "severity": "CRITICAL"}
    figures = [("brier", "0.20", "0.25"), ("auc", "0.70", None), ("brier", "0.21", "0.25")]
    with transaction(engine, everyone=True) as session:
        session.add(
            DriftReport(
                category=CATEGORY,
                version=1,
                score=0.3,
                severity="CRITICAL",
                features=[feature],
                reference_rows=100,
                current_rows=100,
            )
        )
        for name, value, baseline in figures:
            session.add(
                MlModelPerformance(
                    model_name=f"{CATEGORY}@1",
                    metric_name=name,
                    metric_value=Decimal(value),
                    baseline_value=Decimal(baseline) if baseline else None,
                )
            )
        jobs.request(session, "SCORING", {}, requested_by="test")
    told = monitored(api.ask(DASHBOARD, ADMIN, metric="brier"))
    assert (told["model"]["health"], told["model"]["champion"]) == ("DRIFTING", {"version": 1})
    assert told["drift"] == {"score": 0.3, "severity": "CRITICAL", "features": [{"feature": "age", "psi": 0.3}]}
    assert told["performance"] == [
        {"metric": "brier", "value": value, "baseline": 0.25, "version": 1} for value in (0.2, 0.21)
    ]
    assert told["retrainingDue"] is True
    assert "age" in told["retrainingReason"]
    last = monitored(api.ask(DASHBOARD, ADMIN, last=1))
    assert [point["value"] for point in last["performance"]] == [0.21]
    queues = shown(api.ask(DASHBOARD, ADMIN))["monitoringDashboard"]["queues"]
    assert [queue["waiting"] for queue in queues if queue["queue"] == "scoring"] == [1]
    assert api.ask(DASHBOARD, ADMIN, last=0).field == "last"


def test_many_models_cost_no_more_reads_than_one(api: Api, engine: Engine) -> None:
    register(engine)
    one = api.ask(MODEL, ADMIN)
    all_of_them = api.ask(MODEL.replace("model(category: RISK_ASSESSMENT)", "models"), ADMIN)
    assert len(all_of_them.statements) == len(one.statements)
