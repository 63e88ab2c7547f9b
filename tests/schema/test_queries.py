"""A household is shown to its owner and to administrators, and every view is written down."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from store.session import transaction
from tests.households import TODAY
from tests.schema.conftest import ADMIN, Api

EVERYTHING = """
query {
  viewer {
    id
    profile {
      currency age annualIncome netWorth liquidAssets totalDebt monthlyExpenses debtToIncome savingsRate maritalStatus
      dependents employment homeowner filingStatus region education sex statedRiskTolerance
    }
    accounts {
      id name kind balance interestRate minimumPayment employerMatchRate employerMatchLimit
      holdings { symbol assetClass quantity marketValue costBasis unrealizedGain }
    }
    goals { id name kind targetAmount targetDate savedAmount monthlyContribution priority status }
    transactions(first: 2) {
      edges { node { id date amount category merchant hour } cursor }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
    savingsStrategy {
      __typename category generatedAt validUntil basis model { version } confidence
      recommendations { id category title description priority status modelName confidenceScore createdAt validUntil
        actionableItems { title amount dueDate } }
      explanation { feature value effect sentence }
      currentSavingsRate optimalSavingsRate monthlyAmount successProbability
      emergencyFund { targetMonths targetAmount currentAmount monthsToTarget }
      allocation { bucket goal { id name } monthlyAmount share rationale }
      automationPlan { order title amount dayOfMonth fromAccount { id kind } toAccount { id kind } startDate
        annualStepUp }
    }
    goalOptimization(scenario: { delayMonths: 6 }) { monthlyBudget goals { goal { name } projection { date p50 } } }
    executiveSummary { headline strengths concerns nextSteps }
    prioritizedActions { rank title category priority annualImpact recommendation { id } }
    financialHealth { overallScore band components { name score weight sentence } }
    recommendations { edges { node { id title } cursor } pageInfo { hasNextPage } totalCount }
  }
}
"""


def test_a_user_sees_everything_of_itself(api: Api, user: UUID) -> None:
    answered = api.ask(EVERYTHING, user)
    assert answered.errors == []
    shown = answered.data["viewer"]
    assert shown["id"] == str(user)
    assert shown["profile"] == {
        "currency": "USD",
        "age": 35,
        "annualIncome": "60000.00",
        "netWorth": "21000.00",
        "liquidAssets": "5000.00",
        "totalDebt": "4000.00",
        "monthlyExpenses": None,
        "debtToIncome": 0.066667,
        "savingsRate": pytest.approx(2300 / 4000),
        "maritalStatus": "SINGLE",
        "dependents": 0,
        "employment": "EMPLOYED",
        "homeowner": False,
        "filingStatus": "SINGLE",
        "region": None,
        "education": None,
        "sex": None,
        "statedRiskTolerance": "MODERATE",
    }
    plan = next(account for account in shown["accounts"] if account["kind"] == "EMPLOYER_PLAN")
    assert plan["holdings"] == [
        {
            "symbol": "US_EQUITY",
            "assetClass": "US_EQUITY",
            "quantity": 20000.0,
            "marketValue": "20000.00",
            "costBasis": "15000.00",
            "unrealizedGain": "5000.00",
        }
    ]
    assert [goal["name"] for goal in shown["goals"]] == ["House"]
    assert shown["transactions"]["totalCount"] == 36
    assert [edge["node"]["amount"] for edge in shown["transactions"]["edges"]] == ["-500.00", "-1200.00"]


def test_the_savings_strategy_is_the_answer_of_the_engine(api: Api, user: UUID) -> None:
    strategy = api.ask(EVERYTHING, user).data["viewer"]["savingsStrategy"]
    assert (strategy["__typename"], strategy["category"], strategy["model"]) == (
        "SavingsStrategy",
        "SAVINGS_STRATEGY",
        None,
    )
    assert strategy["basis"] == "RULE"
    assert sum(Decimal(part["monthlyAmount"]) for part in strategy["allocation"]) == Decimal(strategy["monthlyAmount"])
    assert strategy["recommendations"][0]["modelName"] == "savings_strategy/rule"
    assert strategy["explanation"]
    accounts = {step["toAccount"]["id"] for step in strategy["automationPlan"] if step["toAccount"]}
    assert accounts <= {
        account["id"] for account in api.ask("{ viewer { accounts { id } } }", user).data["viewer"]["accounts"]
    }


def test_what_the_savings_strategy_recommends_is_listed(api: Api, user: UUID) -> None:
    document = """{ viewer {
        recommendations(categories: [SAVINGS_STRATEGY]) { totalCount edges { node { id category } } }
        savingsStrategy { recommendations { id title } }
    } }"""
    shown = api.ask(document, user).data["viewer"]
    own = shown["savingsStrategy"]["recommendations"]
    given = {one["id"] for one in own if "automatically" not in one["title"]}  # the sum of the others
    assert len(given) == len(own) - 1
    assert {edge["node"]["id"] for edge in shown["recommendations"]["edges"]} == given
    assert shown["recommendations"]["totalCount"] == len(given) > 0
    none = api.ask("{ viewer { recommendations(statuses: [DISMISSED]) { totalCount edges { cursor } } } }", user)
    assert none.data["viewer"]["recommendations"] == {"totalCount": 0, "edges": []}


def test_all_views_of_a_user_in_one_request_are_one_deed(api: Api, user: UUID) -> None:
    deeds = api.ask(
        "{ viewer { goals { id } a: goals { name } profile { age } savingsStrategy { basis } } }", user
    ).deeds
    assert [(deed.actor, deed.action, deed.subject, deed.detail) for deed in deeds] == [
        (str(user), "view", str(user), "goals,profile,savings_strategy")
    ]


def test_views_by_an_administrator_are_written_user_by_user(api: Api, user: UUID, other: UUID) -> None:
    deeds = api.ask("{ users { edges { node { goals { id } } } } }", ADMIN).deeds
    assert {(deed.actor, deed.subject, deed.detail) for deed in deeds} == {
        ("ada", "users", "list"),
        ("ada", str(user), "goals"),
        ("ada", str(other), "goals"),
    }


def test_an_administrator_without_a_user_is_no_viewer(api: Api) -> None:
    answered = api.ask("{ viewer { id } }", ADMIN)
    assert (answered.data, answered.errors) == ({"viewer": None}, [])


def test_a_category_that_fails_leaves_the_others_standing(api: Api, user: UUID, engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        session.connection().execute(text("DELETE FROM financial_profiles"))
    answered = api.ask("{ viewer { id profile { age } goals { name } } }", user)
    assert answered.data == {"viewer": {"id": str(user), "profile": None, "goals": [{"name": "House"}]}}
    assert answered.errors == []


def test_without_income_there_is_no_debt_to_income(api: Api, user: UUID, engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        session.connection().execute(text("UPDATE financial_profiles SET annual_income = 0"))
    assert api.ask("{ viewer { profile { debtToIncome } } }", user).data["viewer"]["profile"]["debtToIncome"] is None


def test_the_age_changes_on_the_birthday(api: Api, user: UUID, engine: Engine) -> None:
    ages = []
    for born in (TODAY.replace(year=1990, day=TODAY.day + 1), TODAY.replace(year=1990)):
        with transaction(engine, everyone=True) as session:
            session.connection().execute(text("UPDATE financial_profiles SET birth_date = :born"), {"born": born})
        ages.append(api.ask("{ viewer { profile { age } } }", user).data["viewer"]["profile"]["age"])
    assert ages == [TODAY.year - 1991, TODAY.year - 1990]
