"""Margins, latent correlations and bridges of every cell: what `engine.population.survey` reads."""

from itertools import product
from typing import Any

import numpy as np

from benchmarks.priors.population.latent import latent_correlation, nearest_correlation
from benchmarks.priors.population.scf import AGES, Families, Flags, Floats, quantiles
from engine.population.survey import read_cells
from engine.population.wealth import components, debt, net_worth

LEVELS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
BRIDGE_LEVELS = (0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.99)
ORDERED = ("education", "married", "children", "working", "self_employed", "retired", "female", "tolerance")
LEAST_FAMILIES = 50  # behind the quantiles of a margin; fewer: all ages of owners, or of renters
POOLED = 0.3  # weight of all ages' correlations in a cell's
RELIABILITY = 0.775  # of one risk question: two to the same person correlate 0.6
BRIDGE_HOUSEHOLDS = 200_000
NO_BRIDGE = {"least": 0.0, "drawn": [1.0], "survey": [1.0]}
MOST_TOLERANCE_CORRELATION = 0.9


def fit(families: Families) -> dict[str, Any]:
    """The document without its sources."""
    names = list(families.columns)
    rows = {(ages, owner): _rows(families, ages, owner) for ages, owner in product(AGES, (False, True))}
    matrices = {key: _correlations(families, cell) for key, cell in rows.items()}
    pooled = {owner: _mean(matrices, rows, owner) for owner in (False, True)}
    weight = families.weight
    cells = []
    for (ages, owner), cell in rows.items():
        matrix = nearest_correlation((1 - POOLED) * matrices[ages, owner] + POOLED * pooled[owner])
        cells.append(
            {
                "ages": list(ages),
                "homeowner": owner,
                "families": int(cell.sum()) // 5,
                "share": round(float(weight[cell].sum() / weight.sum()), 5),
                "margins": _margins(families, cell, _rows(families, None, owner)),
                "correlations": [[round(float(r), 3) for r in matrix[i, :i]] for i in range(len(names))],
                "bridges": dict.fromkeys(("debt", "net_worth"), NO_BRIDGE),
            }
        )
    document = {"levels": list(LEVELS), "variables": names, "cells": cells}
    _add_bridges(families, document, list(rows.values()))
    return document


def _rows(families: Families, ages: tuple[int, int] | None, owner: bool) -> Flags:
    return np.asarray(families.within(ages) & ((families.raw["HOUSES"] > 0) == owner))


def _mean(matrices: dict[Any, Floats], rows: dict[Any, Flags], owner: bool) -> Floats:
    keys = [key for key in matrices if key[1] == owner]
    return np.average([matrices[key] for key in keys], axis=0, weights=[rows[key].sum() for key in keys])


def _correlations(families: Families, cell: Flags) -> Floats:
    names = list(families.columns)
    matrix = np.eye(len(names))
    for i, j in product(range(len(names)), repeat=2):
        if j < i:
            matrix[i, j] = matrix[j, i] = _pair(families, cell, names[i], names[j])
    return matrix


def _pair(families: Families, cell: Flags, first: str, second: str) -> float:
    """0 where too few families have both; risk tolerance freed of the noise of one answer."""
    x, y = families.columns[first], families.columns[second]
    both = cell & ~np.isnan(x) & ~np.isnan(y)
    if both.sum() < 5 * LEAST_FAMILIES or np.ptp(x[both]) == 0 or np.ptp(y[both]) == 0:
        return 0.0
    found = latent_correlation(x[both], y[both], families.weight[both])
    if "tolerance" not in {first, second}:
        return found
    return float(np.clip(found / RELIABILITY, -MOST_TOLERANCE_CORRELATION, MOST_TOLERANCE_CORRELATION))


def _margins(families: Families, cell: Flags, all_ages: Flags) -> dict[str, Any]:
    margins = {}
    for name, column in families.columns.items():
        known = ~np.isnan(column)
        if not (known & all_ages).any():
            continue
        if name in ORDERED:
            margins[name] = _steps(families, name, known & (cell if (known & cell).any() else all_ages))
        else:
            margins[name] = _amounts(families, column, known & cell, known & all_ages)
    return margins


def _steps(families: Families, name: str, rows: Flags) -> dict[str, Any]:
    column = families.columns[name]
    mass = np.bincount(column[rows].astype(int), families.weight[rows], minlength=int(np.nanmax(column)) + 1)
    return {"shares": [round(float(share), 4) for share in mass / mass.sum()]}


def _amounts(families: Families, column: Floats, cell: Flags, all_ages: Flags) -> dict[str, Any]:
    positive = column > 0
    rows = cell if (cell & positive).sum() >= 5 * LEAST_FAMILIES else all_ages
    weight = families.weight
    zero = weight[cell & ~positive].sum() / max(weight[cell].sum(), 1.0)
    values = quantiles(column[rows & positive], weight[rows & positive], LEVELS)
    return {"zero": round(float(zero), 4), "quantiles": [float(f"{value:.3g}") for value in values]}


def _add_bridges(families: Families, document: dict[str, Any], rows: list[Flags]) -> None:
    """First debt's, then, on bridged debts, net worth's."""
    surveyed = {"debt": families.raw["DEBT"], "net_worth": families.raw["NETWORTH"]}
    for name, total in (("debt", debt), ("net_worth", net_worth)):
        for index, cell in enumerate(read_cells(document)):
            columns, _ = cell.draw(np.random.default_rng(index), BRIDGE_HOUSEHOLDS)
            drawn = total(components(cell, columns, bridged=name == "net_worth"))
            document["cells"][index]["bridges"][name] = _bridge(
                drawn, surveyed[name][rows[index]], families.weight[rows[index]], positive=name == "debt"
            )


def _bridge(drawn: Floats, survey: Floats, weight: Floats, *, positive: bool) -> dict[str, Any]:
    least = 0.0
    if positive:
        without = weight[survey <= 0].sum() / weight.sum()
        least = float(np.quantile(drawn, without))
        drawn, weight, survey = drawn[drawn > least], weight[survey > 0], survey[survey > 0]
    pairs = {
        "drawn": quantiles(drawn, np.ones(len(drawn)), BRIDGE_LEVELS),
        "survey": quantiles(survey, weight, BRIDGE_LEVELS),
    }
    rounded = {name: [float(f"{value:.4g}") for value in values] for name, values in pairs.items()}
    return {"least": float(f"{least:.4g}"), **rounded}
