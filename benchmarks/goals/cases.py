"""Generated goals and households on which the goal mathematics is measured."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.goals.columns import Floats, Goals, Positions
from engine.goals.contribution import required_contribution
from engine.goals.pool import Pools
from engine.goals.projection import wealth_reached
from engine.goals.returns import GLIDES

# Growth of the contribution and shift of the return.
GROWTH_AND_SHIFT = np.array([(0, 0), (0, 0), (0.02, 0), (0, 0.01), (-0.02, -0.01), (0.03, -0.02)])


def single_goals(count: int, seed: int, longest: int = 480) -> Goals:
    """Dates from a year, any share of savings, targets between the 3rd and the 97th percentile of wealth."""
    generator = np.random.default_rng(seed)
    months = np.rint(np.exp(generator.uniform(np.log(12), np.log(longest), count))).astype(np.int64)
    growth, shift = GROWTH_AND_SHIFT[generator.integers(len(GROWTH_AND_SHIFT), size=count)].T
    share = np.where(generator.random(count) < 0.15, 0.0, generator.random(count))
    goals = Goals.of(
        glide=generator.integers(len(GLIDES), size=count),
        months=months,
        saved=share * 1e5,
        contribution=(1 - share) * 1e5 / months,
        target=1.0,
        growth=growth,
        return_shift=shift,
    )
    return replace(goals, target=wealth_reached(goals, generator.uniform(0.03, 0.97, count)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Households with several goals each and a budget that covers 20 to 100 per cent of what they need."""

    goals: Goals
    household: Positions
    weight: Floats
    budget: Floats
    needed: Floats


def budget_households(count: int, seed: int) -> Budgets:
    generator = np.random.default_rng(seed)
    household = np.repeat(np.arange(count), generator.integers(2, 7, count))
    rows = len(household)
    goals = Goals.of(
        glide=generator.integers(len(GLIDES), size=rows),
        months=np.rint(np.exp(generator.uniform(np.log(12), np.log(420), rows))).astype(np.int64),
        saved=np.where(generator.random(rows) < 0.4, 0.0, np.exp(generator.normal(8.5, 1.2, rows))),
        target=np.exp(generator.normal(10.5, 1, rows)),
    )
    needed = required_contribution(goals)
    budget = np.bincount(household, needed, count) * generator.uniform(0.2, 1.0, count)
    weight = generator.choice([1.0, 2.0, 4.0, 8.0], rows)
    return Budgets(goals=goals, household=household, weight=weight, budget=budget, needed=needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolCase:
    """One household's pool and its dated goals, by date."""

    wealth: float
    contribution: float
    months: NDArray[np.int64]
    target: Floats
    weight: Floats

    def pools(self) -> Pools:
        one = np.ones(1)
        return Pools(
            wealth=one * self.wealth, contribution=one * self.contribution, growth=one * 0, return_shift=one * 0
        )


def pool_cases(count: int, seed: int) -> list[PoolCase]:
    generator = np.random.default_rng(seed)
    return [_pool_case(generator) for _ in range(count)]


def _pool_case(generator: np.random.Generator) -> PoolCase:
    """2 to 7 goals within 5 to 40 years; money, today's and to come, worth 20 to 120 per cent of them at 3 per cent."""
    goals, years = int(generator.integers(2, 8)), int(generator.integers(5, 41))
    months = np.sort(generator.integers(12, 12 * years + 1, goals))
    target = np.exp(generator.normal(10.3, 1, goals)).round()
    worth = (target * 1.03 ** (-months / 12)).sum() * generator.uniform(0.2, 1.2)
    saved = generator.random()
    annuity = 12 * (1 - 1.03 ** (-months[-1] / 12)) / 0.03
    return PoolCase(
        wealth=worth * saved,
        contribution=worth * (1 - saved) / annuity,
        months=months,
        target=target,
        weight=generator.choice([1.0, 2.0, 4.0, 8.0], goals),
    )
