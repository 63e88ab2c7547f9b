"""Risk tolerance on real people: what the ordinal model reaches beside the majority and a logistic regression.

    OMP_NUM_THREADS=1 python -m benchmarks.risk.surveys [FOLDER]   (else FINREC_STUDY_DATA, else ../shared/data)

Three studies, five folds, judged on people not trained on; also as the product serves them, each by the
trees of the fold that it is dealt to. A family of the Survey of Consumer Finances is one row (its
five implicates: dollars as means, codes as the first). No column that holds or repeats the answer is a feature.
"""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.study import study_data
from benchmarks.survey_facts import survey_facts
from engine.enums import RiskLevel, code
from engine.facts import Floats, Positions
from engine.learning.folds import group_folds
from engine.learning.metrics import of_event, of_levels, rounded
from engine.recommenders.risk_assessment.model import folds_of
from engine.risk.features import features, monotone
from engine.risk.ordinal import OrdinalClassifier

FOLDS, SEED, LEVELS = 5, 11, 3
ASKED = date(2026, 1, 1)
"""The day on which the survey is taken to have been asked; ages count from it."""
SCF_TARGETS = ("NOFINRISK", "YESFINRISK")
SCF_KEYS = ("YY1", "Y1", "WGT")
NFCS_KEYS = ("NFCSID", "J2", "wgt_n2", "wgt_d2", "wgt_s3")
NO_ANSWER = 97
CALIBRATION_BAR = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """People with their level (0 takes no or little risk, 2 takes much), and what is known of them."""

    X: Floats
    y: Positions
    people: Positions
    age_and_income: Floats
    bars: Mapping[str, float]
    monotone: Mapping[int, int] = field(default_factory=dict)
    is_served: bool = False
    """Whether it is what the product holds, so that the bars are met by what it serves."""


def main(folder: Path) -> None:
    """Prints the figures as JSON; without the data, that there are none."""
    if not folder.is_dir():
        sys.stdout.write(f"no study data in {folder}: nothing to judge\n")
        return
    studies = {
        "scf_2019_all_columns": scf_raw(folder),
        "nfcs_2021_j2": nfcs(folder),
        "scf_2019_as_loaded": scf_loaded(folder),
    }
    json.dump({name: judged(study) for name, study in studies.items()}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def scf_raw(folder: Path) -> Study:
    """All columns of the summary extract."""
    survey = pl.read_parquet(folder / "scf_2019.parquet").sort("Y1")
    columns = [name for name in survey.columns if name not in (*SCF_TARGETS, *SCF_KEYS)]
    families = survey.group_by("YY1", maintain_order=True).agg(pl.col(columns).mean(), pl.col(SCF_TARGETS).first())
    no, yes = (families[name].to_numpy() == 1 for name in SCF_TARGETS)
    return Study(
        X=families.select(columns).to_numpy().astype(np.float64),
        y=np.where(no, 0, np.where(yes, 2, 1)),
        people=families["YY1"].to_numpy(),
        age_and_income=_age_and_income(families["AGE"].to_numpy(), np.log1p(families["INCOME"].clip(0).to_numpy())),
        bars={"takes_no_risk_auc": 0.865, "three_levels_auc": 0.79},
    )


def nfcs(folder: Path) -> Study:
    """Willingness to take risk: 1-3, 4-7, 8-10; who did not answer is left out."""
    people = pl.read_parquet(folder / "nfcs_2021.parquet").filter(pl.col("J2") < NO_ANSWER)
    columns = [name for name in people.columns if name not in NFCS_KEYS]
    answer = people["J2"].to_numpy()
    told = people.select(columns).to_numpy().astype(np.float64)
    return Study(
        X=np.where(told >= NO_ANSWER, np.nan, told),
        y=(answer >= 4).astype(np.int64) + (answer >= 8),
        people=people["NFCSID"].to_numpy(),
        age_and_income=_age_and_income(people["A3Ar_w"].to_numpy(), people["A8_2021"].to_numpy()),
        bars={"three_levels_auc": 0.79},
    )


def scf_loaded(folder: Path) -> Study:
    """What a household here holds once the survey is loaded."""
    facts = survey_facts(folder / "scf_2019.parquet", ASKED)
    starts = [code(RiskLevel.MODERATE), code(RiskLevel.MODERATELY_AGGRESSIVE)]
    income = np.log1p(np.maximum(facts.profile.annual_income, 0.0))
    return Study(
        X=features(facts),
        y=np.searchsorted(starts, facts.profile.stated_risk_tolerance, side="right"),
        people=np.arange(len(facts)),
        age_and_income=_age_and_income(facts.profile.age, income),
        bars={"takes_no_risk_auc": 0.85, "three_levels_auc": 0.76},
        monotone=monotone(),
        is_served=True,
    )


def judged(study: Study) -> dict[str, Any]:
    """The model, the logistic regression and the majority on the same held-out people."""
    start = time.perf_counter()
    chance = {name: np.zeros((len(study.y), LEVELS)) for name in ("model", "logistic")}
    chance["majority"] = np.tile(np.bincount(study.y, minlength=LEVELS) / len(study.y), (len(study.y), 1))
    for train, test in group_folds(study.people, FOLDS, SEED):
        model = _classifier(study)
        model.fit(study.X[train], study.y[train], study.people[train])
        chance["model"][test] = model.predict_proba(study.X[test])
        simple = make_pipeline(StandardScaler(), LogisticRegression())
        simple.fit(study.age_and_income[train], study.y[train])
        chance["logistic"][test] = simple.predict_proba(study.age_and_income[test])
    chance["served"] = _served(study)
    found = {name: _figures(study.y, values) for name, values in chance.items()}
    return {"people": len(study.y), "features": study.X.shape[1], "seconds": _seconds(start)} | {
        "bars": _bars(study, found["served" if study.is_served else "model"]),
        **found,
    }


def _served(study: Study) -> Floats:
    """Everybody by the trees that were fitted without its fold, as `ToleranceModel` answers."""
    return _classifier(study).fit(study.X, study.y, study.people, folds_of(study.people.astype(object))).left_out_


def _classifier(study: Study) -> OrdinalClassifier:
    """As the product's; raw surveys are columns of codes, to which trees alone are fitted."""
    return OrdinalClassifier(levels=LEVELS, seed=SEED, monotone=study.monotone, curves=study.is_served)


def _figures(y: Positions, chance: Floats) -> dict[str, dict[str, float]]:
    return {
        "takes_no_risk": rounded(of_event(y == 0, chance[:, 0])),
        "three_levels": rounded({**of_levels(y, chance), "auc_of_pairs": _pairs(y, chance)}),
    }


def _pairs(y: Positions, chance: Floats) -> float:
    """The mean AUC of each level against each other one (Hand and Till 2001)."""
    return float(roc_auc_score(y, chance, multi_class="ovo"))


def _bars(study: Study, found: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, Any]]:
    """Each bar beside what was reached."""
    reached = {name: found[name.removesuffix("_auc")]["auc"] for name in study.bars}
    told = {
        name: {"bar": bar, "reached": reached[name], "met": reached[name] >= bar} for name, bar in study.bars.items()
    }
    error = found["three_levels"]["calibration_error"]
    return {**told, "calibration_error": {"bar": CALIBRATION_BAR, "reached": error, "met": error <= CALIBRATION_BAR}}


def _age_and_income(age: Floats, income: Floats) -> Floats:
    return np.column_stack([age, age**2, income, income**2]).astype(np.float64)


def _seconds(start: float) -> float:
    return round(time.perf_counter() - start, 1)


if __name__ == "__main__":
    main(study_data())
