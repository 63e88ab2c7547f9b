"""Scales: points for marks, linear between them, and what it takes to reach the next better mark."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Marks ascend; points ascend where more is better, else descend."""

    marks: tuple[float, ...]
    points: tuple[float, ...]

    @property
    def rises(self) -> bool:
        return self.points[-1] > self.points[0]

    def score(self, value: Floats) -> Floats:
        """Points at the value."""
        return np.asarray(np.interp(value, self.marks, self.points), dtype=np.float64)

    def next_mark(self, value: Floats) -> Floats:
        """The nearest better mark; the value itself where none is better."""
        marks = np.array(self.marks)
        if self.rises:
            position = np.minimum(np.searchsorted(marks, value + NEAR, side="right"), len(marks) - 1)
            return np.asarray(np.maximum(marks[position], value), dtype=np.float64)
        position = np.maximum(np.searchsorted(marks, value - NEAR, side="left") - 1, 0)
        return np.asarray(np.minimum(marks[position], value), dtype=np.float64)


NEAR = 1e-6
"""A value so close to a mark has reached it."""

KEPT = Scale(marks=(-0.10, 0.0, 0.10, 0.20), points=(0.0, 45.0, 80.0, 100.0))
"""Share of income not spent: none is coping; 20 % is the usual counsel (Warren and Tyagi 2005)."""
FEE_MONTHS = Scale(marks=(0.0, 0.25, 0.5, 1.0), points=(100.0, 60.0, 30.0, 0.0))
"""Share of months with fees: one late or overdraft fee a quarter is a pattern."""
LIQUID_MONTHS = Scale(marks=(0.0, 1.0, 3.0, 6.0), points=(0.0, 35.0, 75.0, 100.0))
"""Months of spending in cash: three to six is the usual counsel."""
CONSUMER_DEBT = Scale(marks=(0.0, 0.2, 0.5, 1.0), points=(100.0, 70.0, 35.0, 0.0))
"""To gross income a year, without a mortgage."""
ALL_DEBT = Scale(marks=(0.0, 1.0, 2.5, 5.0), points=(100.0, 70.0, 35.0, 0.0))
"""To gross income a year, of an owner whose accounts are not known: most of it is the home."""
DEBT_SERVICE = Scale(marks=(0.05, 0.20, 0.36, 0.50), points=(100.0, 75.0, 40.0, 0.0))
"""To gross income: US lenders' limits are 36 % as a rule and 43 to 50 % at most."""
RETIREMENT = Scale(marks=(0.0, 0.25, 0.5, 0.75, 1.0), points=(0.0, 25.0, 50.0, 75.0, 100.0))
"""Share of what should be invested by this age."""
HOUSING = Scale(marks=(0.15, 0.28, 0.40, 0.60), points=(100.0, 75.0, 40.0, 0.0))
"""To gross income: 28 % is the usual limit; above 30 % counts as a burden (HUD), above 50 % as a severe one."""
INSURED = Scale(marks=(0.0, 0.5), points=(50.0, 100.0))
"""Share of months in which insurance was paid; none seen may mean that an employer pays."""
RETIREMENT_NEED = Scale(marks=(25, 30, 40, 50, 60, 67, 75, 85, 95), points=(0, 1, 3, 6, 8, 10, 8.5, 6, 4))
"""Years of spending to have invested by age: Fidelity's milestones up to 67, then an annuity's value at 4 %."""
