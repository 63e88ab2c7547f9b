"""What households own and owe by component, drawn from a cell and brought to the survey's sums."""

import numpy as np

from engine.facts import Floats
from engine.population.survey import Bridge, Cell

OWNED = ("house", "vehicle", "real_estate", "business", "other_asset", "taxable", "ira", "plan")
OWED = ("mortgage", "real_estate_debt", "card", "student_loan", "vehicle_loan", "other_loan")
LIQUID = ("checking", "savings")
BENT = 1_000.0  # dollars: net worth is bridged on a scale that is linear well below and logarithmic well above
LEAST_FACTOR, MOST_FACTOR = 0.4, 2.0  # no asset or debt is bridged further


def components(cell: Cell, columns: dict[str, Floats], *, bridged: bool = True) -> dict[str, Floats]:
    """Dollars of every component; debts are positive."""
    wealth = {name: columns[name] for name in (*OWNED, "card", "student_loan", "vehicle_loan", "other_loan")}
    wealth["savings"] = columns["liquid"] * columns["savings_share"]
    wealth["checking"] = columns["liquid"] - wealth["savings"]
    wealth["mortgage"] = columns["house"] * columns["mortgage_ratio"]
    wealth["real_estate_debt"] = columns["real_estate"] * columns["real_estate_debt_ratio"]
    if bridged:
        _bridge_debt(cell.debt, wealth)
        _bridge_net_worth(cell.net_worth, wealth)
    return wealth


def debt(wealth: dict[str, Floats]) -> Floats:
    """All that is owed."""
    return np.asarray(np.sum([wealth[name] for name in OWED], axis=0), dtype=np.float64)


def net_worth(wealth: dict[str, Floats]) -> Floats:
    """All that is owned less all that is owed."""
    owned = np.sum([wealth[name] for name in (*OWNED, *LIQUID)], axis=0)
    return np.asarray(owned - debt(wealth), dtype=np.float64)


def _bridge_debt(bridge: Bridge, wealth: dict[str, Floats]) -> None:
    drawn = np.maximum(debt(wealth), 1.0)
    aimed = np.exp(np.interp(np.log(drawn), np.log(bridge.drawn), np.log(bridge.survey / bridge.drawn))) * drawn
    factor = np.where(drawn < bridge.least, 0.0, np.clip(aimed / drawn, LEAST_FACTOR, MOST_FACTOR))
    for name in OWED:
        wealth[name] = wealth[name] * factor


def _bridge_net_worth(bridge: Bridge, wealth: dict[str, Floats]) -> None:
    """Moves what is owned but not liquid; liquid assets and debts have quantiles of their own."""
    drawn = net_worth(wealth)
    bent = np.arcsinh(drawn / BENT)
    shift = np.interp(bent, np.arcsinh(bridge.drawn / BENT), _bent_shift(bridge))
    missing = np.sinh(bent + shift) * BENT - drawn
    owned = np.sum([wealth[name] for name in OWNED], axis=0)
    factor = np.clip(1.0 + missing / np.maximum(owned, 1.0), LEAST_FACTOR, MOST_FACTOR)
    for name in OWNED:
        wealth[name] = wealth[name] * factor


def _bent_shift(bridge: Bridge) -> Floats:
    return np.asarray(np.arcsinh(bridge.survey / BENT) - np.arcsinh(bridge.drawn / BENT), dtype=np.float64)
