"""Comparing two versions on users: who is answered by the challenger, and when it is said to be better.

The test is always valid: it may be looked at every day, and stopped at any look. It is the mixture sequential
probability ratio test for the difference of two means (Johari, Koomen, Pekelis and Walsh, Always Valid Inference,
Operations Research 70, 2022), with the variance of the means estimated from both arms. The mixture is normal around no
difference, as wide as the effects that are worth finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import exp, log, sqrt
from typing import Self
from uuid import UUID

import numpy as np

HASH_BYTES = 8
HASHES = float(2 ** (8 * HASH_BYTES))
EFFECT = 0.1
"""Standard deviations of users' outcomes: the width of the mixture."""
UNSURE = 0.05
"""Of experiments in which nothing differs, at most so many are ever found to differ."""
LEAST_USERS = 100
"""In each arm; with fewer the variance is not known well enough to be spoken of."""
MARGIN = 0.02
"""By which a challenger may be worse before it is stopped."""
NOTHING_TOLD = 0.5
"""The part of an outcome that nothing is known of yet: neither good nor bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """The users answered by one version: how many, the mean of their outcomes, and the variance among them."""

    users: int = 0
    mean: float = 0.0
    variance: float = 0.0

    @classmethod
    def of(cls, outcomes: Sequence[float]) -> Self:
        if not outcomes:
            return cls()
        values = np.array(outcomes)
        return cls(
            users=len(values), mean=float(values.mean()), variance=float(values.var(ddof=min(1, len(values) - 1)))
        )

    def __add__(self, other: "Arm") -> "Arm":
        """Both together."""
        users = self.users + other.users
        if users == 0:
            return self
        mean = (self.users * self.mean + other.users * other.mean) / users
        within = max(self.users - 1, 0) * self.variance + max(other.users - 1, 0) * other.variance
        between = self.users * (self.mean - mean) ** 2 + other.users * (other.mean - mean) ** 2
        return Arm(users=users, mean=mean, variance=(within + between) / max(users - 1, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The challenger's mean less the champion's, and the interval that holds the truth at every look (95 %).

    `probability_better` is 1 less half of the always-valid p-value where the challenger is ahead, else half of it: of
    experiments in which nothing differs, at most 5 % ever show more than 0.975 or less than 0.025. It is a bound on
    being fooled, not a belief: it stays near 0.5 for longer than a posterior would.
    """

    samples: int
    difference: float
    low: float
    high: float
    probability_better: float

    @property
    def is_better(self) -> bool:
        """Whether the challenger is better for certain."""
        return self.low > 0

    @property
    def is_worse(self) -> bool:
        """Whether the challenger is worse for certain, and by more than the margin: the experiment stops."""
        return self.high < -MARGIN


NOBODY = Arm()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Both arms by one yardstick."""

    champion: Arm = NOBODY
    challenger: Arm = NOBODY

    def __add__(self, other: "Pair") -> "Pair":
        """Of other users as well."""
        return Pair(champion=self.champion + other.champion, challenger=self.challenger + other.challenger)

    @property
    def compared(self) -> Comparison | None:
        """None while nothing can be said."""
        return compare(self.champion, self.challenger)


def arm(experiment_id: UUID, user_id: UUID, share: float) -> bool:
    """Whether the challenger answers this user: the same in every process and for as long as the experiment runs.

    Users of one experiment fall anew in the next, since its id is hashed with theirs.
    """
    digest = blake2b(experiment_id.bytes + user_id.bytes, digest_size=HASH_BYTES).digest()
    return int.from_bytes(digest, "big") < share * HASHES


def outcome(promises: float | None, advice: float | None) -> float | None:
    """One user's, at most 1: the mean of what judged promises were worth and of the share of advice that was taken.

    The half of which nothing is known yet counts as neither good nor bad; None where nothing is known at all.
    """
    if promises is None and advice is None:
        return None
    return ((NOTHING_TOLD if promises is None else promises) + (NOTHING_TOLD if advice is None else advice)) / 2.0


def compare(champion: Arm, challenger: Arm) -> Comparison | None:
    """None while too few users of either arm have an outcome, or all outcomes are the same."""
    if min(champion.users, challenger.users) < LEAST_USERS or champion.variance + challenger.variance <= 0:
        return None
    difference = challenger.mean - champion.mean
    noise = champion.variance / champion.users + challenger.variance / challenger.users
    width = EFFECT**2 * (champion.variance + challenger.variance) / 2.0
    radius = _radius(noise, width)
    doubt = _p_value(difference, noise, width) / 2.0
    return Comparison(
        samples=champion.users + challenger.users,
        difference=difference,
        low=difference - radius,
        high=difference + radius,
        probability_better=1.0 - doubt if difference > 0 else doubt,
    )


def _p_value(difference: float, noise: float, width: float) -> float:
    """One over the likelihood ratio of the mixture to no difference, at most 1 (Ville's inequality)."""
    ratio = 0.5 * log(noise / (noise + width)) + width * difference**2 / (2.0 * noise * (noise + width))
    return exp(-max(ratio, 0.0))


def _radius(noise: float, width: float) -> float:
    """The difference at which that p-value is `UNSURE`."""
    return sqrt(2.0 * noise * (noise + width) / width * (log(1.0 / UNSURE) + 0.5 * log((noise + width) / noise)))
