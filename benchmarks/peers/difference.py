"""What two releases of the same cohort tell of a newcomer.

    python -m benchmarks.peers.difference

Somebody who knows when a person joined compares the figures before and after, everybody else unchanged, and guesses
whether that person is among the highest or the lowest: right in half of the cases by chance alone. Synthetic values.
"""

import json
import sys
from collections.abc import Callable

import numpy as np

from engine.facts import Floats
from engine.peers.cohort import Spread, released

SIZES, TRIALS, SEED = (20, 25, 30, 50, 100, 400, 2_000), 500, 0
HIGH, LOW = 0.97, 0.03
BEYOND = 1.3
"""Times as far from the middle as the outermost of thirty-three."""

Release = Callable[[Floats], Spread | None]


def main() -> None:
    """Prints, by people in the cohort, how often the guess is right."""
    json.dump({size: round(guessed(released, size), 2) for size in SIZES}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def guessed(release: Release, people: int, trials: int = TRIALS) -> float:
    """Share of newcomers whose side is guessed from the signs of all changes; half where nothing moves."""
    random, right = np.random.default_rng(SEED), 0.0
    for _ in range(trials):
        values, is_high = random.lognormal(0.0, 1.0, people), random.random() < 0.5
        newcomer = BEYOND * np.quantile(values, HIGH) if is_high else np.quantile(values, LOW) / BEYOND
        sign = _moved(release(values), release(np.append(values, newcomer)))
        right += 0.5 if sign == 0 else float((sign > 0) == is_high)
    return right / trials


def _moved(before: Spread | None, after: Spread | None) -> int:
    """Whether more figures rose or fell."""
    if before is None or after is None:
        return 0
    shared = set(before.levels) & set(after.levels)
    return int(np.sign(sum(np.sign(after.at(level) - before.at(level)) for level in shared)))


if __name__ == "__main__":
    main()
