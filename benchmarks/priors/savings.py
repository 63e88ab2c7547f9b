"""Recomputes how many families spend less than they earn.

    python -m benchmarks.priors.savings [FOLDER]

The folder is the argument, else FINREC_STUDY_DATA, else `../shared/data` beside the repository. Prints the figure that
`engine.sustain.record` keeps as `BASE_RATE`; the data themselves never enter the repository.
"""

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.study import SCF_SOURCE, study_data

METHOD = "Weighted share of families (WGT, all implicates) with SAVED = 1: spent less than their income in a year."


def main() -> None:
    """Prints the figure as JSON."""
    json.dump({"source": SCF_SOURCE, "method": METHOD, **saving_families(study_data())}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def saving_families(folder: Path) -> dict[str, float]:
    """How many families there are, and the share of them that saved."""
    survey = pl.read_parquet(folder / "scf_2019.parquet", columns=["YY1", "WGT", "SAVED"])
    share = np.average(survey["SAVED"].to_numpy(), weights=survey["WGT"].to_numpy())
    return {"families": survey["YY1"].n_unique(), "saved": round(float(share), 4)}


if __name__ == "__main__":
    main()
