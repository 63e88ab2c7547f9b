"""Nobody sees or changes what is not theirs, and cannot tell it from what is not there."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine, inspect, text

from schema.viewer import Viewer
from store.ids import uuid7
from store.session import transaction
from tests.schema.changes import ADMINISTRATION, ALL_MUTATIONS, CHANGES, CREATE_USER, PROFILE, Household
from tests.schema.conftest import ADMIN, Answered, Api

USER = "query($id: ID!) { user(id: $id) { id profile { age } } }"


def test_every_mutation_is_tried_here() -> None:
    assert {*CHANGES, *ADMINISTRATION, "createUser"} == ALL_MUTATIONS


def test_a_user_cannot_change_another(api: Api, user: UUID, other: UUID, engine: Engine) -> None:
    household = Household.of(api, user)
    before = dump(engine)
    answers = try_all(api, other, household)
    assert {name: (answered.data, answered.code) for name, answered in answers.items()} == dict.fromkeys(
        CHANGES, (None, "NOT_FOUND")
    )
    assert dump(engine) == before


def test_what_is_not_yours_looks_like_what_is_not_there(api: Api, user: UUID, other: UUID) -> None:
    nowhere = Household(user=uuid7(), account=str(uuid7()), goal=str(uuid7()), recommendation=str(uuid7()))
    refused, missing = try_all(api, other, Household.of(api, user)), try_all(api, other, nowhere)
    assert {name: answered.errors for name, answered in refused.items()} == {
        name: answered.errors for name, answered in missing.items()
    }


def test_a_refusal_is_noted_with_what_was_asked_for(api: Api, user: UUID, other: UUID) -> None:
    household = Household.of(api, user)
    for name, refused in try_all(api, other, household).items():
        subject = str(next(iter(CHANGES[name].variables(household).values())))
        assert [(deed.actor, deed.action, deed.subject, deed.detail) for deed in refused.refusals] == [
            (str(other), "refused", subject, f"{name}: NOT_FOUND")
        ]
        assert refused.deeds == []


@pytest.mark.parametrize("by_administrator", [False, True])
def test_a_user_and_administrators_change_a_household_and_that_is_noted(
    by_administrator: bool, api: Api, user: UUID
) -> None:
    viewer = ADMIN if by_administrator else api.user(user)
    for name, answered in try_all(api, viewer, Household.of(api, user)).items():
        assert (answered.errors, answered.refusals) == ([], [])
        assert [(deed.actor, deed.subject) for deed in answered.deeds] == [(viewer.subject, str(user))]
        assert answered.deeds[0].action.replace("_", "") == name.lower()


def test_nobody_changes_anything_without_a_token(api: Api, user: UUID, engine: Engine) -> None:
    household = Household.of(api, user)
    before = dump(engine)
    answers = [
        *try_all(api, None, household).values(),
        *administer(api, None),
        api.ask(CREATE_USER, None, input=PROFILE),
    ]
    assert [(answered.data, answered.code) for answered in answers] == [(None, "UNAUTHENTICATED")] * len(ALL_MUTATIONS)
    assert dump(engine) == before


def test_nobody_reads_anything_without_a_token(api: Api, user: UUID) -> None:
    for field in ("viewer { id }", "users { totalCount }", "admin { __typename }", f'user(id: "{user}") {{ id }}'):
        answered = api.ask(f"{{ asked: {field} }}", None)
        assert (answered.data, answered.code) == ({"asked": None}, "UNAUTHENTICATED")


def test_another_user_and_no_user_look_the_same(api: Api, user: UUID, other: UUID) -> None:
    refused, missing = api.ask(USER, other, id=str(user)), api.ask(USER, other, id=str(uuid7()))
    assert (refused.data, refused.code) == ({"user": None}, "NOT_FOUND")
    assert (missing.data, missing.errors) == (refused.data, refused.errors)
    assert [deed.subject for deed in refused.refusals] == [str(user)]


def test_a_user_names_itself_alone_even_where_the_database_would_show_another(
    api: Api, user: UUID, other: UUID
) -> None:
    api.wide = True
    assert api.ask(USER, other, id=str(user)).code == "NOT_FOUND"
    change, household = CHANGES["updateProfile"], Household.of(api, user)
    assert api.ask(change.document, other, **change.variables(household)).code == "NOT_FOUND"


def test_a_user_may_name_itself_and_an_administrator_anybody(api: Api, user: UUID, other: UUID) -> None:
    assert api.ask(USER, user, id=str(user)).data["user"]["profile"] == {"age": 35}
    assert api.ask(USER, ADMIN, id=str(other)).data["user"]["id"] == str(other)
    missing = api.ask(USER, ADMIN, id=str(uuid7()))
    assert (missing.data, missing.code) == ({"user": None}, "NOT_FOUND")


def test_administration_is_forbidden_to_users(api: Api, user: UUID, engine: Engine) -> None:
    before = dump(engine)
    asked = [api.ask(f"{{ {name} {{ __typename }} }}", user) for name in ("users", "admin")]
    done = [api.ask(CREATE_USER, user, input=PROFILE), *administer(api, user)]
    assert [(one.data, one.code) for one in asked] == [({"users": None}, "FORBIDDEN"), ({"admin": None}, "FORBIDDEN")]
    assert [(one.data, one.code) for one in done] == [(None, "FORBIDDEN")] * len(done)
    noted = [f"{name}: FORBIDDEN" for name in ("users", "admin", "createUser", *ADMINISTRATION)]
    assert [deed.detail for one in (*asked, *done) for deed in one.refusals] == noted
    assert dump(engine) == before


@pytest.mark.parametrize(("kind", "row"), [("Account", "account"), ("Goal", "goal")])
def test_a_row_is_saved_for_its_own_user_alone(kind: str, row: str, api: Api, user: UUID, other: UUID) -> None:
    theirs = Household.of(api, user)
    document = f"""mutation($user: ID!, $row: ID!, $input: {kind}Input!) {{
        save{kind}(userId: $user, {row}Id: $row, input: $input) {{ id }}
    }}"""
    given = {"row": getattr(theirs, row), "input": CHANGES[f"save{kind}"].variables(theirs)["input"]}
    for viewer in (api.user(other), ADMIN):
        assert api.ask(document, viewer, user=str(other), **given).code == "NOT_FOUND"


def test_a_transaction_cannot_point_to_the_account_of_another(api: Api, user: UUID, other: UUID) -> None:
    theirs = Household.of(api, user)
    variables = CHANGES["addTransactions"].variables(replace(theirs, user=other))
    new = [variables["new"][0] | {"accountId": theirs.account}]
    for viewer in (api.user(other), ADMIN):
        answered = api.ask(CHANGES["addTransactions"].document, viewer, user=str(other), new=new)
        assert (answered.code, answered.field) == ("BAD_USER_INPUT", "transactions[0].accountId")


def try_all(api: Api, viewer: Viewer | UUID | None, household: Household) -> dict[str, Answered]:
    return {name: api.ask(change.document, viewer, **change.variables(household)) for name, change in CHANGES.items()}


def administer(api: Api, viewer: Viewer | UUID | None) -> list[Answered]:
    """Every mutation of administrators; what they name is not there, but that is not what is answered."""
    return [api.ask(document, viewer, id=str(uuid7())) for document in ADMINISTRATION.values()]


def dump(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table."""
    with transaction(engine, everyone=True) as session:
        tables = [table for table in inspect(engine).get_table_names() if table != "alembic_version"]
        rows = {table: session.connection().execute(text(f"SELECT t::text FROM {table} AS t")) for table in tables}
        return {table: sorted(found.scalars()) for table, found in rows.items()}
