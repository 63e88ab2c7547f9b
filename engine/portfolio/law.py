"""Tax on realised gains: what the law takes (checked after every plan) and its convex majorant (inside the program)."""

from dataclasses import dataclass

import numpy as np

from engine.enums import FilingStatus, code
from engine.facts import Facts, Floats
from engine.features.income import filing_status, gross_income, pays_us_tax
from engine.household.law import GAINS_RATE_ELSEWHERE
from engine.taxes import TaxTable, federal, income_tax, taxable_income

LOSS_LIMIT = 3_000.0
"""Of net losses that other income may be reduced by a year (26 USC 1211(b)); half of it for who file separately."""
LATER_RATE = 0.05
LATER_YEARS = 10.0
DEFERRED = 1.0 - (1.0 + LATER_RATE) ** -LATER_YEARS
"""What a unit of tax put off is worth: a lower basis means that it is paid later, here in ten years at 5 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Of one household: gains are taxed on top of its other income."""

    table: TaxTable | None
    """None where the household pays elsewhere: one rate on net gains, no deduction of losses."""
    status: int
    ordinary: float
    """Taxable income before gains."""
    short: float
    """On the next unit of short-term gain."""
    long: tuple[float, ...]
    room: tuple[float, ...]
    """Long-term gain that each of the rates above holds for; the last has no end."""
    loss_limit: float


def rates(facts: Facts) -> list[Rates]:
    """What each household of the batch pays."""
    table, status, applies = federal(), filing_status(facts), pays_us_tax(facts)
    taxable = taxable_income(table, status, gross_income(facts))
    return [
        rates_of(int(status[user]), float(taxable[user])) if applies[user] else _ELSEWHERE for user in range(len(facts))
    ]


def law_tax(rates: Rates, short: float, long: float) -> float:
    """Tax on net short-term and long-term results of a year; a net loss owes nothing."""
    if short < 0 < long or long < 0 < short:
        net = short + long
        short, long = (net, 0.0) if short > 0 else (0.0, net)
    short, long = max(short, 0.0), max(long, 0.0)
    if not short and not long:
        return 0.0
    if rates.table is None:
        return GAINS_RATE_ELSEWHERE * (short + long)
    status = np.array([rates.status], dtype=np.int8)
    before, after = (income_tax(rates.table, status, np.array([rates.ordinary + more]))[0] for more in (0.0, short))
    start = rates.ordinary + short
    return float(after - before) + _stacked(rates.table, rates.status, start, long)


def loss_relief(rates: Rates, short: float, long: float) -> float:
    """What a net loss saves on other income this year."""
    return rates.short * min(max(-(short + long), 0.0), rates.loss_limit, rates.ordinary)


def rates_of(status: int, ordinary: float) -> Rates:
    """Of one household that pays US federal tax, with so much taxable income besides."""
    table = federal()
    starts = table.gains_starts[status]
    first = int(np.searchsorted(starts, ordinary, side="right")) - 1
    ends = np.append(starts[first + 1 :], np.inf)
    bracket = int(np.searchsorted(table.bracket_starts[status], ordinary, side="right")) - 1
    separately = status == code(FilingStatus.MARRIED_SEPARATELY)
    return Rates(
        table=table,
        status=status,
        ordinary=ordinary,
        short=float(table.rates[bracket]),
        long=tuple(float(rate) for rate in table.gains_rates[first:]),
        room=tuple(float(room) for room in np.diff(np.append(ordinary, ends))),
        loss_limit=LOSS_LIMIT / 2.0 if separately else LOSS_LIMIT,
    )


def _stacked(table: TaxTable, status: int, start: float, gain: float) -> float:
    """Long-term gains lie on top of all other income and pass through their own brackets."""
    starts = table.gains_starts[status]
    ends = np.append(starts[1:], np.inf)
    inside = np.clip(np.minimum(start + gain, ends) - np.maximum(start, starts), 0.0, None)
    return float(inside @ table.gains_rates)


_ELSEWHERE = Rates(
    table=None,
    status=0,
    ordinary=0.0,
    short=GAINS_RATE_ELSEWHERE,
    long=(GAINS_RATE_ELSEWHERE,),
    room=(np.inf,),
    loss_limit=0.0,
)


def net(gains: Floats, is_long: Floats) -> tuple[float, float]:
    """Short-term and long-term sums."""
    return float(gains[~is_long.astype(bool)].sum()), float(gains[is_long.astype(bool)].sum())
