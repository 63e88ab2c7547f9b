"""Error and time of the goal mathematics against what it replaces; some three minutes.

    python -m benchmarks.goals

Where Shiller's series is not there, the comonotonic reference stands in for the simulations.
"""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.goals.cases import single_goals
from benchmarks.goals.paths import SERIES, Matrix, return_model
from benchmarks.goals.plans import budgets, pools
from benchmarks.goals.reference import comonotonic_success, simulated, simulated_forward
from benchmarks.goals.rivals import fenton_wilkinson
from benchmarks.goals.surrogate import surrogate
from engine.goals.columns import Floats, Goals
from engine.goals.contribution import required_contribution
from engine.goals.probability import success_probability
from engine.goals.projection import DATED, fan
from engine.goals.returns import HISTORY, LOGNORMAL, MODELS

REFERENCE_PATHS = 2_000_000
PLAIN_PATHS = 10_000
GOALS = 300


def main() -> None:
    goals = single_goals(GOALS, seed=7)
    if SERIES.exists():
        against_simulation(goals)
        fans(goals)
    else:
        print(f"no {SERIES.name}: the tables are held against the comonotonic lower bound alone")
    against_comonotonic(goals)
    times()
    inverse(goals)
    budgets()
    pools()
    surrogate()


def against_simulation(goals: Goals) -> None:
    print(f"Success probability of {GOALS} goals, error in percentage points against {REFERENCE_PATHS:,} paths")
    for number, name in enumerate(MODELS):
        began = time.thread_time()
        truth = simulated(goals, return_model(name), REFERENCE_PATHS, seed=99)
        took = time.thread_time() - began
        report(f"table, {name}", success_probability(goals, number), truth)
        report(f"Fenton-Wilkinson alone, {name}", fenton_wilkinson(goals, number), truth)
        if number == HISTORY:
            plain_simulation(goals, truth)
            report("independent lognormal for history in blocks", success_probability(goals, LOGNORMAL), truth)
        print(f"  (the reference took {took:.0f} s)")


def plain_simulation(goals: Goals, truth: Matrix) -> None:
    model = return_model(MODELS[HISTORY])
    chosen = np.arange(0, GOALS, 5)
    began = time.thread_time()
    reached = [
        (simulated_forward(goals, int(goal), model, PLAIN_PATHS, seed=int(goal))[-1] >= goals.target[goal]).mean()
        for goal in chosen
    ]
    took = (time.thread_time() - began) / len(chosen)
    report(f"numpy simulation, {PLAIN_PATHS:,} paths, {1e3 * took:.1f} ms a goal", np.array(reached), truth[chosen])


def report(what: str, found: Floats, truth: Floats) -> None:
    error = 100 * (found - truth)
    print(f"  {what:60s} rms {np.sqrt((error**2).mean()):6.3f}  worst {np.abs(error).max():6.3f}")


def against_comonotonic(goals: Goals) -> None:
    """Vanduffel, Hoedemakers and Dhaene's bound is itself within 0.03 points of the lognormal truth."""
    print("LOGNORMAL table against the comonotonic lower bound (maximal variance), percentage points")
    report("table", success_probability(goals, LOGNORMAL), comonotonic_success(goals))
    report("Fenton-Wilkinson alone", fenton_wilkinson(goals, LOGNORMAL), comonotonic_success(goals))


def times() -> None:
    print("Processor time on one core: probability, and contribution for 0.80")
    many = single_goals(2_000, seed=1)
    for count in (1, 100, 10_000, 1_000_000):
        goals = many.rows(np.arange(count) % len(many))
        ask, answer = best(success_probability, goals), best(required_contribution, goals)
        print(f"  {count:9,} goals  {1e3 * ask:10.4f} ms {1e3 * answer:10.4f} ms", end="")
        print(f"   {1e6 * ask / count:8.3f} us {1e6 * answer / count:8.3f} us a goal")


def best(call: Callable[[Goals], object], goals: Goals, rounds: int = 5) -> float:
    """Seconds of processor time of one call, the least of several rounds: others may be at work on the machine."""
    repeats = max(1, 1_000 // len(goals))
    call(goals)
    seconds = []
    for _ in range(rounds):
        began = time.thread_time()
        for _ in range(repeats):
            call(goals)
        seconds.append((time.thread_time() - began) / repeats)
    return min(seconds)


def inverse(goals: Goals) -> None:
    for probability in (0.5, 0.8, 0.95):
        paid = required_contribution(goals, probability)
        off = np.abs(success_probability(goals.paying(paid)) - probability)[paid > 0].max()
        print(f"  contribution for {probability:.2f}: its probability is off by {off:.1e} at most")


def fans(goals: Goals) -> None:
    """Quantiles on the way of glides that change are approximate: against simulated paths."""
    model = return_model(MODELS[HISTORY])
    dated = np.flatnonzero(DATED[goals.glide] & (goals.months >= 36))[:30]
    errors: list[Matrix] = []
    for goal in dated:
        wealth = simulated_forward(goals, int(goal), model, 20_000, seed=int(goal))
        chart = fan(goals.rows([int(goal)]))
        truth = np.quantile(wealth[chart.months - 1], (0.1, 0.5, 0.9), axis=1)
        errors.append(np.log(np.stack([chart.p10, chart.p50, chart.p90]) / truth))
    error = np.concatenate(errors, axis=1)
    print("Fan chart of glides that change, each year, against 20,000 paths: relative error")
    for name, row in zip(("p10", "p50", "p90"), error, strict=True):
        print(f"  {name}  rms {np.sqrt((row**2).mean()):.4f}  worst {np.abs(row).max():.4f}")


if __name__ == "__main__":
    main()
