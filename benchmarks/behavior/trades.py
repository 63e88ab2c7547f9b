"""Habits of trades on other draws of the demo population (synthetic): other households in other markets.

    OMP_NUM_THREADS=1 python -m benchmarks.behavior.trades [SEED ...]

Nothing was chosen on the draws that it takes where none is named.
"""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date

from benchmarks.behavior.demo import demo
from benchmarks.behavior.habits import judged
from engine.behavior.biases import Bias
from engine.behavior.disposition import disposition
from engine.behavior.herding import herding
from engine.behavior.lots import Lots, lots
from engine.behavior.trading import overtrading
from engine.enums import BiasKind
from engine.facts import Facts

TODAY = date(2026, 9, 15)
USERS, DRAWN = 4_000, (52_091, 63_113)
TRADES: dict[BiasKind, Callable[[Facts, Lots], Bias]] = {
    BiasKind.LOSS_AVERSION: disposition,
    BiasKind.OVERTRADING: overtrading,
    BiasKind.HERDING: herding,
}


def trades(seed: int) -> dict[str, dict[str, float]]:
    """As `habits`, of one draw."""
    drawn = demo(USERS, seed, TODAY)
    held = lots(drawn.facts)
    return {name: judged(habit(drawn.facts, held), drawn.biases[name] > 0) for name, habit in TRADES.items()}


def main(seeds: Sequence[int]) -> None:
    """Prints the figures as JSON."""
    json.dump({seed: trades(seed) for seed in seeds}, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or DRAWN)
