"""Behavioral insights as a client asks for them."""

from decimal import Decimal
from uuid import UUID

from engine.enums import BiasKind
from tests.households import MONTHS
from tests.schema.conftest import Api

DOCUMENT = """
query { viewer { behavioralInsights {
    category basis confidence model { version } monthsObserved
    history { month total trend seasonal residual } byCategory { category monthlyMean share budget changePerYear }
    seasonality { strength peakMonth monthlyFactors } spendingVolatility impulseSpendingScore budgetAdherence
    anomalies { date category merchant amount expected severity sentence } biases { kind strength evidence }
    biasesNotJudged { kind reason }
    forecast { month expected low high } segment { name description share }
    recommendations { title } explanation { feature effect sentence }
} } }
"""
ADD = """
mutation ($user: ID!, $rows: [TransactionInput!]!) { addTransactions(userId: $user, transactions: $rows) }
"""


def test_what_a_household_spends_is_told_from_its_transactions(api: Api, user: UUID) -> None:
    found = api.ask(DOCUMENT, user).data["viewer"]["behavioralInsights"]
    assert (found["category"], found["basis"], found["model"]) == ("BEHAVIORAL_INSIGHTS", "RULE", None)
    assert found["monthsObserved"] == len(found["history"]) == MONTHS
    assert {month["total"] for month in found["history"]} == {"1700.00"}
    assert [(each["category"], each["monthlyMean"], each["budget"]) for each in found["byCategory"]] == [
        ("rent", "1200.00", None),
        ("groceries", "500.00", "450.00"),
    ]
    assert found["budgetAdherence"] == 0.9
    assert [each["month"] for each in found["forecast"]] == ["2026-07-01", "2026-08-01", "2026-09-01"]
    assert all(Decimal(each["low"]) < Decimal(each["expected"]) < Decimal(each["high"]) for each in found["forecast"])
    assert len(found["seasonality"]["monthlyFactors"]) == 12
    assert found["anomalies"] == found["biases"] == []
    assert len(found["biasesNotJudged"]) == len(BiasKind)
    assert found["explanation"][0]["feature"] == "rent"


def test_a_charge_that_comes_twice_is_told_as_soon_as_it_is_known(api: Api, user: UUID) -> None:
    assert api.ask(DOCUMENT, user).data["viewer"]["behavioralInsights"]["anomalies"] == []
    rows = [
        {
            "externalId": f"cafe {day}",
            "date": f"2026-06-{day}",
            "amount": "-48.20",
            "category": "dining",
            "merchant": "Cafe",
        }
        for day in ("10", "11")
    ]
    api.ask(ADD, user, user=str(user), rows=rows)
    found = api.ask(DOCUMENT, user).data["viewer"]["behavioralInsights"]
    assert [(each["date"], each["merchant"], each["expected"]) for each in found["anomalies"]] == [
        ("2026-06-11", "Cafe", "0.00")
    ]
    assert "Cafe" in found["recommendations"][0]["title"]
