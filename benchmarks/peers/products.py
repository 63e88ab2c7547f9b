"""What peers foretell on real people: the accounts of a family hidden one at a time, ranked by what its peers hold.

    OMP_NUM_THREADS=1 python -m benchmarks.peers.products [FOLDER]   (else FINREC_STUDY_DATA, else ../shared/data)

Survey of Consumer Finances 2019, one row a family (its five implicates are one), five folds: a family is nobody's
neighbour while it is judged. Beside it: the most popular accounts of the families trained on.
"""

import json
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.study import study_data
from benchmarks.survey_facts import survey_facts
from engine.learning.folds import group_folds
from engine.learning.metrics import rounded
from engine.learning.promotion import judged
from engine.learning.trainer import Sample
from engine.peers.features import PRODUCT_COLUMNS, owned
from engine.recommenders.peer_insights.trainer import PeerTrainer

ASKED = date(2020, 1, 1)
FOLDS, SEED = 5, 11
ASSETS = (
    *("CHECKING", "SAVING", "MMA", "CALL", "CDS", "NMMF", "STOCKS", "BOND", "RETQLIQ", "SAVBND", "CASHLI"),
    *("OTHMA", "OTHFIN"),
)
"""All parts of FIN, financial assets, but prepaid cards."""


def main(folder: Path) -> None:
    """Prints the figures as JSON; without the data, that there are none."""
    if not folder.is_dir():
        sys.stdout.write(f"no study data in {folder}: nothing to judge\n")
        return
    trainer = PeerTrainer()
    path = folder / "scf_2019.parquet"
    accounts = trainer.sample(survey_facts(path, ASKED))
    studies = {"accounts_as_loaded": accounts, "kinds_of_financial_assets": with_assets(accounts, path)}
    json.dump({name: proof(trainer, sample) for name, sample in studies.items()}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def with_assets(sample: Sample, path: Path) -> Sample:
    """The survey's own kinds of financial assets in place of the accounts; columns that are left over are empty."""
    survey = pl.read_parquet(path, columns=["YY1", "Y1", *ASSETS]).sort("Y1")
    held = survey.group_by("YY1", maintain_order=True).agg(pl.col(ASSETS).mean()).select(ASSETS).to_numpy()
    X = sample.X.copy()
    X[:, PRODUCT_COLUMNS] = 0.0
    X[:, PRODUCT_COLUMNS[: len(ASSETS)]] = np.log1p(np.maximum(held, 0.0))
    return replace(sample, X=X)


def proof(trainer: PeerTrainer, sample: Sample) -> dict[str, Any]:
    """Peers beside popularity on families left out, weighed by the accounts that were hidden."""
    start, told, hidden = time.process_time(), [], []
    ours, rule = np.zeros(len(sample)), np.zeros(len(sample))
    for train, test in group_folds(np.arange(len(sample)), FOLDS, SEED):
        model, unseen = trainer.fit(sample.take(train), SEED), sample.take(test)
        by_peers, by_rule = trainer.judge(model, unseen), trainer.judge(None, unseen)
        ours[test], rule[test] = by_peers.loss, by_rule.loss
        hidden.append(owned(unseen.X).sum())
        told.append((by_peers.metrics, by_rule.metrics))
    verdict = judged(ours, rule, sample.users, sample.groups)
    return {
        "families": len(sample),
        "kinds": int(owned(sample.X).any(axis=0).sum()),
        "hidden": int(np.sum(hidden)),
        "peers": _mean([peers for peers, _ in told], hidden),
        "most_popular": _mean([popular for _, popular in told], hidden),
        "better_by_family": verdict.better,
        "reason": verdict.reason,
        "seconds": round(time.process_time() - start, 1),
    }


def _mean(found: list[Any], hidden: list[Any]) -> dict[str, float]:
    return rounded({name: float(np.average([each[name] for each in found], weights=hidden)) for name in found[0]})


if __name__ == "__main__":
    main(study_data())
