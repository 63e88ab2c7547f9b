"""What the capacity to bear risk rests on, as columns."""

from dataclasses import dataclass

import numpy as np

from engine.enums import UNKNOWN, AccountKind, EmploymentStatus, code
from engine.facts import Codes, Facts, Floats
from engine.features.balance_sheet import balance, cash, has_accounts, invested, required_payments, total_debt
from engine.features.cash_flow import DRAW, Flow, cash_flow
from engine.features.horizon import LAST_AGE, RETIREMENT_AGE, is_invested_for, years_left
from engine.features.income import MONTHS, gross_income
from engine.features.known import or_zero
from engine.features.sustainable import variation

LEAST_YEARS = 5.0
"""Of work still ahead for who works beyond the retirement age."""
MOST_MONTHS = 120.0
MATERIAL = 0.10
"""Of what is held: smaller goals do not decide how the rest is invested."""
AT_RISK = ("US_EQUITY", "INTL_EQUITY", "EM_EQUITY", "REAL_ESTATE", "COMMODITIES", "HIGH_YIELD")
"""Asset classes that fall with the economy."""
USUAL_PAYMENT = 0.01
"""Of debt a month, where accounts are not known: between a mortgage's 0.5 % and a card's 3 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """One value a user; NaN is not known."""

    employment: Codes
    variation: Floats
    """Of monthly income, over its mean."""
    emergency_months: Floats
    """Of spending that cash pays for; not known where spending is not."""
    debt_service: Floats
    """What lenders ask for, as a share of income before tax."""
    horizon: Floats
    """Years to the nearest goal that matters, retirement among them; for the retired, half of the years ahead."""
    dependents: Floats
    working_years: Floats
    """That pay can still be expected for."""
    wealth_at_risk: Floats
    """Share of what is owned, without the home, that moves with markets or hangs on one's own business."""


def inputs(facts: Facts) -> Inputs:
    """The columns of a batch."""
    flow = cash_flow(facts)
    return Inputs(
        employment=facts.profile.employment,
        variation=variation(flow),
        emergency_months=_emergency_months(facts, flow),
        debt_service=_debt_service(facts),
        horizon=_horizon(facts),
        dependents=facts.profile.dependents,
        working_years=_working_years(facts),
        wealth_at_risk=_wealth_at_risk(facts),
    )


def _emergency_months(facts: Facts, flow: Flow) -> Floats:
    months = np.minimum(cash(facts) / np.maximum(flow.spending, 1.0), MOST_MONTHS)
    return np.where(flow.stated, months, np.nan)


def _debt_service(facts: Facts) -> Floats:
    asked = np.where(has_accounts(facts), required_payments(facts), USUAL_PAYMENT * total_debt(facts))
    income = gross_income(facts) / MONTHS + _draw(facts)
    return np.minimum(asked / np.maximum(income, 1.0), 1.0)


def _draw(facts: Facts) -> Floats:
    """What the retired can take out of investments a month for good."""
    return np.where(_retired(facts), DRAW / MONTHS * or_zero(invested(facts)), 0.0)


def _horizon(facts: Facts) -> Floats:
    age = facts.profile.age
    later = np.where(_retired(facts), (LAST_AGE - age) / 2.0, np.maximum(RETIREMENT_AGE - age, LEAST_YEARS))
    goals = facts.goals
    held = cash(facts) + or_zero(invested(facts))
    matters = is_invested_for(facts) & (goals.target_amount >= MATERIAL * held[goals.user])
    nearest = np.full(len(facts), np.inf)
    np.minimum.at(nearest, goals.user[matters], np.maximum(years_left(facts)[matters], 0.0))
    return np.where(np.isnan(later) & np.isinf(nearest), np.nan, np.fmin(np.maximum(later, 0.0), nearest))


def _working_years(facts: Facts) -> Floats:
    """None for the retired; not known where age or employment is not."""
    employment = facts.profile.employment
    left = np.maximum(RETIREMENT_AGE - facts.profile.age, 0.0)
    return np.where(_retired(facts), 0.0, np.where(employment == UNKNOWN, np.nan, left))


def _wealth_at_risk(facts: Facts) -> Floats:
    """Nothing is at risk where nothing is owned."""
    holdings = facts.holdings
    growth = np.isin(holdings.asset_class.astype(str), AT_RISK)
    market = facts.total(holdings.user[growth], or_zero(holdings.market_value[growth]))
    business = np.maximum(balance(facts, (AccountKind.BUSINESS,)), 0.0)
    others = np.maximum(balance(facts, (AccountKind.OTHER_ASSET,)), 0.0)
    held = facts.total(holdings.user, or_zero(holdings.market_value))
    safe = cash(facts) + others + np.maximum(or_zero(invested(facts)) - held, 0.0) + held - market
    owned = safe + market + business
    return (market + business) / np.where(owned > 0, owned, np.inf)


def _retired(facts: Facts) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(facts.profile.employment == code(EmploymentStatus.RETIRED), dtype=np.bool_)
