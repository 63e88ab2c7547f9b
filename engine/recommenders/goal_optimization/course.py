"""The course of each goal's money: a contribution now, perhaps a greater one later, and until when.

More comes later where debts and the emergency fund before the goal are full by then, or where another goal is reached.
What is paid in before that counts without its returns, so the probabilities are on the careful side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.enums import GoalKind
from engine.facts import Facts, Flags, Floats, Positions
from engine.goals.columns import Goals
from engine.goals.probability import success_probability
from engine.goals.timeline import NEVER, earliest_months
from engine.household import Plan
from engine.household.aims import ENOUGH, is_kind, reached
from engine.household.freed import Freed, freed, fund_freed, overstated
from engine.household.split import contributions, growing
from engine.recommenders.goal_optimization.handover import handed_over

CLOSE_ENOUGH = 0.005
"""Half a point of probability below enough moves no date."""
LATEST_RETIREMENT_AGE, LATEST_AGE = 75.0, 85.0
"""Beyond these a later date is no advice, and another target or more money is."""
LONGEST_DELAY_MONTHS = 300
"""Of a goal beside retirement: who wants a car next year does not plan it for 2060."""
FAR = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One row a goal: from some month on the contribution is another; `goals` is what the goal is by then."""

    start: Positions
    own: Floats
    """A month, of the household's own money."""
    goals: Goals
    """Saved by then, with the contribution from then on and the months that are left; 0 where none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One row a goal."""

    contribution: Floats
    """A month, of the household's own money."""
    start: Positions
    """Months until the later contribution begins; 0 where there is none."""
    later: Floats
    """The later contribution, of the household's own money."""
    first: Goals
    """With the first contribution, by the date that is planned for."""
    last: Goals
    """What the goal is when the last contribution begins, with the months that are left until the end."""
    end: Positions
    """Months until the recommended date."""
    by_date: Floats
    """Probability by the date that is planned for."""
    short: Flags
    """Whether that is not enough."""
    never: Flags
    """Whether no date is that anybody would plan for."""


def course(facts: Facts, made: Plan, *, fixed: bool) -> Course:
    """On time where any phase suffices, else by the earliest date; where the budget is `fixed`, no debt frees money."""
    phases = [_now(facts, made)]
    if not fixed:
        phases.append(_once_full(facts, made, phases[0]))
    phases.append(_handed_over(facts, made, phases))
    by_phase = np.stack([_by_date(phase) for phase in phases])
    by_date, short = by_phase.max(axis=0), _short(made, by_phase)
    ends = np.stack([_earliest(phase, short) for phase in phases])
    ends[ends > _latest(facts, made.aims.goals.months)] = FAR
    # The first phase that is on time; where none is, the one that ends first.
    on_time = np.argmax(by_phase >= np.minimum(by_date, ENOUGH - CLOSE_ENOUGH), axis=0)
    chosen = np.where(short, np.argmin(ends, axis=0), on_time)
    return _course(phases, chosen, ends.min(axis=0), (by_date, short))


def _course(phases: Sequence[Phase], chosen: Positions, earliest: Positions, known: tuple[Floats, Flags]) -> Course:
    by_date, short = known
    first, never = phases[0].goals, short & (earliest == FAR)
    end = np.where(short & ~never, earliest, first.months)
    picked = np.where(never, 0, chosen)
    start = np.where(picked > 0, np.stack([phase.start for phase in phases])[picked, np.arange(len(picked))], 0)
    return Course(
        contribution=phases[0].own,
        start=start,
        later=_picked([phase.own for phase in phases], picked),
        first=first,
        last=replace(
            first,
            saved=_picked([phase.goals.saved for phase in phases], picked),
            contribution=_picked([phase.goals.contribution for phase in phases], picked),
            months=end - start,
        ),
        end=end,
        by_date=by_date,
        short=short,
        never=np.asarray(never, dtype=np.bool_),
    )


def _picked(columns: Sequence[Floats], rows: Positions) -> Floats:
    return np.asarray(np.stack(columns)[rows, np.arange(len(rows))], dtype=np.float64)


