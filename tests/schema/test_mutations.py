"""Changes do what they say, once, and make stale what rested on the data before."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from store.session import transaction
from store.tables import FinancialProfile, TaxLot, Transaction, User
from tests.schema.changes import ACCOUNT, CHANGES, CREATE_USER, GOAL, LOT, PROFILE, TRANSACTION, Household
from tests.schema.conftest import ADMIN, Answered, Api

SAVE_ACCOUNT = """mutation($user: ID!, $account: ID, $input: AccountInput!) {
    saveAccount(userId: $user, accountId: $account, input: $input) { id name balance interestRate minimumPayment }
}"""
SAVE_GOAL = """mutation($user: ID!, $goal: ID, $input: GoalInput!) {
    saveGoal(userId: $user, goalId: $goal, input: $input) { id name status savedAmount }
}"""
PATCH = "mutation($user: ID!, $input: ProfilePatch!) { updateProfile(userId: $user, input: $input) { id } }"
HOLD = """mutation($account: ID!, $lots: [LotInput!]!) {
    saveHoldings(accountId: $account, lots: $lots) { holdings { symbol quantity costBasis } }
}"""


def test_a_created_user_has_the_profile_that_was_given(api: Api) -> None:
    made = api.ask(CREATE_USER, ADMIN, input=PROFILE | {"statedRiskTolerance": "AGGRESSIVE"}, name="crm-7")
    user = UUID(made.data["createUser"]["id"])
    assert [(deed.action, deed.subject, deed.detail) for deed in made.deeds] == [("create_user", str(user), "crm-7")]
    document = """{ viewer { profile {
        currency annualIncome liquidAssets monthlyExpenses maritalStatus dependents homeowner filingStatus region
        education statedRiskTolerance
    } accounts { id } } }"""
    shown = api.ask(document, user).data["viewer"]
    assert shown == {
        "profile": {
            "currency": "USD",
            "annualIncome": "72000.00",
            "liquidAssets": "9000.50",
            "monthlyExpenses": "2500.00",
            "maritalStatus": "MARRIED",
            "dependents": 2,
            "homeowner": True,
            "filingStatus": "MARRIED_JOINTLY",
            "region": "US-CA",
            "education": None,
            "statedRiskTolerance": "AGGRESSIVE",
        },
        "accounts": [],
    }


def test_a_known_external_id_returns_the_user_that_is_there(api: Api, engine: Engine) -> None:
    first = api.ask(CREATE_USER, ADMIN, input=PROFILE, name="crm-7")
    again = api.ask(CREATE_USER, ADMIN, input=PROFILE | {"annualIncome": "1"}, name="crm-7")
    assert again.data == first.data
    assert again.deeds == []
    with transaction(engine, everyone=True) as session:
        assert [str(profile.annual_income) for profile in session.exec(select(FinancialProfile))] == ["72000.00"]


def test_users_without_an_external_id_are_as_many_as_are_created(api: Api) -> None:
    ids = {api.ask(CREATE_USER, ADMIN, input=PROFILE).data["createUser"]["id"] for _ in range(2)}
    assert len(ids) == 2


def test_only_the_given_fields_of_a_profile_change(api: Api, user: UUID, engine: Engine) -> None:
    before = profile(engine, user)
    changed = api.ask(PATCH, user, user=str(user), input={"annualIncome": "70000", "region": "US-NY"})
    assert [(deed.action, deed.detail) for deed in changed.deeds] == [("update_profile", "annual_income,region")]
    after = profile(engine, user)
    assert {name for name, value in after.items() if before[name] != value} == {"annual_income", "region"}


def test_null_clears_what_may_be_unknown_and_nothing_else(api: Api, user: UUID, engine: Engine) -> None:
    cleared = api.ask(PATCH, user, user=str(user), input={"statedRiskTolerance": None, "monthlyExpenses": None})
    assert cleared.errors == []
    assert profile(engine, user)["stated_risk_tolerance"] is None
    for name in ("birthDate", "annualIncome", "maritalStatus", "dependents", "homeowner"):
        refused = api.ask(PATCH, user, user=str(user), input={name: None})
        assert (refused.code, refused.field) == ("BAD_USER_INPUT", f"input.{name}")


def test_losses_carried_forward_are_stated_shown_bounded_and_cleared(api: Api, user: UUID) -> None:
    document = "{ viewer { profile { capitalLossCarryforward } } }"
    made = UUID(api.ask(CREATE_USER, ADMIN, input=PROFILE | {"capitalLossCarryforward": "70"}).data["createUser"]["id"])
    assert api.ask(document, made).data["viewer"]["profile"] == {"capitalLossCarryforward": "70.00"}
    for stated, shown in (("12500.50", "12500.50"), (None, None)):
        api.ask(PATCH, user, user=str(user), input={"capitalLossCarryforward": stated})
        assert api.ask(document, user).data["viewer"]["profile"] == {"capitalLossCarryforward": shown}
    refused = api.ask(PATCH, user, user=str(user), input={"capitalLossCarryforward": "-1"})
    assert (refused.code, refused.field) == ("BAD_USER_INPUT", "input.capitalLossCarryforward")


def test_what_a_household_states_is_no_longer_assumed(api: Api, user: UUID, engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        session.exec(select(FinancialProfile)).one().assumed = ["monthly_expenses", "region"]
    api.ask(PATCH, user, user=str(user), input={"monthlyExpenses": "1800"})
    assert profile(engine, user)["assumed"] == ["region"]


def test_accounts_win_over_stated_totals(api: Api) -> None:
    user = UUID(api.ask(CREATE_USER, ADMIN, input=PROFILE).data["createUser"]["id"])
    document = "{ viewer { profile { netWorth liquidAssets totalDebt } } }"
    stated = api.ask(document, user).data["viewer"]["profile"]
    assert stated == {"netWorth": "15000.00", "liquidAssets": "9000.50", "totalDebt": "1200.00"}
    for kind, balance in (("SAVINGS", "400"), ("TRADITIONAL_IRA", "1000"), ("LOAN", "-250.25")):
        api.ask(SAVE_ACCOUNT, user, user=str(user), input={"name": kind, "kind": kind, "balance": balance})
    summed = api.ask(document, user).data["viewer"]["profile"]
    assert summed == {"netWorth": "1149.75", "liquidAssets": "400.00", "totalDebt": "250.25"}


def test_an_account_is_written_whole(api: Api, user: UUID) -> None:
    made = api.ask(SAVE_ACCOUNT, user, user=str(user), input=ACCOUNT | {"minimumPayment": "10"}).data["saveAccount"]
    assert made == {
        "id": made["id"],
        "name": "Rainy days",
        "balance": "1234.56",
        "interestRate": 0.04,
        "minimumPayment": "10.00",
    }
    other = {"name": "Sunny days", "kind": "CHECKING", "balance": "-3"}
    saved = api.ask(SAVE_ACCOUNT, user, user=str(user), account=made["id"], input=other).data["saveAccount"]
    assert saved == {
        "id": made["id"],
        "name": "Sunny days",
        "balance": "-3.00",
        "interestRate": None,
        "minimumPayment": None,
    }


def test_an_external_id_names_one_account_of_a_user(api: Api, user: UUID, other: UUID) -> None:
    def save(of: UUID, **more: Any) -> Answered:
        return api.ask(SAVE_ACCOUNT, of, user=str(of), input=ACCOUNT | {"externalId": "bank-1"}, **more)

    first = save(user).data["saveAccount"]["id"]
    assert save(user).data["saveAccount"]["id"] == first
    assert save(other).data["saveAccount"]["id"] != first
    second = api.ask(SAVE_ACCOUNT, user, user=str(user), input=ACCOUNT).data["saveAccount"]["id"]
    assert save(user, account=second).code == "CONFLICT"
    api.ask(SAVE_ACCOUNT, user, user=str(user), account=first, input=ACCOUNT | {"externalId": None})
    assert save(user).data["saveAccount"]["id"] == first


def test_a_deleted_account_takes_its_holdings_and_leaves_its_transactions(api: Api, user: UUID, engine: Engine) -> None:
    household = Household.of(api, user)
    api.ask(HOLD, user, account=household.account, lots=[LOT])
    api.ask(
        CHANGES["addTransactions"].document, user, user=str(user), new=[TRANSACTION | {"accountId": household.account}]
    )
    gone = api.ask(CHANGES["deleteAccount"].document, user, account=household.account)
    assert gone.data == {"deleteAccount": household.account}
    with transaction(engine, everyone=True) as session:
        assert session.exec(select(TaxLot).where(TaxLot.account_id == UUID(household.account))).all() == []
        kept = session.exec(select(Transaction).where(Transaction.external_id == "t1")).one()
        assert kept.account_id is None
    assert api.ask(CHANGES["deleteAccount"].document, user, account=household.account).code == "NOT_FOUND"


def test_holdings_are_replaced_lot_by_lot(api: Api, user: UUID, engine: Engine) -> None:
    account = Household.of(api, user).account
    lots = [LOT, LOT | {"quantity": 0.5, "costBasis": "100.10"}, LOT | {"symbol": "CASH"}]
    held = api.ask(HOLD, user, account=account, lots=lots).data["saveHoldings"]["holdings"]
    assert held == [
        {"symbol": "CASH", "quantity": 12.5, "costBasis": "900.00"},
        {"symbol": "US_EQUITY", "quantity": 13.0, "costBasis": "1000.10"},
    ]
    assert api.ask(HOLD, user, account=account, lots=[LOT]).data["saveHoldings"]["holdings"] == [
        {"symbol": "US_EQUITY", "quantity": 12.5, "costBasis": "900.00"}
    ]
    assert api.ask(HOLD, user, account=account, lots=[]).data == {"saveHoldings": {"holdings": []}}


def test_a_debt_holds_no_securities(api: Api, user: UUID) -> None:
    accounts = api.ask("{ viewer { accounts { id kind } } }", user).data["viewer"]["accounts"]
    card = next(account["id"] for account in accounts if account["kind"] == "CREDIT_CARD")
    refused = api.ask(HOLD, user, account=card, lots=[LOT])
    assert (refused.code, refused.field) == ("BAD_USER_INPUT", "accountId")


def test_a_goal_is_achieved_when_its_amount_is_saved(api: Api, user: UUID) -> None:
    made = api.ask(SAVE_GOAL, user, user=str(user), input=GOAL).data["saveGoal"]
    assert made["status"] == "ACTIVE"
    rich = GOAL | {"savedAmount": "5000"}
    saved = api.ask(SAVE_GOAL, user, user=str(user), goal=made["id"], input=rich).data["saveGoal"]
    assert saved == {"id": made["id"], "name": "Boat", "status": "ACHIEVED", "savedAmount": "5000.00"}
    api.ask(CHANGES["deleteGoal"].document, user, goal=made["id"])
    goals = api.ask("{ viewer { goals { name } } }", user).data["viewer"]["goals"]
    assert goals == [{"name": "House"}]


def test_a_repeated_transaction_changes_nothing(api: Api, user: UUID, engine: Engine) -> None:
    def add(*rows: dict[str, Any]) -> int:
        answered = api.ask(CHANGES["addTransactions"].document, user, user=str(user), new=list(rows))
        assert answered.errors == []
        return int(answered.data["addTransactions"])

    assert add(TRANSACTION, TRANSACTION | {"amount": "-99"}, TRANSACTION | {"externalId": "t2"}) == 2
    version = data_version(engine, user)
    assert add(TRANSACTION | {"amount": "-1"}) == 0
    assert add() == 0
    assert data_version(engine, user) == version
    assert add(TRANSACTION | {"externalId": None}, TRANSACTION | {"externalId": None}) == 2
    with transaction(engine, everyone=True) as session:
        kept = session.exec(select(Transaction).where(Transaction.external_id == "t1")).one()
        assert (str(kept.amount), kept.hour) == ("-12.34", 19)


def test_a_request_brings_at_most_ten_thousand_transactions(api: Api, user: UUID) -> None:
    document = CHANGES["addTransactions"].document
    rows = [TRANSACTION | {"externalId": str(number)} for number in range(10_001)]
    refused = api.ask(document, user, user=str(user), new=rows)
    assert (refused.code, refused.field) == ("BAD_USER_INPUT", "transactions")
    assert api.ask(document, user, user=str(user), new=rows[:-1]).data == {"addTransactions": 10_000}


def test_every_change_of_a_household_raises_its_version_once(api: Api, user: UUID, engine: Engine) -> None:
    household = Household.of(api, user)
    unchanging = {"refreshRecommendations", "recordInteraction"}
    for name, change in CHANGES.items():
        before = data_version(engine, user)
        assert api.ask(change.document, user, **change.variables(household)).errors == []
        assert data_version(engine, user) == before + (name not in unchanging), name


def test_two_changes_of_one_request_run_in_order_and_raise_the_version_once(
    api: Api, user: UUID, engine: Engine
) -> None:
    before = data_version(engine, user)
    document = """mutation($user: ID!) {
        first: updateProfile(userId: $user, input: { dependents: 1 }) { profile { dependents } }
        second: updateProfile(userId: $user, input: { dependents: 2 }) { profile { dependents } }
    }"""
    answered = api.ask(document, user, user=str(user))
    assert answered.data == {"first": {"profile": {"dependents": 1}}, "second": {"profile": {"dependents": 2}}}
    assert data_version(engine, user) == before + 1
    assert [deed.action for deed in answered.deeds] == ["update_profile", "view", "update_profile"]


def test_a_change_makes_the_advice_before_it_stale(api: Api, user: UUID) -> None:
    document = "{ viewer { savingsStrategy { generatedAt emergencyFund { currentAmount } } } }"
    before = api.ask(document, user).data["viewer"]["savingsStrategy"]
    api.now += timedelta(hours=1)
    assert api.ask(document, user).data["viewer"]["savingsStrategy"] == before
    api.ask(SAVE_ACCOUNT, user, user=str(user), input=ACCOUNT)
    after = api.ask(document, user).data["viewer"]["savingsStrategy"]
    assert after["generatedAt"] > before["generatedAt"]
    assert after["emergencyFund"] != before["emergencyFund"]


@pytest.mark.parametrize("categories", [None, ["SAVINGS_STRATEGY"]])
def test_a_refresh_computes_what_is_still_valid(categories: list[str] | None, api: Api, user: UUID) -> None:
    document = "{ viewer { savingsStrategy { generatedAt } } }"
    before = api.ask(document, user).data["viewer"]["savingsStrategy"]["generatedAt"]
    api.now += timedelta(hours=1)
    refresh = """mutation($user: ID!, $categories: [RecommendationCategory!]) {
        refreshRecommendations(userId: $user, categories: $categories) { savingsStrategy { generatedAt } }
    }"""
    answered = api.ask(refresh, user, user=str(user), categories=categories)
    assert answered.data["refreshRecommendations"]["savingsStrategy"]["generatedAt"] > before


def test_what_was_dismissed_is_listed_as_dismissed(api: Api, user: UUID) -> None:
    given = Household.of(api, user).recommendation
    dismiss = "mutation($id: ID!) { recordInteraction(recommendationId: $id, interaction: DISMISSED) { id status } }"
    answered = api.ask(dismiss, user, id=given)
    assert answered.data == {"recordInteraction": {"id": given, "status": "DISMISSED"}}
    assert [(deed.action, deed.detail) for deed in answered.deeds] == [("record_interaction", f"DISMISSED {given}")]
    listed = api.ask("{ viewer { recommendations(statuses: [DISMISSED]) { edges { node { id } } } } }", user)
    assert listed.data["viewer"]["recommendations"]["edges"] == [{"node": {"id": given}}]


def profile(engine: Engine, user: UUID) -> dict[str, Any]:
    with transaction(engine, users=[user]) as session:
        return session.exec(select(FinancialProfile)).one().model_dump()


def data_version(engine: Engine, user: UUID) -> int:
    with transaction(engine, users=[user]) as session:
        return session.exec(select(User.data_version)).one()
