"""Portfolio rebalancing as a client asks for it."""

from decimal import Decimal
from uuid import UUID

from tests.schema.conftest import Api

DOCUMENT = """
query ($value: Decimal) { viewer { accounts { id } portfolioRebalancing(portfolioValue: $value) {
    category basis model { version } portfolioValue needsRebalancing drift
    current { expectedReturn volatility sharpe valueAtRisk95 slices { symbol assetClass weight amount } }
    target { volatility slices { symbol weight } }
    trades { account { id } symbol side quantity price amount reason
             lots { acquired quantity costBasis gain longTerm } }
    tax { shortTermGain longTermGain harvestedLoss estimatedTax estimatedTaxNaive washSalesAvoided }
    recommendations { title actionableItems { title amount } } explanation { sentence }
} } }
"""


def test_a_portfolio_is_shown_with_its_target_and_trades(api: Api, user: UUID) -> None:
    shown = api.ask(DOCUMENT, user, value=None).data["viewer"]
    found = shown["portfolioRebalancing"]
    assert (found["category"], found["basis"], found["model"]) == ("PORTFOLIO_REBALANCING", "SOLVER", None)
    assert found["portfolioValue"] == "20000.00"
    assert found["needsRebalancing"]
    assert [part["symbol"] for part in found["current"]["slices"]] == ["US_EQUITY"]
    sold = [trade for trade in found["trades"] if trade["side"] == "SELL"]
    assert sum(Decimal(lot["gain"]) for trade in sold for lot in trade["lots"]) > 0
    assert {trade["account"]["id"] for trade in found["trades"]} <= {account["id"] for account in shown["accounts"]}
    assert found["tax"]["estimatedTax"] == "0.00"
    assert found["recommendations"][0]["actionableItems"]


def test_another_value_is_a_question_of_its_own(api: Api, user: UUID) -> None:
    document = "query ($value: Decimal) { viewer { portfolioRebalancing(portfolioValue: $value) { portfolioValue } } }"
    values = [
        api.ask(document, user, value=value).data["viewer"]["portfolioRebalancing"]["portfolioValue"]
        for value in ("50000", None, "1000000")
    ]
    assert values == ["50000.00", "20000.00", "1000000.00"]


def test_a_value_of_nothing_is_refused(api: Api, user: UUID) -> None:
    answered = api.ask(DOCUMENT, user, value="0")
    assert (answered.code, answered.field) == ("BAD_USER_INPUT", "portfolioValue")


def test_losses_that_a_user_states_lower_the_tax_that_is_told_at_once(api: Api, user: UUID) -> None:
    account = api.ask(
        """mutation($user: ID!) { saveAccount(userId: $user, input: {
            name: "Brokerage", kind: TAXABLE, balance: "300000" }) { id } }""",
        user,
        user=str(user),
    ).data["saveAccount"]["id"]
    lots = [{"symbol": "US_EQUITY", "quantity": 300_000.0, "costBasis": "60000", "acquired": "2019-03-01"}]
    api.ask(
        "mutation($account: ID!, $lots: [LotInput!]!) { saveHoldings(accountId: $account, lots: $lots) { id } }",
        user,
        account=account,
        lots=lots,
    )
    before = api.ask(DOCUMENT, user, value=None).data["viewer"]["portfolioRebalancing"]
    api.ask(
        """mutation($user: ID!) {
            updateProfile(userId: $user, input: { capitalLossCarryforward: "400000" }) { id } }""",
        user,
        user=str(user),
    )
    after = api.ask(DOCUMENT, user, value=None).data["viewer"]["portfolioRebalancing"]
    assert Decimal(before["tax"]["estimatedTax"]) > 1_000
    assert Decimal(after["tax"]["estimatedTax"]) == 0
    assert any("$400,000 of losses from earlier years" in entry["sentence"] for entry in after["explanation"])
