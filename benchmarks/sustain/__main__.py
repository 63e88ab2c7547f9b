"""What synthetic households put aside in a year that the model has not seen, beside two rules.

    OMP_NUM_THREADS=1 python -m benchmarks.sustain [HOUSEHOLDS]

Features from months 1 to 24 of the demo population, the target from months 25 to 36. Five times a fifth of the people
is held out: everybody is predicted once by a model that has never seen that person.
"""

import json
import sys
from dataclasses import dataclass
from datetime import date

import numpy as np

from benchmarks.demo_facts import as_facts, monthly
from engine.facts import CashFlows, Facts, Flags, Floats, Positions
from engine.learning.metrics import of_amount
from engine.population import generate
from engine.sustain.asking import KEPT_PART
from engine.sustain.conformal import WORTH_PROMISING
from engine.sustain.features import features, last_year, scale
from engine.sustain.model import SustainableContribution
from engine.sustain.target import share_kept
from engine.sustain.trees import Tried, preferred

SEED = 11
TODAY = date(2026, 9, 15)
CUT, END = date(2025, 9, 1), date(2026, 9, 1)
YEAR = 12
FOLDS = 5
RESAMPLED = 2_000
CURVE = (100, 1_000, 4_000)
BARS = (0.78, 0.82)
FIFTH_OF_INCOME = 0.2
USUAL_INCOME = 20_000.0
"""A month: few have more, and their errors in dollars outweigh those of all others."""
SHOWN_COLUMNS = 10

Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One entry a household whose year is known; money is a month."""

    X: Floats
    share: Floats
    income: Floats
    last: Floats

    def __len__(self) -> int:
        return len(self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """Shares of income for people held out."""

    mean: Floats
    median: Floats
    promise: Floats
    chance: Floats
    """Of nine tenths of last year's share."""


