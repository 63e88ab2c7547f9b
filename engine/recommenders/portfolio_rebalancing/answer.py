"""What portfolio rebalancing answers with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from engine.answers import AccountRef, Answer


class TradeSide(StrEnum):
    """Whether an order buys or sells."""

    BUY = "BUY"
    SELL = "SELL"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationSlice:
    """One symbol's share of the portfolio."""

    symbol: str
    asset_class: str
    weight: float
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Weights and what they mean a year; value at risk is what one year in twenty loses more than, as a share."""

    expected_return: float
    volatility: float
    sharpe: float
    value_at_risk95: float
    slices: tuple[AllocationSlice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LotSale:
    """The part of a tax lot that is sold."""

    acquired: date
    quantity: float
    cost_basis: Decimal
    gain: Decimal
    long_term: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One order of one account."""

    account: AccountRef
    symbol: str
    side: TradeSide
    quantity: float
    price: Decimal
    amount: Decimal
    lots: tuple[LotSale, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxImplications:
    """What the trades realise in taxable accounts and owe for it this year."""

    short_term_gain: Decimal
    long_term_gain: Decimal
    harvested_loss: Decimal
    estimated_tax: Decimal
    estimated_tax_naive: Decimal
    """The tax of selling to the same target first in, first out."""
    wash_sales_avoided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioRebalancing(Answer):
    """What is held, what should be, and the trades between. Effects of `explanation` are shares of the portfolio."""

    portfolio_value: Decimal
    needs_rebalancing: bool
    drift: float
    """Half the sum of absolute weight differences from the target."""
    current: Allocation
    target: Allocation
    trades: tuple[Trade, ...]
    tax: TaxImplications
