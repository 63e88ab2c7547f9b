"""How far advice goes: trades by lot, classes and amounts, or the allocation alone."""

import pytest

from engine.advise import advise
from engine.recommender import Reach
from engine.recommenders.portfolio_rebalancing import PortfolioRebalancer, PortfolioRebalancing
from tests.engine.facts_factory import INVESTED, facts


@pytest.fixture(scope="module")
def personal() -> PortfolioRebalancing:
    (answer,) = advise(facts(INVESTED), ["portfolio_rebalancing"])["portfolio_rebalancing"]
    assert isinstance(answer, PortfolioRebalancing)
    return answer


def test_personal_advice_is_the_whole_answer(personal: PortfolioRebalancing) -> None:
    assert PortfolioRebalancer().limited(personal, Reach.PERSONAL) is personal
    assert personal.trades


def test_guidance_names_classes_and_amounts_and_no_orders(personal: PortfolioRebalancing) -> None:
    given = PortfolioRebalancer().limited(personal, Reach.GUIDANCE)
    assert (given.trades, given.needs_rebalancing, given.drift) == ((), True, personal.drift)
    (only,) = given.recommendations
    assert only.key == "rebalance"
    more, less = (
        [item.amount for item in only.actionable_items if item.title.startswith(word)] for word in ("More", "Less")
    )
    assert more
    assert less
    assert all(item.title.endswith("% of the portfolio") for item in only.actionable_items)
    said = str(only) + str(given.explanation)
    assert not any(symbol in said for symbol in ("VTI", "EFA", "AGG"))


def test_education_shows_the_allocation_alone(personal: PortfolioRebalancing) -> None:
    given = PortfolioRebalancer().limited(personal, Reach.EDUCATION)
    assert (given.trades, given.recommendations, given.needs_rebalancing) == ((), (), False)
    assert (given.current, given.target) == (personal.current, personal.target)
    assert given.explanation
    assert given.tax.estimated_tax_naive == 0
