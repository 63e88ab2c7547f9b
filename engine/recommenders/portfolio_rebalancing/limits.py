"""How far the answer goes: the allocation alone, amounts by asset class, or trades by lot."""

from collections.abc import Iterator
from dataclasses import replace

from engine.answers import ActionableItem, Recommendation, money
from engine.recommender import Reach
from engine.recommenders.portfolio_rebalancing.answer import Allocation, PortfolioRebalancing, TaxImplications
from engine.recommenders.portfolio_rebalancing.trades import named
from engine.wording import percent

LEAST_SHARE = 0.01
NOTHING = TaxImplications(
    short_term_gain=money(0.0),
    long_term_gain=money(0.0),
    harvested_loss=money(0.0),
    estimated_tax=money(0.0),
    estimated_tax_naive=money(0.0),
    wash_sales_avoided=0,
)
CLASSES_ONLY = ("weight:", "risk_level", "bounds", "prices")
GENERAL = ("rebalance", "list_holdings")


def limited(answer: PortfolioRebalancing, reach: Reach) -> PortfolioRebalancing:
    """The answer without what goes further."""
    if reach is Reach.PERSONAL:
        return answer
    said = tuple(entry for entry in answer.explanation if entry.feature.startswith(CLASSES_ONLY))
    bare = replace(answer, trades=(), tax=NOTHING, needs_rebalancing=False, recommendations=(), explanation=said)
    if reach is Reach.EDUCATION:
        return bare
    kept = [one for one in answer.recommendations if one.key.startswith(GENERAL)]
    return replace(
        bare,
        needs_rebalancing=answer.needs_rebalancing,
        recommendations=tuple(_by_class(answer, one) if one.key == "rebalance" else one for one in kept),
    )


def _by_class(answer: PortfolioRebalancing, given: Recommendation) -> Recommendation:
    items = tuple(_changes(answer))
    return replace(
        given,
        title="Bring your portfolio to its target",
        description="These are the asset classes that it has too much and too little of; which funds is up to you.",
        actionable_items=items,
        data={"drift": f"{answer.drift:.4f}"},
    )


def _changes(answer: PortfolioRebalancing) -> Iterator[ActionableItem]:
    now, then = _weights(answer.current), _weights(answer.target)
    for name in sorted(now.keys() | then.keys(), key=lambda each: now.get(each, 0.0) - then.get(each, 0.0)):
        more = then.get(name, 0.0) - now.get(name, 0.0)
        if abs(more) >= LEAST_SHARE:
            verb = "More" if more > 0 else "Less"
            amount = money(abs(more) * float(answer.portfolio_value))
            title = f"{verb} {named(name)}: {percent(abs(more))} of the portfolio"
            yield ActionableItem(title=title, amount=amount)


def _weights(allocation: Allocation) -> dict[str, float]:
    sums: dict[str, float] = {}
    for part in allocation.slices:
        sums[part.asset_class] = sums.get(part.asset_class, 0.0) + part.weight
    return sums
