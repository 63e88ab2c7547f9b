"""What is seen of a household before the year that is asked about: columns without a unit of money.

Only cash flows and age are read. Accounts and the rest of the profile have no history: their values of today would tell
a model in training what the year brought.
"""

import numpy as np

from engine.facts import CashFlows, Facts, Flags, Floats
from engine.sustain.target import YEAR, contributions, extra_payments, outflow, put_aside, seen, series, total, window
from engine.transactions import DISCRETIONARY, ESSENTIAL, HOUSING, INCOME, SPENDING

MONTHS = 24
UNEVEN_INCOME = ("bonus", "other_income", "interest_income")
LARGEST = 100.0
"""Of any ratio: keeps figures finite where hardly anything came in."""
NAMES = (
    "put_aside_12_months",
    "put_aside_year_before",
    "put_aside_6_months",
    "put_aside_3_months",
    "to_savings",
    "to_investments",
    "beyond_instalments",
    "taken_back",
    "usual_contribution",
    "months_saving",
    "months_investing",
    "months_since_contribution",
    "left_12_months",
    "left_year_before",
    "left_3_months",
    "left_varies",
    "from_outside",
    "income_varies",
    "income_year_before",
    "income_3_months",
    "months_without_income",
    "from_benefits",
    "uneven_income",
    "to_housing",
    "to_essentials",
    "to_wants",
    "to_debts",
    "age",
    "months_seen",
)
RECORDS = tuple(NAMES.index(name) for name in ("put_aside_12_months", "put_aside_year_before", "usual_contribution"))
"""Columns that a share asked for is compared with."""


def features(facts: Facts) -> Floats:
    """Users x `NAMES`; NaN is not known."""
    found = columns(facts)
    return np.column_stack([found[name] for name in NAMES])


def columns(facts: Facts) -> dict[str, Floats]:
    """Each column by its name."""
    flows = window(facts.cash_flows, MONTHS)
    income = scale(facts)
    found = _saving(flows, income) | _contributing(flows, income) | _surplus(flows, income) | _income(flows, income)
    found |= _spending(window(flows, YEAR), income)
    found |= {"age": facts.profile.age, "months_seen": flows.observed.astype(np.float64)}
    return {name: np.clip(column, -LARGEST, LARGEST) for name, column in found.items()}


def scale(facts: Facts) -> Floats:
    """Income of a mean month of the last year seen: what every share is of. 0 where nothing came in."""
    year = window(facts.cash_flows, YEAR)
    return np.maximum(total(year, INCOME) / np.maximum(year.observed, 1), 0.0)


def last_year(facts: Facts) -> Floats:
    """The rule to beat: what was put aside in the last twelve months, as a share of income."""
    return _share(put_aside(window(facts.cash_flows, YEAR)), scale(facts))


def _saving(flows: CashFlows, income: Floats) -> dict[str, Floats]:
    """Put aside, as the target counts it."""
    spans = {"12_months": (12, 0), "year_before": (24, 12), "6_months": (6, 0), "3_months": (3, 0)}
    parts = {name: window(flows, *span) for name, span in spans.items()}
    return {f"put_aside_{name}": _share(_known(put_aside(part), part), income) for name, part in parts.items()}


def _contributing(flows: CashFlows, income: Floats) -> dict[str, Floats]:
    """How regularly: standing orders that run, pause and are taken back."""
    year = window(flows, YEAR)
    monthly = contributions(year)
    return {
        "to_savings": _month(total(year, ("savings_transfer",)), year, -income),
        "to_investments": _month(total(year, ("investment",)), year, -income),
        "beyond_instalments": _month(extra_payments(year), year, income),
        "taken_back": _month(np.maximum(-monthly, 0.0).sum(axis=1), year, income),
        "usual_contribution": _share(_median(monthly), income),
        "months_saving": _known((series(year, ("savings_transfer",)) < 0).mean(axis=1), year),
        "months_investing": _known((series(year, ("investment",)) < 0).mean(axis=1), year),
        "months_since_contribution": _since(contributions(flows) > 0),
    }


def _surplus(flows: CashFlows, income: Floats) -> dict[str, Floats]:
    """What income left after spending and payments on debts."""
    year, before, quarter = window(flows, YEAR), window(flows, MONTHS, YEAR), window(flows, 3)
    return {
        "left_12_months": _month(_left(year).sum(axis=1), year, income),
        "left_year_before": _month(_left(before).sum(axis=1), before, income),
        "left_3_months": _month(_left(quarter).sum(axis=1), quarter, income),
        "left_varies": _share(_spread(_left(flows), flows), income),
        "from_outside": _month(total(year, ("transfer",)), year, income),
    }


def _income(flows: CashFlows, income: Floats) -> dict[str, Floats]:
    """How steady it is and where it comes from."""
    year, before, quarter = window(flows, YEAR), window(flows, MONTHS, YEAR), window(flows, 3)
    came = series(flows, INCOME)
    return {
        "income_varies": _share(_spread(came, flows), income),
        "income_year_before": _month(total(before, INCOME), before, income),
        "income_3_months": _month(total(quarter, INCOME), quarter, income),
        "months_without_income": _known((series(year, INCOME) <= 0).mean(axis=1), year),
        "from_benefits": _month(total(year, ("benefits",)), year, income),
        "uneven_income": _month(total(year, UNEVEN_INCOME), year, income),
    }


def _spending(year: CashFlows, income: Floats) -> dict[str, Floats]:
    """What it goes to."""
    groups = {"housing": HOUSING, "essentials": ESSENTIAL, "wants": DISCRETIONARY, "debts": ("debt_payment",)}
    return {f"to_{name}": _month(outflow(year, group).sum(axis=1), year, income) for name, group in groups.items()}


def _left(flows: CashFlows) -> Floats:
    return series(flows, INCOME) + series(flows, SPENDING) + series(flows, ("debt_payment",))


def _month(amount: Floats, flows: CashFlows, income: Floats) -> Floats:
    """Of a mean month seen, as a share of income."""
    return _share(_known(amount / np.maximum(flows.observed, 1), flows), income)


def _share(amount: Floats, income: Floats) -> Floats:
    return np.where(income == 0, np.nan, amount / np.where(income == 0, 1.0, income))


def _known(values: Floats, flows: CashFlows) -> Floats:
    """NaN where no month was seen."""
    return np.where(flows.observed > 0, values, np.nan)


def _spread(monthly: Floats, flows: CashFlows) -> Floats:
    """Standard deviation over the months seen, NaN where fewer than three are."""
    count, inside = np.maximum(flows.observed, 1), seen(flows)
    mean = monthly.sum(axis=1) / count
    variance = (((monthly - mean[:, None]) * inside) ** 2).sum(axis=1) / count
    return np.where(flows.observed >= 3, np.sqrt(variance), np.nan)


def _median(monthly: Floats) -> Floats:
    found: Floats = np.median(monthly, axis=1) if monthly.shape[1] else np.zeros(len(monthly))
    return np.asarray(found, dtype=np.float64)


def _since(contributed: Flags) -> Floats:
    """Months since the last one, all of them where there was none."""
    back = np.arange(contributed.shape[1], 0, -1) - 1
    found = np.where(contributed, back[None, :], contributed.shape[1])
    return np.asarray(found.min(axis=1, initial=MONTHS), dtype=np.float64)
