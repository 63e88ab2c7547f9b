"""Recomputes the demo population's figures from the study data.

    python -m benchmarks.priors.population [FOLDER]

The folder is the argument, else FINREC_STUDY_DATA, else `../shared/data` beside the repository. Figures go to
`engine/priors/`; the data themselves never enter the repository.
"""

import json
import sys
from typing import Any

from benchmarks.priors.population import cells, life_events, market, scf
from benchmarks.study import PRIORS, SCF_SOURCE, study_data

CELLS_METHOD = (
    "Weighted by WGT over all implicates. `zero` is the share at or below zero, `quantiles` are of what is above, "
    "`shares` are of ordered answers. Latent normal correlations invert weighted rank correlations (Mehler series), "
    f"{cells.POOLED} of them pooled over ages, repaired to the nearest positive definite matrix; those of `tolerance` "
    f"(NOFINRISK, neither, YESFINRISK) are divided by {cells.RELIABILITY}, the reliability of one answer. Bridges: "
    f"quantiles of sums drawn from the copula against the survey's at levels {list(cells.BRIDGE_LEVELS)}. "
    f"A margin with fewer than {cells.LEAST_FAMILIES} families above zero takes its quantiles from all ages. "
    "Dollars of 2019."
)
PUBLISHED_METHOD = f"Weighted by WGT over all implicates; quantiles at {list(scf.PUBLISHED_LEVELS)}; dollars of 2019."
EVENTS_SOURCE = (
    "Share of US household heads with the event within so many years, from panel re-interviews 1985-2015, "
    "by age, marriage and children; cells of 50 people or more"
)
EVENTS_METHOD = (
    "Observed at 2, 4 and 5 years. Cumulative hazards fitted so that they cannot fall (weighted by people), "
    "interpolated at 3 years; a missing cell takes the next wider one. JOB_CHANGE holds involuntary job loss only; "
    "MARRIAGE is of unmarried male heads. `people`: observed at 2 years, 0 where the cell was filled."
)
MARKET_SOURCE = (
    "Total-return and price levels of exchange-traded funds, one an asset class, over the days that all have"
)
MARKET_METHOD = (
    "Yearly volatility and correlation of weekly log returns; yield = growth of total return less growth of price; "
    "expected returns by reverse optimisation from an assumed market portfolio, Sharpe ratio and return of cash "
    "(He and Litterman 1999): assumptions for synthetic prices, not forecasts."
)


def main() -> None:
    """Write the four documents."""
    folder = study_data()
    families = scf.read(folder)
    print("fitting cells", file=sys.stderr)
    _write("scf_2019.json", SCF_SOURCE, CELLS_METHOD, cells.fit(families))
    _write("scf_2019_quantiles.json", SCF_SOURCE, PUBLISHED_METHOD, {"groups": scf.published(families)})
    events = {"horizons": list(life_events.HORIZONS), "rates": life_events.fit(folder)}
    _write("life_event_rates.json", EVENTS_SOURCE, EVENTS_METHOD, events)
    _write("market_2016.json", MARKET_SOURCE, MARKET_METHOD, market.fit(folder))


def _write(name: str, source: str, method: str, figures: dict[str, Any]) -> None:
    head = {"source": source, "method": method}
    lines = [f" {json.dumps(key)}: {_value(value)}" for key, value in (head | figures).items()]
    (PRIORS / name).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print("wrote", name, file=sys.stderr)


def _value(value: Any) -> str:
    """One row a line where there are many rows."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n  " + ",\n  ".join(json.dumps(row) for row in value) + "\n ]"
    return json.dumps(value)


if __name__ == "__main__":
    main()
