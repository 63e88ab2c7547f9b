"""The best that a household's money could do in a month or a year, as a mixed-integer program solved by HiGHS.

What the allocator settles by order is left to the solver: which deductions take the room in the higher tax bracket,
how IRA money is split, what a retirement goal claims, when in the year a limit is used, which transfers are too small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from engine.enums import UNKNOWN
from engine.household.pieces import Pieces, Place
from engine.household.worth import INVESTED, LEAST_TRANSFER

TIME_LIMIT_SECONDS = 20.0
GAP = 1e-6
CENT = 0.01
PLACES = tuple(Place)
RETIREMENT = (Place.PLAN, Place.TRADITIONAL_IRA, Place.ROTH_IRA)
ALWAYS_FULL_WORTH = (Place.MATCH,)
"""A match is lost month by month: what it brings does not shrink as the year goes by, nor can it be caught up."""

Slot = tuple[Place, int]
"""A place and the account or goal that it serves; one slot for each kind of retirement account."""
Terms = dict[int, float]
Payments = Mapping[Slot, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One household; money a month."""

    rows: Pieces
    budget: float
    room: float
    deferral: tuple[float, float]
    """Worth of deferring tax at the rate of the last unit of income, and at the next."""
    plan_limit: float
    ira_limit: float
    roth_limit: float
    deductible_limit: float
    claimed: float
    """By the first retirement goal, beyond what a match brings."""
    bonus: float
    retirement_goal: int


def slot(rows: Pieces, row: int) -> Slot:
    """The slot of a row of pieces."""
    place = PLACES[rows.place[row]]
    if place in RETIREMENT:
        return place, UNKNOWN
    return place, int(rows.goal[row] if place is Place.GOAL else rows.account[row])


def value(case: Case, months: int, given: Sequence[Payments] | None = None) -> float:
    """Money a year that the best payments are worth; with `given` payments of each month, what those are worth.

    But for a match, limits hold over all months together: what the law allows in a year may be paid late in it, or
    early. A goal may be paid late, not early.
    """
    program = Program()
    least = LEAST_TRANSFER if given is None else 0.0  # what fills a place may be less
    paid = [_month(program, case, least) for _ in range(months)]
    weights = [(months - month) / months for month in range(months)]
    _steps(program, case, paid, weights)
    _retirement(program, case, paid, weights)
    for columns, amounts in zip(paid, given or [], strict=given is not None):
        for key, column in columns.items():
            program.between({column: 1.0}, amounts.get(key, 0.0) - CENT, amounts.get(key, 0.0) + CENT)
    return program.solve()


@dataclass(slots=True)
class Program:
    """Columns and rows as they are added; `value` is maximised."""

    value: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)
    parts: dict[int, list[int]] = field(default_factory=dict)
    """Columns that are the sum of others."""

    def column(self, value: float = 0.0, most: float = np.inf, *, whole: bool = False) -> int:
        """A variable from 0 to the most."""
        self.value.append(value)
        self.most.append(most)
        self.whole.append(int(whole))
        return len(self.value) - 1

    def between(self, terms: Terms, least: float, most: float) -> None:
        """Bounds of a sum."""
        if terms:
            self.rows.append((terms, least, most))

    def at_most(self, columns: Sequence[int], most: float) -> None:
        """The most of a plain sum."""
        self.between(dict.fromkeys(columns, 1.0), -np.inf, most)

    def solve(self) -> float:
        """The greatest value."""
        cells = [(row, column, share) for row, (terms, _, _) in enumerate(self.rows) for column, share in terms.items()]
        row, column, share = zip(*cells, strict=True)
        matrix = csr_array((share, (row, column)), shape=(len(self.rows), len(self.value)))
        bounds = [least for _, least, _ in self.rows], [most for _, _, most in self.rows]
        found = milp(
            -np.array(self.value),
            integrality=np.array(self.whole),
            bounds=Bounds(0, np.array(self.most)),
            constraints=LinearConstraint(matrix, *bounds),
            options={"time_limit": TIME_LIMIT_SECONDS, "mip_rel_gap": GAP},
        )
        if found.x is None:
            raise ValueError(found.message)
        return -float(found.fun)


def _month(program: Program, case: Case, least: float) -> dict[Slot, int]:
    """One column a slot; each transfer is nothing or at least the smallest; together they stay in the budget."""
    slots = {slot(case.rows, row) for row in range(len(case.rows))} | {(place, UNKNOWN) for place in RETIREMENT}
    paid = {key: program.column() for key in sorted(slots)}
    for column in paid.values():
        on = program.column(most=1, whole=True)
        program.between({column: 1, on: -case.budget}, -np.inf, 0)
        program.between({column: 1, on: -least}, 0, np.inf)
    program.at_most(list(paid.values()), case.budget)
    return paid


