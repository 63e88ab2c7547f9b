"""What nobody sees: true risk tolerance beside the stated one, savings discipline, impulsiveness."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from engine.facts import Codes, Floats

RELIABILITY = 0.775  # of one risk question: two put to the same person correlate 0.6
NO_RISK = 0.392  # of all families (SCF 2019) say that they take no financial risk
LEVEL_STARTS = ndtri((0.22, NO_RISK, 0.72, 0.92))  # five levels around the survey's three: an assumption
OVERSTATING, UNDERSTATING = 0.10, 0.05  # shares whose stated tolerance is biased, by one standard deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """One entry a household: latents are standard normal over the population, levels 0..4, shares in 0..1."""

    true_latent: Floats
    true_tolerance: Codes
    stated_tolerance: Codes
    stated_bias: Floats
    discipline: Floats
    impulsiveness: Floats


def draw_character(random: np.random.Generator, latent: dict[str, Floats], risk_start: Floats) -> Character:
    """`latent`: the normals within a cell; `risk_start`: where the cell's families begin to take risk."""
    shift = ndtri(NO_RISK) - risk_start
    noise = random.standard_normal(len(shift))
    bias = _bias(random, len(shift))
    stated = RELIABILITY * latent["tolerance"] + np.sqrt(1 - RELIABILITY**2) * noise + shift + bias
    true = latent["tolerance"] + shift
    own = random.standard_normal((2, len(shift)))
    discipline = 0.55 * latent["liquid"] + 0.30 * latent["plan"] - 0.25 * latent["card"] + 0.65 * own[0]
    impulsiveness = -0.45 * discipline + 0.15 * latent["card"] + 0.85 * own[1]
    return Character(
        true_latent=true,
        true_tolerance=_level(true),
        stated_tolerance=_level(stated),
        stated_bias=bias,
        discipline=ndtr(discipline),
        impulsiveness=ndtr(impulsiveness),
    )


def _bias(random: np.random.Generator, size: int) -> Floats:
    luck = random.random(size)
    return np.where(luck < OVERSTATING, 1.0, np.where(luck > 1.0 - UNDERSTATING, -1.0, 0.0))


def _level(tolerance: Floats) -> Codes:
    return np.searchsorted(LEVEL_STARTS, tolerance).astype(np.int8)
