"""Portfolio rebalancing: what to hold, and the trades by account and lot that get there at the least cost and tax."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engine.answers import Answer, money
from engine.enums import UNKNOWN, AnswerBasis, code
from engine.errors import EngineError
from engine.facts import Facts, Source
from engine.learning.model import Models
from engine.ledger.promises import Promise
from engine.recommender import Answers, Options, Reach, Recommender
from engine.recommenders.portfolio_rebalancing.advice import advice
from engine.recommenders.portfolio_rebalancing.allocation import aimed_at, current
from engine.recommenders.portfolio_rebalancing.answer import (
    Allocation,
    AllocationSlice,
    LotSale,
    PortfolioRebalancing,
    TaxImplications,
    Trade,
    TradeSide,
)
from engine.recommenders.portfolio_rebalancing.explanation import explanation
from engine.recommenders.portfolio_rebalancing.limits import limited
from engine.recommenders.portfolio_rebalancing.promises import promises
from engine.recommenders.portfolio_rebalancing.study import Case, cases
from engine.recommenders.portfolio_rebalancing.trades import taxes, trades

__all__ = [
    "Allocation",
    "AllocationSlice",
    "LotSale",
    "PortfolioOptions",
    "PortfolioRebalancer",
    "PortfolioRebalancing",
    "TaxImplications",
    "Trade",
    "TradeSide",
]

MOST_VALUE = 1e11
RISK = "risk_assessment"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioOptions(Options):
    """What the portfolio is taken to be worth; every lot is scaled alike."""

    portfolio_value: Decimal | None = None

    def __post_init__(self) -> None:
        value = self.portfolio_value
        if value is not None and not 0 < value <= MOST_VALUE:
            raise ValueError(f"must be above 0 and at most {MOST_VALUE:,.0f}")


class PortfolioRebalancer(Recommender[PortfolioRebalancing]):
    """A convex program over all invested accounts and tax lots of a household, with exact directions.

    The mix of asset classes follows the risk assessment and the horizon of goals; it controls risk, not return. Trades
    minimise distance to it, cost, and tax now. Limits: one level for the whole household; US federal tax only
    (elsewhere one assumed rate); risk and returns are estimates; purchases and sales that were not entered are not
    known, so one may wash a loss; funds of one index may count as the same asset in law.
    """

    name: ClassVar[str] = "portfolio_rebalancing"
    answer = PortfolioRebalancing
    options = PortfolioOptions
    sources: ClassVar[frozenset[Source]] = frozenset({"profile", "accounts", "holdings", "sales", "goals", "prices"})
    needs: ClassVar[frozenset[str]] = frozenset({RISK})
    valid_days: ClassVar[int] = 1
    rules_version: ClassVar[int] = 6

    @override
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[PortfolioRebalancing]:
        asked = options.portfolio_value if isinstance(options, PortfolioOptions) else None
        recommended = np.array([_level(each) for each in needed[RISK]], dtype=np.int64)
        return [_answer(case) for case in cases(facts, recommended, None if asked is None else float(asked))]

    @override
    def limited(self, answer: PortfolioRebalancing, reach: Reach) -> PortfolioRebalancing:
        return limited(answer, reach)

    @override
    def promises(self, answer: PortfolioRebalancing, today: date) -> Sequence[Promise]:
        return promises(answer, today)


def _level(risk: Answer | EngineError) -> int:
    """What the risk assessment recommends, `UNKNOWN` where it says nothing."""
    level = getattr(risk, "recommended_level", None)
    return UNKNOWN if level is None else code(level)


def _answer(case: Case) -> PortfolioRebalancing:
    made = trades(case)
    return PortfolioRebalancing(
        basis=AnswerBasis.SOLVER,
        confidence=None,
        recommendations=advice(case, made),
        explanation=explanation(case),
        portfolio_value=money(case.book.value),
        needs_rebalancing=bool(made),
        drift=case.plan.drift,
        current=current(case),
        target=aimed_at(case),
        trades=made,
        tax=taxes(case),
    )
