"""Every mutation, as a document and what it takes for a given household."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schema.schema import schema
from tests.schema.conftest import Api

PROFILE = {
    "birthDate": "1990-05-04",
    "annualIncome": "72000.00",
    "netWorth": "15000",
    "liquidAssets": "9000.50",
    "totalDebt": "1200",
    "monthlyExpenses": "2500",
    "maritalStatus": "MARRIED",
    "dependents": 2,
    "employment": "EMPLOYED",
    "homeowner": True,
    "filingStatus": "MARRIED_JOINTLY",
    "region": "US-CA",
}
ACCOUNT = {"name": "Rainy days", "kind": "SAVINGS", "balance": "1234.56", "interestRate": 0.04}
GOAL = {
    "name": "Boat",
    "kind": "TRAVEL",
    "targetAmount": "5000",
    "targetDate": "2028-01-01",
    "savedAmount": "100",
    "monthlyContribution": "50",
    "priority": "LOW",
}
LOT = {"symbol": "US_EQUITY", "quantity": 12.5, "costBasis": "900", "acquired": "2024-02-29"}
SALE = {
    "externalId": "s1",
    "symbol": "US_EQUITY",
    "quantity": 2.5,
    "costBasis": "250.00",
    "proceeds": "200.10",
    "acquired": "2024-02-29",
    "sold": "2026-06-01",
}
TRANSACTION = {
    "externalId": "t1",
    "date": "2026-06-01",
    "amount": "-12.34",
    "category": "dining",
    "merchant": "Café",
    "hour": 19,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Ids of a user's rows."""

    user: UUID
    account: str
    goal: str
    recommendation: str

    @classmethod
    def of(cls, api: Api, user: UUID) -> "Household":
        document = "{ viewer { accounts { id kind } goals { id } savingsStrategy { recommendations { id } } } }"
        shown = api.ask(document, user).data["viewer"]
        plan = next(account["id"] for account in shown["accounts"] if account["kind"] == "EMPLOYER_PLAN")
        given = shown["savingsStrategy"]["recommendations"][0]["id"]
        return cls(user=user, account=plan, goal=shown["goals"][0]["id"], recommendation=given)


@dataclass(frozen=True, slots=True)
class Change:
    """A mutation that would do something to a household."""

    document: str
    variables: Callable[[Household], dict[str, Any]]


CHANGES = {
    "updateProfile": Change(
        "mutation($user: ID!) { updateProfile(userId: $user, input: { dependents: 3 }) { id } }",
        lambda of: {"user": str(of.user)},
    ),
    "saveAccount": Change(
        "mutation($user: ID!, $input: AccountInput!) { saveAccount(userId: $user, input: $input) { id } }",
        lambda of: {"user": str(of.user), "input": ACCOUNT},
    ),
    "saveHoldings": Change(
        "mutation($account: ID!, $lots: [LotInput!]!) { saveHoldings(accountId: $account, lots: $lots) { id } }",
        lambda of: {"account": of.account, "lots": [LOT]},
    ),
    "addSales": Change(
        "mutation($account: ID!, $sales: [SaleInput!]!) { addSales(accountId: $account, sales: $sales) { id } }",
        lambda of: {"account": of.account, "sales": [SALE]},
    ),
    "saveBudget": Change(
        'mutation($user: ID!) { saveBudget(userId: $user, category: "dining", monthlyLimit: "200") }',
        lambda of: {"user": str(of.user)},
    ),
    "saveGoal": Change(
        "mutation($user: ID!, $input: GoalInput!) { saveGoal(userId: $user, input: $input) { id } }",
        lambda of: {"user": str(of.user), "input": GOAL},
    ),
    "addTransactions": Change(
        "mutation($user: ID!, $new: [TransactionInput!]!) { addTransactions(userId: $user, transactions: $new) }",
        lambda of: {"user": str(of.user), "new": [TRANSACTION]},
    ),
    "refreshRecommendations": Change(
        "mutation($user: ID!) { refreshRecommendations(userId: $user) { id } }", lambda of: {"user": str(of.user)}
    ),
    "recordInteraction": Change(
        "mutation($id: ID!) { recordInteraction(recommendationId: $id, interaction: ACCEPTED) { id status } }",
        lambda of: {"id": of.recommendation},
    ),
    "deleteAccount": Change(
        "mutation($account: ID!) { deleteAccount(accountId: $account) }", lambda of: {"account": of.account}
    ),
    "deleteGoal": Change("mutation($goal: ID!) { deleteGoal(goalId: $goal) }", lambda of: {"goal": of.goal}),
}
"""In an order in which all of them can be done one after the other."""

ADMINISTRATION = {
    "trainModels": "mutation { trainModels { id } }",
    "detectDrift": "mutation { detectDrift { id } }",
    "cancelRun": "mutation($id: ID!) { cancelRun(id: $id) { id } }",
    "promoteModel": "mutation { promoteModel(category: RISK_ASSESSMENT, version: 1) { category } }",
    "rollbackModel": "mutation { rollbackModel(category: RISK_ASSESSMENT, version: 1) { category } }",
    "serveRules": "mutation { serveRules(category: RISK_ASSESSMENT) { category } }",
    "startExperiment": """mutation {
        startExperiment(category: RISK_ASSESSMENT, challengerVersion: 2, challengerShare: 0.5) { id }
    }""",
    "concludeExperiment": "mutation($id: ID!) { concludeExperiment(id: $id, promote: true) { id } }",
    "acknowledgeAlert": "mutation($id: ID!) { acknowledgeAlert(id: $id) { id } }",
}
"""Every mutation for administrators alone, but createUser."""

CREATE_USER = """
mutation($input: ProfileInput!, $name: String) { createUser(input: $input, externalId: $name) { id } }
"""

ALL_MUTATIONS = set(schema._schema.mutation_type.fields)  # type: ignore[union-attr]