def _steps(program: Program, case: Case, paid: list[dict[Slot, int]], weights: list[float]) -> None:
    """Places outside retirement: a transfer is the sum of its steps, each with its worth and room."""
    rows = [row for row in range(len(case.rows)) if slot(case.rows, row)[0] not in RETIREMENT]
    for row in rows:
        key, limit, stock = slot(case.rows, row), float(case.rows.limit[row]), float(case.rows.stock[row])
        monthly = key[0] in ALWAYS_FULL_WORTH
        share = [1.0] * len(paid) if monthly else weights
        steps = [program.column(float(case.rows.worth[row]) * part, limit if monthly else np.inf) for part in share]
        program.at_most(steps, min(limit * len(paid), stock, 1e12))
        if key[0] is Place.GOAL:
            _not_ahead(program, steps, limit)
        for step, columns in zip(steps, paid, strict=True):
            program.parts.setdefault(columns[key], []).append(step)
    for column, steps in program.parts.items():
        program.between({column: -1.0, **dict.fromkeys(steps, 1.0)}, 0, 0)


def _retirement(program: Program, case: Case, paid: list[dict[Slot, int]], weights: list[float]) -> None:
    """Limits, the room in the higher bracket, and the first units, which a retirement goal claims."""
    high, low, claimed = ([program.column() for _ in paid] for _ in range(3))
    for month, (columns, weight) in enumerate(zip(paid, weights, strict=True)):
        plan, traditional, roth = (columns[place, UNKNOWN] for place in RETIREMENT)
        program.between({plan: -1.0, traditional: -1.0, high[month]: 1.0, low[month]: 1.0}, 0, 0)
        program.between({claimed[month]: 1.0, plan: -1.0, traditional: -1.0, roth: -1.0}, -np.inf, 0)
        program.value[high[month]] = (INVESTED + case.deferral[0]) * weight
        program.value[low[month]] = (INVESTED + case.deferral[1]) * weight
        program.value[roth] = INVESTED * weight
        program.value[claimed[month]] = case.bonus * weight
    _limits(program, case, paid)
    _bracket(program, case, paid, high)
    program.at_most([*claimed, *_of(paid, Place.GOAL, case.retirement_goal)], case.claimed * len(paid))
    _not_ahead(program, claimed, case.claimed)


def _not_ahead(program: Program, steps: Sequence[int], limit: float) -> None:
    """A goal is worth being on time: what it asks for a month may be caught up, but paid early it is worth no more."""
    for month in range(1, len(steps)):
        program.at_most(steps[:month], limit * month)


def _limits(program: Program, case: Case, span: list[dict[Slot, int]]) -> None:
    """The law's limits over a span of months."""
    plan, traditional, roth = (_of(span, place) for place in RETIREMENT)
    program.at_most([*plan, *_of(span, Place.MATCH)], max(case.plan_limit, _matched(case)) * len(span))
    if case.plan_limit == 0:
        program.at_most(plan, 0.0)
    program.at_most(traditional, case.deductible_limit * len(span))
    program.at_most(roth, case.roth_limit * len(span))
    program.at_most([*traditional, *roth], case.ira_limit * len(span))


def _bracket(program: Program, case: Case, span: list[dict[Slot, int]], high: list[int]) -> None:
    """Match and health savings take the room first; what they leave, if anything, is for the others."""
    room, most = case.room * len(span), case.budget * len(span)
    before = dict.fromkeys([*_of(span, Place.MATCH), *_of(span, Place.HSA)], 1.0)
    none_left = program.column(most=1, whole=True)
    program.between({**before, **dict.fromkeys(high, 1.0), none_left: -most}, -np.inf, room)
    program.between({**dict.fromkeys(high, 1.0), none_left: most}, -np.inf, most)


def _of(paid: list[dict[Slot, int]], place: Place, target: int | None = None) -> list[int]:
    return [
        column
        for columns in paid
        for key, column in columns.items()
        if key[0] is place and (target is None or key[1] == target)
    ]


def _matched(case: Case) -> float:
    match = np.array([PLACES[place] is Place.MATCH for place in case.rows.place], dtype=np.bool_)
    return float(case.rows.limit[match].sum())
