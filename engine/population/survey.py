"""US households as the Survey of Consumer Finances counts them, in figures: margins and correlations by cell.

A cell is an age band of home owners or of renters. Within a cell every column is a function of one standard normal;
the normals are correlated (a Gaussian copula). Sums of columns drawn so come out somewhat too high in the middle, so
each cell carries two bridges, from the quantiles of drawn sums to those of the survey.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from engine.facts import Floats

FILE = "scf_2019.json"
LEAST_TAIL = 1e-6  # a normal beyond it is no more extreme than the outermost quantile kept


class Margin(Protocol):
    """How one column of a cell is distributed."""

    def at(self, normal: Floats) -> Floats:
        """The column's values at the given standard normals."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Amounts or shares: zero for some, above it a curve through quantiles, flat beyond the outermost."""

    zero: float
    normals: Floats
    log_quantiles: Floats

    def at(self, normal: Floats) -> Floats:
        share = ndtr(normal)
        above = np.clip((share - self.zero) / max(1.0 - self.zero, LEAST_TAIL), LEAST_TAIL, 1.0 - LEAST_TAIL)
        value = np.exp(np.interp(ndtri(above), self.normals, self.log_quantiles))
        return np.where(share > self.zero, value, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Ordered answers 0, 1, 2, ...: the normals at which each begins."""

    starts: Floats

    def at(self, normal: Floats) -> Floats:
        return np.asarray(np.searchsorted(self.starts, normal), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """A column that the cell does not have: renters have no house."""

    def at(self, normal: Floats) -> Floats:
        return np.zeros_like(normal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """Quantiles of a sum as drawn from the copula, and the survey's at the same levels."""

    least: float
    """A smaller sum is none: the copula gives a little to more households than have any."""
    drawn: Floats
    survey: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One age band of owners or renters."""

    ages: tuple[int, int]
    homeowner: bool
    share: float
    risk_start: float
    """The normal from which families of the cell say that they take some financial risk."""
    margins: Mapping[str, Margin]
    root: Floats
    debt: Bridge
    net_worth: Bridge

    def draw(self, random: np.random.Generator, size: int) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Columns of as many households, and the normals behind them."""
        normals = _spread_normals(random, size, len(self.root)) @ self.root.T
        latent = dict(zip(self.margins, normals.T, strict=True))
        return {name: self.margins[name].at(latent[name]) for name in self.margins}, latent


def _spread_normals(random: np.random.Generator, size: int, columns: int) -> Floats:
    """One normal of every size-th part of the distribution (Latin hypercube), so that small cells are not lopsided."""
    places = random.permuted(np.tile(np.arange(size), (columns, 1)), axis=1) + random.random((columns, size))
    return np.asarray(ndtri(places.T / max(size, 1)), dtype=np.float64)


@cache
def cells() -> tuple[Cell, ...]:
    """All cells; their shares sum to one."""
    return read_cells(json.loads((files("engine") / "priors" / FILE).read_text("utf-8")))


def read_cells(figures: dict[str, Any]) -> tuple[Cell, ...]:
    """Cells from the figures' JSON document."""
    normals = ndtri(np.array(figures["levels"]))
    return tuple(_cell(cell, figures["variables"], normals) for cell in figures["cells"])


def _cell(figures: dict[str, Any], variables: list[str], normals: Floats) -> Cell:
    return Cell(
        ages=(figures["ages"][0], figures["ages"][1]),
        homeowner=figures["homeowner"],
        share=figures["share"],
        risk_start=float(ndtri(figures["margins"]["tolerance"]["shares"][0])),
        margins={name: _margin(figures["margins"].get(name), normals) for name in variables},
        root=_root(figures["correlations"], len(variables)),
        debt=_bridge(figures["bridges"]["debt"]),
        net_worth=_bridge(figures["bridges"]["net_worth"]),
    )


def _margin(figures: dict[str, Any] | None, normals: Floats) -> Margin:
    if figures is None:
        return Nothing()
    if "shares" in figures:
        return Steps(starts=ndtri(np.cumsum(figures["shares"])[:-1].clip(0.0, 1.0)))
    return Amounts(zero=figures["zero"], normals=normals, log_quantiles=np.log(figures["quantiles"]))


def _root(rows: list[list[float]], size: int) -> Floats:
    """Cholesky root of a correlation matrix given row by row below the diagonal."""
    matrix = np.eye(size)
    for index, row in enumerate(rows):
        matrix[index, :index] = matrix[:index, index] = row
    return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)


def _bridge(figures: dict[str, Any]) -> Bridge:
    return Bridge(least=figures["least"], drawn=np.array(figures["drawn"]), survey=np.array(figures["survey"]))
