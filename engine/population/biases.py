"""Planted behavioural biases: absent in most households, of a known strength in the others."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Floats
from engine.population.people import People
from engine.population.streams import stream

PLANTED = 0.22  # of households have a given bias
LEAST_STRENGTH = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Biases:
    """Strengths 0 (absent) or 0.35..1, one entry a household."""

    present_bias: Floats
    lifestyle_inflation: Floats
    payday_effect: Floats
    weekend_splurge: Floats
    subscription_creep: Floats
    loss_aversion: Floats
    overtrading: Floats
    herding: Floats


def draw_biases(people: People, seed: int) -> Biases:
    """Likelier with impulsiveness, but for subscriptions and trades, which need none."""
    random = stream(seed, "biases")
    impulsive = people.character.impulsiveness
    return Biases(
        present_bias=_strength(random, impulsive),
        lifestyle_inflation=_strength(random, impulsive),
        payday_effect=_strength(random, impulsive),
        weekend_splurge=_strength(random, impulsive),
        subscription_creep=_strength(random, np.full(len(people), 0.5)),
        loss_aversion=_strength(random, np.full(len(people), 0.5)),
        overtrading=_strength(random, np.full(len(people), 0.25)),
        herding=_strength(random, np.full(len(people), 0.5)),
    )


def _strength(random: np.random.Generator, drive: Floats) -> Floats:
    """Twice the usual share at a drive of one, none at zero."""
    luck, strength = random.random((2, len(drive)))
    return np.where(luck < 2.0 * PLANTED * drive, LEAST_STRENGTH + (1.0 - LEAST_STRENGTH) * strength, 0.0)