def _now(facts: Facts, made: Plan) -> Phase:
    own, goals = contributions(facts, made.goal, made.amount), made.aims.goals
    less = overstated(facts, made, made.amount, np.zeros(len(own)), goals.months.astype(np.float64))
    grown = np.maximum(growing(facts, made.places, made.goal, made.amount) - less, 0.0)
    return Phase(start=np.zeros(len(own), dtype=np.int64), own=own, goals=goals.paying(grown))


def _once_full(facts: Facts, made: Plan, now: Phase) -> Phase:
    """Once debts and the emergency fund are full, or for an emergency goal the debts; as now where nothing changes.

    What a fund beyond the one that the household should hold gets is less than what its steps get, and comes all the
    same.
    """
    is_fund = is_kind(facts, GoalKind.EMERGENCY_FUND)
    goes_on, whole = fund_freed(facts, made), freed(facts, made)
    between = _once(now, now, goes_on, is_fund & (goes_on.own > now.own))
    return _once(now, between, whole, (whole.own > between.own) | (is_fund & (whole.own > 0)))


def _once(now: Phase, before: Phase, after: Freed, who: Flags) -> Phase:
    start = np.where(who & (after.months >= 1) & (after.months > before.start), after.months, 0).astype(np.int64)
    return _then(now, before, start, (after.own, after.growing), after.put)


def _handed_over(facts: Facts, made: Plan, phases: Sequence[Phase]) -> Phase:
    """Once other goals of the household that are on time are reached, and their money is free."""
    short, before = _short(made, np.stack([_by_date(phase) for phase in phases])), phases[-1]
    lacking = np.where(short, np.maximum(made.aims.required - before.own, 0.0), 0.0)
    paid = np.where(short | reached(made.aims.goals), 0.0, before.own)
    start, more = handed_over(facts, made.aims.goals.months, paid, lacking)
    start = np.where(start > before.start, start, 0)
    put = before.goals.saved - phases[0].goals.saved + before.goals.contribution * (start - before.start)
    return _then(phases[0], before, start, (before.own + more, before.goals.contribution + more), put)


def _then(now: Phase, before: Phase, start: Positions, paid: tuple[Floats, Floats], put: Floats) -> Phase:
    """The phase that begins in the month `start`, by when so much was put in; as the one before where it is 0."""
    begins = start > 0
    own = np.where(begins, paid[0], before.own)
    grown = np.where(begins, paid[1], before.goals.contribution)
    months = np.where(begins, np.maximum(now.goals.months - start, 0), before.goals.months)
    saved = np.where(begins, now.goals.saved + put, before.goals.saved)
    goals = replace(before.goals, saved=saved, contribution=grown, months=months)
    return Phase(start=np.where(begins, start, before.start), own=own, goals=goals)


def _latest(facts: Facts, wanted: Positions) -> Floats:
    """Months from now, by goal, beyond which a date is no advice: of a life, and of a delay but for retirement."""
    retirement = is_kind(facts, GoalKind.RETIREMENT)
    latest = np.where(retirement, LATEST_RETIREMENT_AGE, LATEST_AGE)
    left = 12.0 * (latest - facts.profile.age[facts.goals.user])
    of_a_life = np.where(np.isnan(left), np.inf, np.maximum(left, 0.0))
    return np.where(retirement, of_a_life, np.minimum(of_a_life, wanted + LONGEST_DELAY_MONTHS))


def _by_date(phase: Phase) -> Floats:
    """Probability by the date that is planned for, none where the phase begins after it; certain where reached."""
    known = success_probability(replace(phase.goals, months=np.maximum(phase.goals.months, 1)))
    begun = np.where(phase.goals.months >= 1, np.clip(known, 0.0, 1.0), 0.0)
    return np.where(reached(phase.goals) & (phase.start == 0), 1.0, begun)


def _short(made: Plan, by_phase: Floats) -> Flags:
    enough = by_phase.max(axis=0) >= ENOUGH - CLOSE_ENOUGH
    return np.asarray(~reached(made.aims.goals) & ~enough, dtype=np.bool_)


def _earliest(phase: Phase, short: Flags) -> Positions:
    """Months from now to the earliest date that suffices, for goals that are short; `FAR` where none does."""
    ends, rows = np.full(len(short), FAR), np.flatnonzero(short)
    found = earliest_months(replace(phase.goals, months=np.maximum(phase.goals.months, 1)).rows(rows))
    ends[rows] = np.where(found == NEVER, FAR, found + phase.start[rows])
    return ends
