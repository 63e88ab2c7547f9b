"""Kinds of spenders: by rules without a model; with one, the nearest of the centres that k-means found."""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from engine.behavior.purchases import Purchases
from engine.behavior.scores import impulse, volatility
from engine.behavior.series import Series, total
from engine.facts import CashFlows, Floats, Positions
from engine.transactions import ESSENTIAL, SPENDING
from engine.units import MONTHS_A_YEAR

FEATURES = ("essentials", "home", "subscriptions", "going_out", "volatility", "impulse")
GOING_OUT = ("dining", "entertainment", "travel")
HOME = ("rent", "mortgage")
LARGEST = 3.0
COUNTS = (3, 4, 5, 6)
SAMPLED, TRIES = 5_000, 4
LEAST_APART = 0.35
"""Standard deviations from the mean that are worth naming."""
HIGH = {
    "essentials": ("mostly essentials", "essentials take more"),
    "home": ("much for housing", "rent or a mortgage takes more"),
    "subscriptions": ("much for subscriptions", "subscriptions take more"),
    "going_out": ("much for going out", "eating out, outings and travel take more"),
    "volatility": ("uneven months", "months differ more"),
    "impulse": ("big extras now and then", "single large purchases make up more of what could wait"),
}
"""What it is called, and what it says beside other households."""
LOW = {
    "essentials": ("room for extras", "things that could wait take more"),
    "home": ("little for housing", "rent or a mortgage takes less"),
    "subscriptions": ("little for subscriptions", "subscriptions take less"),
    "going_out": ("little for going out", "eating out, outings and travel take less"),
    "volatility": ("even months", "months are more alike"),
    "impulse": ("no big extras", "purchases of what could wait are more alike in size"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A kind of spender, named by what sets it apart."""

    name: str
    description: str
    share: float
    """Of the population that it was found in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation:
    """Centres in scaled features, and what they are called."""

    middle: Floats
    spread: Floats
    centres: Floats
    segments: tuple[Segment, ...]

    def assigned(self, columns: Floats) -> Positions:
        """The nearest centre of each row."""
        scaled = (columns - self.middle) / self.spread
        apart = (self.centres**2).sum(axis=1) - 2.0 * scaled @ self.centres.T
        return np.asarray(apart.argmin(axis=1), dtype=np.int64)


RULES = (
    Segment(
        name="Mostly essentials",
        description="Three quarters and more of what you spend goes to things that are hard to do without.",
        share=0.28,
    ),
    Segment(
        name="Big extras now and then",
        description="Of what you spend on things that could wait, much goes to single large purchases.",
        share=0.17,
    ),
    Segment(name="Even months", description="Your months cost much the same.", share=0.14),
    Segment(
        name="Uneven months",
        description="Some months cost a good deal more than others.",
        share=0.41,
    ),
)
"""In the order in which they are tried; shares are those of the demo population (synthetic)."""


def features(flows: CashFlows, known: Series, bought: Purchases) -> Floats:
    """Users x `FEATURES`: shares of spending in the last twelve months, and two figures of its unevenness."""
    year = slice(-MONTHS_A_YEAR, None)
    spent = np.maximum(-total(flows, SPENDING)[:, year].sum(axis=1), 0.0)
    parts = [
        np.maximum(-total(flows, names)[:, year].sum(axis=1), 0.0)
        for names in (ESSENTIAL, HOME, ("subscriptions",), GOING_OUT)
    ]
    shares = [np.minimum(part / np.where(spent > 0, spent, np.inf), 1.0) for part in parts]
    uneven = np.minimum(volatility(known), LARGEST)
    return np.column_stack([*shares, uneven, impulse(bought, len(spent))])


def by_rule(columns: Floats) -> Positions:
    """The first rule that holds."""
    essentials, uneven, impulsive = (
        columns[:, FEATURES.index(name)] for name in ("essentials", "volatility", "impulse")
    )
    return np.asarray(np.select([essentials >= 0.75, impulsive >= 0.6, uneven < 0.35], [0, 1, 2], 3), dtype=np.int64)


def found(columns: Floats, seed: int) -> Segmentation:
    """Centres of as many kinds as two samples agree upon best."""
    middle, spread = columns.mean(axis=0), np.maximum(columns.std(axis=0), 1e-6)
    scaled = np.clip((columns - middle) / spread, -LARGEST, LARGEST)
    chosen = scaled[np.random.default_rng(seed).permutation(len(scaled))[:SAMPLED]]
    count = max(COUNTS, key=lambda each: _stability(chosen, each, seed))
    centres = _clustered(chosen, count, seed)
    order = np.lexsort(centres.T)
    made = Segmentation(middle=middle, spread=spread, centres=centres[order], segments=())
    shares = np.bincount(made.assigned(columns), minlength=count) / len(columns)
    return Segmentation(middle=middle, spread=spread, centres=made.centres, segments=named(made.centres, shares))


def named(centres: Floats, shares: Floats, features: int = 2) -> tuple[Segment, ...]:
    """Each after the two features that are farthest from the mean, or as many as tell all apart."""
    told = [_words(centre, features) for centre in centres]
    if len({name for name, _ in told}) < len(told) and features < len(FEATURES):
        return named(centres, shares, features + 1)
    return tuple(
        Segment(name=name, description=description, share=round(float(share), 4))
        for (name, description), share in zip(told, shares, strict=True)
    )


def _stability(scaled: Floats, count: int, seed: int) -> float:
    """How alike two halves cut the whole (adjusted Rand index, mean of a few cuts)."""
    scores = []
    for attempt in range(TRIES):
        order = np.random.default_rng(seed + attempt).permutation(len(scaled))
        halves = (_clustered(scaled[half], count, seed) for half in np.array_split(order, 2))
        first, second = (((scaled[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1) for centres in halves)
        scores.append(adjusted_rand_score(first, second))
    return float(np.mean(scores))


def _clustered(scaled: Floats, count: int, seed: int) -> Floats:
    model = KMeans(n_clusters=count, n_init=10, random_state=seed).fit(scaled)
    return np.asarray(model.cluster_centers_.round(6))


def _words(centre: Floats, features: int) -> tuple[str, str]:
    order = np.argsort(-np.abs(centre), kind="stable")[:features]
    told = [(HIGH if centre[at] > 0 else LOW)[FEATURES[at]] for at in order if abs(centre[at]) >= LEAST_APART]
    if not told:
        return "Like most", "Your spending is close to the mean of all households in all that is compared."
    name = ", ".join(called for called, _ in told)
    meaning = " and ".join(said for _, said in told)
    return name[0].upper() + name[1:], f"Your spending is most like that of households where {meaning} than elsewhere."
