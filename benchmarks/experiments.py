"""Experiments looked at every day: how often a difference is seen where there is none, and found where there is one.

    OMP_NUM_THREADS=1 python -m benchmarks.experiments [EXPERIMENTS]

Users' outcomes are skewed and bounded (a beta distribution, 2 and 1); fifty users a day, half of them in each arm.
`at_1_96` looks at the usual interval every day and stops when it excludes no difference.
"""

import json
import sys
from dataclasses import dataclass

import numpy as np

from engine.experiments import LEAST_USERS, NOTHING_TOLD, Arm, compare
from engine.facts import Floats

DAYS = 100
USERS_A_DAY = 25  # in each arm
SEED = 7
SPREAD = (2.0 / 36.0) ** 0.5  # standard deviation of an outcome
JOINING, DECIDING = 10, 0.1
EFFECTS = (0.0, 0.05, 0.1, 0.2)  # standard deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """Experiments x days: what was known of one arm at the end of the day."""

    users: Floats
    mean: Floats
    variance: Floats

    def at(self, experiment: int, day: int) -> Arm:
        return Arm(
            users=int(self.users[day]),
            mean=float(self.mean[experiment, day]),
            variance=float(self.variance[experiment, day]),
        )


def main(experiments: int) -> None:
    """Prints the figures as JSON."""
    report = {"experiments": experiments, "days": DAYS, "users_a_day": 2 * USERS_A_DAY}
    found = {f"effect_{effect}": judged(experiments, effect) for effect in EFFECTS}
    changing = {"fooled_while_outcomes_change": fooled_by_changes(experiments // 4)}
    json.dump(report | found | changing, sys.stdout, indent=2)
    sys.stdout.write("\n")


def judged(experiments: int, effect: float) -> dict[str, float]:
    """Shares of experiments in which the challenger was called better, worse, or either; and the median day of that."""
    random = np.random.default_rng(SEED)
    champion = drawn(random, experiments, 0.0)
    challenger = drawn(random, experiments, effect * SPREAD)
    days = [first_day(champion, challenger, each) for each in range(experiments)]
    ends = [(day, better) for day, better in days if day is not None]
    told = np.array([better for _, better in ends], dtype=np.float64)
    naive = at_1_96(champion, challenger)
    return {
        "at_1_96": round(float(naive.mean()), 4),
        "always_valid": round(len(ends) / experiments, 4),
        "called_better": round(float(told.sum()) / experiments, 4),
        "called_worse": round(float(len(told) - told.sum()) / experiments, 4),
        "median_day": float(np.median([day for day, _ in ends])) if ends else float("nan"),
    }


def first_day(champion: Arms, challenger: Arms, experiment: int) -> tuple[int | None, bool]:
    """The first look at which the difference is certain, and whether it is the challenger that is better."""
    for day in range(DAYS):
        found = compare(champion.at(experiment, day), challenger.at(experiment, day))
        if found and (found.low > 0 or found.high < 0):
            return day + 1, found.is_better
    return None, False


def at_1_96(champion: Arms, challenger: Arms) -> Floats:
    """Experiments in which the usual interval excludes no difference on some day."""
    error = np.sqrt(champion.variance / champion.users + challenger.variance / challenger.users)
    apart = np.abs(challenger.mean - champion.mean) > 1.96 * error
    return np.asarray(apart[:, champion.users >= LEAST_USERS].any(axis=1), dtype=np.float64)


def drawn(random: np.random.Generator, experiments: int, better: float) -> Arms:
    """One arm of each experiment."""
    outcomes = random.beta(2.0, 1.0, (experiments, DAYS, USERS_A_DAY)) + better
    users = USERS_A_DAY * np.arange(1.0, DAYS + 1.0)
    total, squares = (np.cumsum((outcomes**power).sum(axis=2), axis=1) for power in (1, 2))
    mean = total / users
    return Arms(users=users, mean=mean, variance=(squares - users * mean**2) / (users - 1.0))


def fooled_by_changes(experiments: int) -> float:
    """Share of experiments without a difference that are called one, where users decide again and again.

    Ten users a day join each arm; each accepts or dismisses something every tenth day, at a rate of its own, so that
    outcomes that were counted before go on changing.
    """
    random = np.random.default_rng(SEED)
    return round(float(np.mean([_is_fooled(random) for _ in range(experiments)])), 4)


def _is_fooled(random: np.random.Generator) -> bool:
    shape = (2, JOINING * DAYS)
    rate, joined = random.beta(2.0, 2.0, shape), np.repeat(np.arange(DAYS), JOINING)
    made, taken = np.zeros(shape), np.zeros(shape)
    for day in range(DAYS):
        deciding = (joined <= day) & (random.random(shape) < DECIDING)
        made += deciding
        taken += deciding & (random.random(shape) < rate)
        champion, challenger = (_decided(*both) for both in zip(made, taken, strict=True))
        found = compare(champion, challenger)
        if found and (found.low > 0 or found.high < 0):
            return True
    return False


def _decided(made: Floats, taken: Floats) -> Arm:
    some = made > 0
    return Arm.of(((taken[some] / made[some] + NOTHING_TOLD) / 2.0).tolist())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
