"""Tax on realised gains: what the law takes (checked after every plan) and its convex majorant (inside the program)."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import FilingStatus, code
from engine.facts import Facts
from engine.features.income import filing_status, gross_income, pays_us_tax
from engine.features.known import or_zero
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
    carried: float = 0.0
    """Net losses of earlier years, taken for long-term: how much of them is short-term is not known, and would save
    more."""


def rates(facts: Facts) -> list[Rates]:
    """What each household of the batch pays."""
    table, status, applies = federal(), filing_status(facts), pays_us_tax(facts)
    taxable = taxable_income(table, status, gross_income(facts))
    carried = or_zero(facts.profile.capital_loss_carryforward)
    return [
        replace(rates_of(int(status[user]), float(taxable[user])) if applies[user] else _ELSEWHERE, carried=before)
        for user, before in enumerate(carried.tolist())
    ]


def owed(rates: Rates, short: float, long: float) -> float:
    """How results of a year change what is owed: tax on a net gain, less what a net loss saves on other income.

    Against selling nothing: a gain also uses up losses of earlier years that would have saved something this year.
    """
    return _settled(rates, short, long) - _settled(rates, 0.0, 0.0)


def _settled(rates: Rates, short: float, long: float) -> float:
    return law_tax(rates, short, long) - loss_relief(rates, short, long)


def law_tax(rates: Rates, short: float, long: float) -> float:
    """Tax on net short-term and long-term results of a year and losses of before; a net loss owes nothing."""
    long -= rates.carried
    if short < 0 < long or long < 0 < short:
        net = short + long
        short, long = (net, 0.0) if short > 0 else (0.0, net)
    short, long = max(short, 0.0), max(long, 0.0)
    if not short and not long:
        return 0.0
    if rates.table is None:
        return GAINS_RATE_ELSEWHERE * (short + long)
    start = rates.ordinary + short
    return _income_tax(rates, start) - _income_tax(rates, rates.ordinary) + _stacked(rates, start, long)


def loss_relief(rates: Rates, short: float, long: float) -> float:
    """What a net loss, those of before included, saves on other income this year."""
    used = min(max(rates.carried - short - long, 0.0), rates.loss_limit, rates.ordinary)
    return _income_tax(rates, rates.ordinary) - _income_tax(rates, rates.ordinary - used) if used > 0 else 0.0


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


def _income_tax(rates: Rates, taxable: float) -> float:
    if rates.table is None:
        return 0.0
    return float(income_tax(rates.table, np.array([rates.status], dtype=np.int8), np.array([taxable]))[0])


def _stacked(rates: Rates, start: float, gain: float) -> float:
    """Long-term gains lie on top of all other income and pass through their own brackets."""
    if rates.table is None:
        return 0.0
    starts = rates.table.gains_starts[rates.status]
    ends = np.append(starts[1:], np.inf)
    inside = np.clip(np.minimum(start + gain, ends) - np.maximum(start, starts), 0.0, None)
    return float(inside @ rates.table.gains_rates)


_ELSEWHERE = Rates(
    table=None,
    status=0,
    ordinary=0.0,
    short=GAINS_RATE_ELSEWHERE,
    long=(GAINS_RATE_ELSEWHERE,),
    room=(np.inf,),
    loss_limit=0.0,
)
