"""Runs the benchmarks one after another, each in a process of its own: `make bench`, or some by ARGS='goals health'."""

import subprocess
import sys

BENCHMARKS = (
    "loading",
    "serving",
    "cache",
    "savings",
    "savings.overdraft",
    "health",
    "goals",
    "goals.optimization",
    "portfolio",
    "portfolio.backtest",
    "risk.surveys",
    "risk.mismatch",
    "life.events",
    "sustain",
    "sustain.floor",
    "behavior",
    "peers",
    "peers.crowded",
    "peers.products",
    "peers.patterns",
    "peers.difference",
    "sustain.contribution",
    "training",
    "matrices",
    "drift",
    "ledger",
    "experiments",
)


def main(names: list[str]) -> int:
    """The number of benchmarks that failed; a name that is none is said so."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}: there are {', '.join(BENCHMARKS)}\n")
        return len(unknown)
    return sum(_run(name) for name in names or BENCHMARKS)


def _run(name: str) -> int:
    sys.stdout.write(f"\n## {name}\n\n")
    sys.stdout.flush()
    return int(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0)


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
