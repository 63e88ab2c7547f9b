"""What may be told of two households that both are it: broad marks, a bit each."""

import numpy as np
from numpy.typing import NDArray

from engine.enums import AccountKind, Education, code
from engine.facts import Flags, Floats
from engine.peers.features import FEATURES, PRODUCTS, owned

Bits = NDArray[np.uint32]

MOST_TOLD = 5
SAVES_FROM = 0.10
OF_PRODUCTS = {
    AccountKind.CHECKING: "Checking account",
    AccountKind.SAVINGS: "Savings account",
    AccountKind.TAXABLE: "Investment account",
    AccountKind.TRADITIONAL_IRA: "Traditional IRA",
    AccountKind.ROTH_IRA: "Roth IRA",
    AccountKind.EMPLOYER_PLAN: "Retirement plan at work",
    AccountKind.HSA: "Health savings account",
    AccountKind.PROPERTY: "Own home or land",
    AccountKind.VEHICLE: "Own vehicle",
    AccountKind.BUSINESS: "Own business",
    AccountKind.OTHER_ASSET: "Other assets",
    AccountKind.CREDIT_CARD: "Credit card",
    AccountKind.STUDENT_LOAN: "Student loan",
    AccountKind.LOAN: "Loan",
    AccountKind.MORTGAGE: "Mortgage",
}
OF_LIFE = ("Dependents", "Degree", "Self-employed", "Out of work", "Retired", "Has goals", "Saves a tenth or more")
TRAITS = (*OF_LIFE, *(OF_PRODUCTS[kind] for kind in PRODUCTS))


def traits(columns: Floats) -> Bits:
    """From rows of `FEATURES`: one number a household."""
    flags = np.column_stack([*_of_life(columns), owned(columns)])
    return np.asarray(flags @ (1 << np.arange(len(TRAITS))), dtype=np.uint32)


def has(bits: Bits) -> Flags:
    """Households x `TRAITS`."""
    return np.asarray((bits[:, None] >> np.arange(len(TRAITS), dtype=np.uint32)) & 1, dtype=np.bool_)


def shared(mine: int, theirs: int, rarest: NDArray[np.int64]) -> tuple[str, ...]:
    """What both are, that first which fewest are."""
    both = mine & theirs
    return tuple(TRAITS[trait] for trait in rarest if both >> int(trait) & 1)[:MOST_TOLD]


def _of_life(columns: Floats) -> list[Flags]:
    value = dict(zip(FEATURES, columns.T, strict=True))
    return [
        value["dependents"] > 0,
        value["education"] == code(Education.DEGREE),
        value["is_self_employed"] == 1,
        value["is_unemployed"] == 1,
        value["is_retired"] == 1,
        value["goals"] > 0,
        value["savings_rate"] >= SAVES_FROM,
    ]