def main(households: int) -> None:
    """Prints the figures as JSON."""
    rows = known_rows(*before_and_after(households))
    fold = np.random.default_rng(SEED).permutation(len(rows)) % FOLDS
    models = [fitted(rows, fold != each) for each in range(FOLDS)]
    held = everyone(rows, fold, models)
    report = {
        "data": "SYNTHETIC: the demo population; says nothing about real people",
        "households": len(rows),
        "put_nothing_aside": _rounded((rows.share <= 0).mean()),
        "share_of_income": errors(rows, held, np.ones(len(rows))),
        "dollars_a_month": errors(rows, held, rows.income),
        "dollars_a_month_of_incomes_below_20000": errors(rows, held, rows.income, rows.income < USUAL_INCOME),
        "against_last_twelve_months": comparison(rows, held),
        "promise": promise(rows, held.promise),
        "chance_to_keep_up_last_year": calibration(rows, held.chance),
        "chosen": {"mean": choice(models[0].tried_), "chance": choice(models[0].chances.tried_)},
        "learning_curve": {people: learned(rows, fold, people) for people in CURVE},
        "importance": importance(models[0]),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def before_and_after(households: int) -> tuple[Facts, CashFlows]:
    """What was known twelve months ago, and the months since."""
    population = generate(users=households, seed=SEED, today=TODAY)
    position = {name: row for row, name in enumerate(population.households["external_id"])}
    after = monthly(population.transactions, position, np.datetime64(END, "M"), YEAR)
    return as_facts(population, CUT), after


def known_rows(before: Facts, after: CashFlows) -> Rows:
    """Households that had an income before."""
    income = scale(before)
    share = share_kept(after, income)
    known = ~np.isnan(share)
    return Rows(X=features(before)[known], share=share[known], income=income[known], last=last_year(before)[known])


def fitted(rows: Rows, train: Flags) -> SustainableContribution:
    return SustainableContribution().fit(rows.X[train], rows.share[train])


def everyone(rows: Rows, fold: Positions, models: list[SustainableContribution]) -> Predicted:
    """Each fold by the model that has not seen it."""
    columns = np.zeros((4, len(rows)))
    for each, model in enumerate(models):
        held = fold == each
        X, asked = rows.X[held], KEPT_PART * rows.last[held]
        chances = model.chances
        columns[:, held] = model.predict(X), chances.predict_median(X), model.promise(X), chances.chance(X, asked)
    return Predicted(mean=columns[0], median=columns[1], promise=columns[2], chance=columns[3])


def errors(rows: Rows, held: Predicted, unit: Floats, of: Flags | None = None) -> dict[str, Figures]:
    """Of the model and of the rules, in shares of income or in money; of all people, or of some."""
    some = np.ones(len(rows), dtype=np.bool_) if of is None else of
    rules = {"twenty_percent": np.full(len(rows), FIFTH_OF_INCOME), "last_twelve_months": rows.last}
    answers = {"model_mean": held.mean, "model_median": held.median, **rules}
    return {name: error((rows.share * unit)[some], (answer * unit)[some]) for name, answer in answers.items()}


def error(truth: Floats, answer: Floats) -> Figures:
    return {name: _rounded(value) for name, value in of_amount(truth, answer).items()}


def comparison(rows: Rows, held: Predicted) -> dict[str, object]:
    """Error of the model over error of the rule, with 95 % of resamples of people (both errors of the same people)."""
    drawn = np.random.default_rng(SEED).integers(len(rows), size=(RESAMPLED, len(rows)))
    found = {}
    for name, unit in (("share_of_income", np.ones(len(rows))), ("dollars_a_month", rows.income)):
        missed = np.abs(np.stack([held.mean - rows.share, held.median - rows.share, rows.last - rows.share])) * unit
        squared = np.sqrt([[(each[draw] ** 2).mean() for each in missed] for draw in drawn])
        absolute = np.array([[each[draw].mean() for each in missed] for draw in drawn])
        found[f"rmse_ratio_{name}"] = _interval(squared[:, 0] / squared[:, 2])
        found[f"mae_ratio_{name}"] = _interval(absolute[:, 1] / absolute[:, 2])
    beats = {name: "beats the rule" if high < 1 else "not shown to beat it" for name, (_, high) in found.items()}
    return {name: {"from_to": interval, "verdict": beats[name]} for name, interval in found.items()}


def promise(rows: Rows, promised: Floats) -> dict[str, object]:
    """Who is promised nothing keeps it in any case: the bar is for the others."""
    some, kept = promised > 0, rows.share >= promised
    rate = float(kept[some].mean())
    return {
        "households_promised_something": _rounded(some.mean()),
        "kept_by_them": _rounded(rate),
        "standard_error": _rounded(np.sqrt(rate * (1.0 - rate) / some.sum())),
        "within_bar": BARS[0] <= round(rate, 4) <= BARS[1],
        "kept_by_all": _rounded(kept.mean()),
        "mean_promise": _rounded(promised[some].mean()),
        "they_put_aside": _rounded(rows.share[some].mean()),
        "last_year_kept_by_savers": _rounded((rows.share >= rows.last)[rows.last > WORTH_PROMISING].mean()),
    }


def calibration(rows: Rows, chance: Floats) -> dict[str, object]:
    """Of those who put something aside last year: by fifths of the chance, beside the base rate."""
    savers = rows.last * KEPT_PART > WORTH_PROMISING
    said, kept = chance[savers], (rows.share >= KEPT_PART * rows.last)[savers].astype(np.float64)
    fifths = np.array_split(np.argsort(said, kind="stable"), 5)
    table = [{"said": _rounded(said[part].mean()), "kept": _rounded(kept[part].mean())} for part in fifths]
    off: list[float] = [abs(row["said"] - row["kept"]) for row in table]
    return {
        "savers": int(savers.sum()),
        "base_rate": _rounded(kept.mean()),
        "fifths": table,
        "off_on_average": _rounded(sum(off) / len(off)),
        "off_at_worst": _rounded(max(off)),
        "brier": _rounded(((said - kept) ** 2).mean()),
        "brier_of_base_rate": _rounded(((kept.mean() - kept) ** 2).mean()),
    }


def choice(tried: tuple[Tried, ...]) -> dict[str, object]:
    """Losses of the candidates for people left out (the specified one first)."""
    best = preferred(tried)
    return {
        "losses": [_rounded(each.loss, 5) for each in tried],
        "depth": best.candidate.parameters["max_depth"],
        "trees": best.trees,
    }


def learned(rows: Rows, fold: Positions, people: int) -> dict[str, float | None]:
    """From so many people (or all who are not held out), for the first fold."""
    train, held = np.flatnonzero(fold != 0), fold == 0
    few = np.isin(np.arange(len(rows)), np.random.default_rng(SEED).permutation(train)[:people])
    model = fitted(rows, few)
    promised = model.promise(rows.X[held])
    some = promised > 0
    kept = (rows.share[held] >= promised)[some]
    return {
        **error(rows.share[held], model.predict(rows.X[held])),
        "promised_something": _rounded(some.mean()),
        "kept_by_them": _rounded(kept.mean()) if len(kept) else None,
    }


def importance(model: SustainableContribution) -> Figures:
    """Shares of the mean's fit."""
    shares = list(model.importance().items())
    return {name: _rounded(share, 3) for name, share in shares[:SHOWN_COLUMNS]}


def _interval(ratios: Floats) -> tuple[float, float]:
    low, high = np.quantile(ratios, (0.025, 0.975))
    return _rounded(low), _rounded(high)


def _rounded(value: float, digits: int = 4) -> float:
    return round(float(value), digits)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
