"""How much a household should be able to live on when income stops: one function a column."""

import numpy as np

from engine.enums import EmploymentStatus
from engine.facts import Facts, Floats
from engine.features.cash_flow import Flow
from engine.features.known import or_zero
from engine.features.sustainable import variation

BASE_MONTHS = {
    EmploymentStatus.EMPLOYED: 3.0,
    EmploymentStatus.SELF_EMPLOYED: 5.0,
    EmploymentStatus.UNEMPLOYED: 6.0,
    EmploymentStatus.RETIRED: 3.0,
    EmploymentStatus.STUDENT: 2.0,
}
UNKNOWN_MONTHS = 3.0
MOST_MONTHS = 9.0
MONTHS_FOR_DEPENDENTS = 1.0
MONTHS_FOR_VARIATION = 2.0
"""Added where monthly income varies by half of its mean, in proportion below: 0.36 is the median in bank data
(JPMorgan Chase Institute, Weathering Volatility 2.0, 2019)."""
FULL_VARIATION = 0.5


def target_months(facts: Facts, flow: Flow) -> Floats:
    """Months of spending to hold in cash, in half months: by employment, more for dependents and unsteady income."""
    table = np.array([BASE_MONTHS[status] for status in EmploymentStatus] + [UNKNOWN_MONTHS])
    base = table[facts.profile.employment]
    family = np.where(or_zero(facts.profile.dependents) > 0, MONTHS_FOR_DEPENDENTS, 0.0)
    unsteady = MONTHS_FOR_VARIATION * np.clip(or_zero(variation(flow)) / FULL_VARIATION, 0.0, 1.0)
    return np.minimum(np.round(2.0 * (base + family + unsteady)) / 2.0, MOST_MONTHS)
