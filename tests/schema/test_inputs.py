"""Wrong input is refused with its place and the fix; right input comes out as it went in."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.transactions import CATEGORY_NAMES
from schema.checks import check, check_id
from schema.scalars import SCALARS
from store.errors import BadInput
from tests.households import TODAY
from tests.schema.changes import ACCOUNT, CHANGES, CREATE_USER, GOAL, LOT, PROFILE, SALE, TRANSACTION
from tests.schema.conftest import ADMIN, Api
from tests.schema.test_mutations import HOLD, SAVE_ACCOUNT, SAVE_GOAL

MONEY = ("NaN", "Infinity", "-Infinity", "1e16", "10000000000000000", "0.001", "1E+30", "1E-5")
TEXT = ("", "  ", "x" * 201, "a\x00b", "a\nb", "\ud800")

WRONG: list[tuple[str, dict[str, Any], str, tuple[Any, ...]]] = [
    (CREATE_USER, PROFILE, "annualIncome", MONEY),
    (CREATE_USER, PROFILE, "annualIncome", ("-0.01",)),
    (CREATE_USER, PROFILE, "totalDebt", ("-0.01",)),
    (CREATE_USER, PROFILE, "monthlyExpenses", ("-1",)),
    (CREATE_USER, PROFILE, "dependents", (-1, 31)),
    (CREATE_USER, PROFILE, "birthDate", ("2026-06-15", "2030-01-01", "1906-06-01", "0001-01-01", "9999-12-31")),
    (CREATE_USER, PROFILE, "currency", ("usd", "US", "DOLLAR", "U$D", "")),
    (CREATE_USER, PROFILE, "region", ("California", "US_CA", "us-ca", "")),
    (SAVE_ACCOUNT, ACCOUNT, "name", TEXT),
    (SAVE_ACCOUNT, ACCOUNT, "balance", MONEY),
    (SAVE_ACCOUNT, ACCOUNT, "interestRate", (-1.01, 10.01, 1e300)),
    (SAVE_ACCOUNT, ACCOUNT, "minimumPayment", ("-5",)),
    (SAVE_ACCOUNT, ACCOUNT, "employerMatchRate", (-0.1, 11)),
    (SAVE_ACCOUNT, ACCOUNT, "employerMatchLimit", (-0.1, 1.1)),
    (SAVE_ACCOUNT, ACCOUNT, "externalId", TEXT),
    (SAVE_GOAL, GOAL, "name", TEXT),
    (SAVE_GOAL, GOAL, "targetAmount", ("0", "-1", "0.004")),
    (SAVE_GOAL, GOAL, "targetDate", ("2026-06-15", "1999-01-01", "2200-01-01")),
    (SAVE_GOAL, GOAL, "savedAmount", ("-0.01",)),
    (SAVE_GOAL, GOAL, "monthlyContribution", ("-0.01",)),
]
WRONG_ROWS: list[tuple[str, str, dict[str, Any], str, tuple[Any, ...]]] = [
    (HOLD, "lots", LOT, "symbol", TEXT),
    (HOLD, "lots", LOT, "quantity", (0, -1, 1e-9, 1e16)),
    (HOLD, "lots", LOT, "costBasis", ("-1", "NaN")),
    (HOLD, "lots", LOT, "acquired", ("2026-06-17", "1800-01-01")),
    (CHANGES["addSales"].document, "sales", SALE, "externalId", TEXT),
    (CHANGES["addSales"].document, "sales", SALE, "symbol", TEXT),
    (CHANGES["addSales"].document, "sales", SALE, "quantity", (0, -1, 1e-9, 1e16)),
    (CHANGES["addSales"].document, "sales", SALE, "costBasis", ("-1", "NaN")),
    (CHANGES["addSales"].document, "sales", SALE, "proceeds", ("-0.01", "0.001")),
    (CHANGES["addSales"].document, "sales", SALE, "acquired", ("2026-06-17", "1800-01-01")),
    (CHANGES["addSales"].document, "sales", SALE, "sold", ("2026-06-17", "1800-01-01", "2024-02-28")),
    (CHANGES["addTransactions"].document, "new", TRANSACTION, "amount", MONEY),
    (CHANGES["addTransactions"].document, "new", TRANSACTION, "date", ("2026-06-17", "1800-01-01")),
    (CHANGES["addTransactions"].document, "new", TRANSACTION, "category", ("", "Dining", "food", "dining|rent")),
    (CHANGES["addTransactions"].document, "new", TRANSACTION, "merchant", TEXT),
    (CHANGES["addTransactions"].document, "new", TRANSACTION, "hour", (-1, 24)),
    (CHANGES["addTransactions"].document, "new", TRANSACTION, "externalId", TEXT),
    (CHANGES["addTransactions"].document, "new", TRANSACTION, "accountId", ("", "7", "not a uuid")),
]


def test_wrong_fields_are_named(api: Api, user: UUID) -> None:
    for document, good, name, values in WRONG:
        for value in values:
            answered = api.ask(document, ADMIN, user=str(user), input=good | {name: value})
            assert (answered.data, answered.code, answered.field) == (None, "BAD_USER_INPUT", f"input.{name}"), value
            said = answered.errors[0]["message"]
            assert said.startswith(f"input.{name} must ")
            assert said.endswith(".")


@pytest.mark.parametrize("kind", ["CREDIT_CARD", "STUDENT_LOAN", "LOAN", "MORTGAGE"])
def test_what_is_owed_is_negative(kind: str, api: Api, user: UUID) -> None:
    answered = api.ask(SAVE_ACCOUNT, user, user=str(user), input=ACCOUNT | {"kind": kind, "balance": "0.01"})
    assert (answered.data, answered.code, answered.field) == (None, "BAD_USER_INPUT", "input.balance")
    assert "as a negative amount" in answered.errors[0]["message"]
    for balance in ("0", "-5"):
        assert api.ask(SAVE_ACCOUNT, user, user=str(user), input=ACCOUNT | {"kind": kind, "balance": balance}).data


def test_an_income_is_not_negative(api: Api, user: UUID) -> None:
    patch = 'mutation($user: ID!) { updateProfile(userId: $user, input: { annualIncome: "-1" }) { id } }'
    assert api.ask(patch, user, user=str(user)).field == "input.annualIncome"


def test_wrong_fields_of_rows_are_named_with_their_row(api: Api, user: UUID) -> None:
    account = api.ask("{ viewer { accounts { id } } }", user).data["viewer"]["accounts"][0]["id"]
    for document, variable, good, name, values in WRONG_ROWS:
        place = f"{'transactions' if variable == 'new' else variable}[1].{name}"
        for value in values:
            rows = [good, good | {name: value}]
            answered = api.ask(document, user, user=str(user), account=account, **{variable: rows})
            assert (answered.data, answered.code, answered.field) == (None, "BAD_USER_INPUT", place), value


def test_a_wrong_category_is_answered_with_the_right_ones(api: Api, user: UUID) -> None:
    new = [TRANSACTION | {"category": "food"}]
    answered = api.ask(CHANGES["addTransactions"].document, user, user=str(user), new=new)
    assert all(name in answered.errors[0]["message"] for name in CATEGORY_NAMES)
    budget = (
        'mutation($user: ID!, $limit: Decimal!) { saveBudget(userId: $user, category: "salary", monthlyLimit: $limit) }'
    )
    assert api.ask(budget, user, user=str(user), limit="1").field == "category"
    limit = budget.replace("salary", "dining")
    assert api.ask(limit, user, user=str(user), limit="-1").field == "monthlyLimit"


def test_ids_that_are_none_are_named(api: Api, user: UUID) -> None:
    asked: dict[str, tuple[str, dict[str, Any]]] = {
        "id": ("query($bad: ID!) { user(id: $bad) { id } }", {}),
        "userId": ("mutation($bad: ID!) { updateProfile(userId: $bad, input: {}) { id } }", {}),
        "accountId": ("mutation($bad: ID!) { deleteAccount(accountId: $bad) }", {}),
        "goalId": ("mutation($bad: ID!) { deleteGoal(goalId: $bad) }", {}),
        "recommendationId": (
            "mutation($bad: ID!) { recordInteraction(recommendationId: $bad, interaction: VIEWED) { id } }",
            {},
        ),
    }
    for field, (document, _) in asked.items():
        for bad in ("", "1", "not a uuid", f"{{{user}}}", str(user).replace("-", ""), "1" * 5000):
            answered = api.ask(document, user, bad=bad)
            assert (answered.code, answered.field) == ("BAD_USER_INPUT", field)


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("interestRate", 19.9, "it is a share, so write 5 % as 0.05."),
        ("employerMatchLimit", 6, "it is a share, so write 5 % as 0.05."),
        ("balance", "1,000", 'Expected a decimal number such as "1250.00".'),
    ],
)
def test_a_value_written_in_another_way_is_answered_with_the_right_one(
    name: str, value: object, fix: str, api: Api, user: UUID
) -> None:
    answered = api.ask(SAVE_ACCOUNT, user, user=str(user), input=ACCOUNT | {name: value})
    assert (answered.code, answered.field) == ("BAD_USER_INPUT", f"input.{name}")
    assert answered.errors[0]["message"].endswith(fix)


@pytest.mark.parametrize("day", ["31.12.2030", "2030-13-01", "", 20301231, True])
def test_what_is_no_day_is_answered_with_one(day: object, api: Api, user: UUID) -> None:
    answered = api.ask(SAVE_GOAL, user, user=str(user), input=GOAL | {"targetDate": day})
    assert (answered.code, answered.field) == ("BAD_USER_INPUT", "input.targetDate")
    assert answered.errors[0]["message"].endswith('Expected a day such as "2030-12-31".')


def test_what_graphql_itself_refuses_is_named_too(api: Api, user: UUID) -> None:
    for name, value in (("birthDate", "yesterday"), ("annualIncome", "much"), ("sex", "YES"), ("dependents", 1e10)):
        answered = api.ask(CREATE_USER, ADMIN, input=PROFILE | {name: value})
        assert (answered.code, answered.field) == ("BAD_USER_INPUT", f"input.{name}")
    missing = {name: value for name, value in PROFILE.items() if name != "employment"}
    assert api.ask(CREATE_USER, ADMIN, input=missing).field == "input.employment"
    assert api.ask(CREATE_USER, ADMIN, input=PROFILE | {"nickname": "x"}).field == "input.nickname"
    assert api.ask(CREATE_USER, ADMIN).field == "input"


@pytest.mark.parametrize(
    ("given_amount", "shown"),
    [("1E+3", "1000.00"), ("-0", "0.00"), ("9999999999999999.99", "9999999999999999.99"), (12, "12.00"), (0.1, "0.10")],
)
def test_money_is_shown_with_two_places(given_amount: Any, shown: str, api: Api, user: UUID) -> None:
    saved = api.ask(SAVE_ACCOUNT, user, user=str(user), input=ACCOUNT | {"balance": given_amount})
    assert saved.data["saveAccount"]["balance"] == shown


@pytest.mark.parametrize("amount", ["1E+3", "1000", "999.999999", "-0.001", "1e31"])
def test_no_amount_leaves_with_an_exponent_or_more_places(amount: str) -> None:
    serialize = SCALARS[Decimal].serialize
    assert serialize is not None
    shown = attempt(lambda: serialize(Decimal(amount)))
    assert shown in {"1000.00", "0.00", f"{10**31}.00"}


def test_texts_are_trimmed(api: Api, user: UUID) -> None:
    saved = api.ask(SAVE_ACCOUNT, user, user=str(user), input=ACCOUNT | {"name": "  Été 🏖  "})
    assert saved.data["saveAccount"]["name"] == "Été 🏖"


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_an_amount_is_taken_exactly_or_refused(amount: Decimal) -> None:
    taken = attempt(lambda: check("input.balance", "balance", amount, TODAY))
    if taken is None:
        assert not amount.is_finite() or amount.adjusted() >= 16 or amount != round(amount, 2)
    else:
        assert taken == amount
        assert taken.as_tuple().exponent == -2


@given(st.text())
def test_a_text_is_taken_trimmed_or_refused(text: str) -> None:
    taken = attempt(lambda: check("input.name", "name", text, TODAY))
    assert taken in (None, text.strip())
    if taken is not None:
        assert 1 <= len(taken.encode()) <= 800
        assert "\x00" not in taken


@given(st.dates())
def test_a_birth_date_makes_an_age_of_less_than_120(day: date) -> None:
    taken = attempt(lambda: check("input.birthDate", "birth_date", day, TODAY))
    assert (taken is not None) == (timedelta(0) < TODAY - day <= timedelta(days=43829))


@given(st.text() | st.uuids().map(str))
def test_an_id_is_a_uuid_or_refused(text: str) -> None:
    taken = attempt(lambda: check_id("id", text))
    assert taken is None or str(taken) == text.lower()


def attempt(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except BadInput:
        return None
