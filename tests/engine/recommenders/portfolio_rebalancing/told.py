"""What portfolio rebalancing tells a household."""

from decimal import Decimal
from typing import Any

from engine.advise import advise
from engine.recommenders.portfolio_rebalancing import PortfolioOptions, PortfolioRebalancing
from tests.engine.facts_factory import Row, account, facts, household


def answer(each: Row, value: str | None = None) -> PortfolioRebalancing:
    options = PortfolioOptions(portfolio_value=None if value is None else Decimal(value))
    found = advise(facts(each), ["portfolio_rebalancing"], {"portfolio_rebalancing": options})
    (given,) = found["portfolio_rebalancing"]
    assert isinstance(given, PortfolioRebalancing)
    return given


def held(*lots: Row, kind: str = "TAXABLE", cash: float = 0.0, **profile: Any) -> Row:
    worth = sum(float(str(each["quantity"])) * float(str(each["price"])) for each in lots)
    return household(accounts=[account(kind, worth + cash, lots=list(lots))], **profile)
