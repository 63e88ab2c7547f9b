"""What the comparison rests on, and what of it is put into words."""

from collections.abc import Container, Iterator, Sequence

from engine.answers import Contribution
from engine.peers.cohort import LEAST_PEERS
from engine.peers.metrics import PREFIX
from engine.recommenders.peer_insights.answer import PeerBenchmark
from engine.recommenders.peer_insights.peers import Peers
from engine.recommenders.peer_insights.telling import effect, helps
from engine.transactions import words
from engine.wording import months, percent

NOBODY = f"Fewer than {LEAST_PEERS} people of your age, income and currency are here, so nothing is compared."
PRAISE = {
    "savings_rate": "You keep {value} of your income after tax, as much as the middle of your peers or more: carry on.",
    "emergency_months": "Your reserve lasts {value}, as long as the middle of your peers' or longer: a good cushion.",
    "goal_progress": "Your progress toward what you save for is {value}, as much as the middle of your peers or more.",
    "debt_to_income": "You owe {value} of a year's income before tax, no more than the middle of your peers.",
}
SPENDING = "{value} of your income before tax goes to {name}; three of four peers manage with less."


def explanation(
    told: Sequence[PeerBenchmark], nearest: Peers | None, lacking: Container[str]
) -> tuple[Contribution, ...]:
    """The strongest first; who the peers are comes last, since it moves nothing."""
    entries = [*_compared(told, lacking), _basis(nearest)]
    return tuple(sorted(entries, key=lambda entry: -abs(entry.effect)))


def kind(metric: str) -> str:
    """The kind of spending that a metric is of, as a word."""
    return words(metric.removeprefix(PREFIX))


def _compared(told: Sequence[PeerBenchmark], lacking: Container[str]) -> Iterator[Contribution]:
    for one in told:
        if helps(one, lacking):
            yield Contribution(feature=one.metric, value=one.value, effect=effect(one), sentence=_sentence(one))


def _sentence(one: PeerBenchmark) -> str:
    if one.metric == "debt_to_income" and one.value == 0:
        return "You owe nothing, no more than the middle of your peers."
    shown = months(one.value) if one.metric == "emergency_months" else percent(one.value)
    return PRAISE.get(one.metric, SPENDING).format(value=shown, name=kind(one.metric))


def _basis(nearest: Peers | None) -> Contribution:
    size = 0.0 if nearest is None else float(nearest.cohort.size)
    return Contribution(feature="cohort", value=size, effect=0.0, sentence=_who(nearest))


def _who(nearest: Peers | None) -> str:
    if nearest is None:
        return NOBODY
    if nearest.is_survey:
        return f"Fewer than {LEAST_PEERS} people alike are here: {nearest.words()}, stand in for peers."
    return f"Your peers are {nearest.words()}."
