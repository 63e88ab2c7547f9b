"""What the comparison rests on, and what of it is put into words."""

from collections.abc import Container, Iterator, Sequence

from engine.answers import Contribution
from engine.categories import words
from engine.enums import UNKNOWN
from engine.peers.bands import age_label, income_label
from engine.peers.cohort import Cohort
from engine.peers.metrics import PREFIX
from engine.peers.survey import NAME, YEAR
from engine.recommenders.peer_insights.answer import PeerBenchmark
from engine.recommenders.peer_insights.telling import effect, helps
from engine.wording import months, percent

NOBODY = "Fewer than 20 people of your age, income and currency are here, so nothing is compared."
PRAISE = {
    "savings_rate": "You keep {value} of your income, as much as the middle of your peers or more: carry on.",
    "emergency_months": "Your reserve lasts {value}, as long as the middle of your peers' or longer: keep it whole.",
    "goal_progress": "{value} of your goals is saved, as much as the middle of your peers or more.",
    "debt_to_income": "You owe {value} of a year's income, no more than the middle of your peers.",
}
SPENDING = "{value} of your income goes to {name}; three of four peers manage with less."


def explanation(
    told: Sequence[PeerBenchmark], peers: Cohort | None, *, is_survey: bool, lacking: Container[str]
) -> tuple[Contribution, ...]:
    """The strongest first; who the peers are comes last, since it moves nothing."""
    entries = [*_compared(told, lacking), _basis(peers, is_survey=is_survey)]
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


def _basis(peers: Cohort | None, *, is_survey: bool) -> Contribution:
    if peers is None:
        return Contribution(feature="cohort", value=0.0, effect=0.0, sentence=NOBODY)
    return Contribution(
        feature="cohort",
        value=float(peers.size),
        effect=0.0,
        sentence=_stand_in(peers)
        if is_survey
        else f"Your peers are {_who(peers, f'{peers.size} or more people here')}.",
    )


def _stand_in(peers: Cohort) -> str:
    who = _who(peers, f"{peers.size:,} families of the {NAME} {YEAR} (United States)")
    return f"Fewer than 20 people alike are here: {who}, stand in for peers."


def _of(band: str) -> str:
    return band if band.startswith("below") else f"of {band}"


def _who(peers: Cohort, whose: str) -> str:
    aged = "" if peers.age_band == UNKNOWN else f" aged {age_label(peers.age_band)}"
    earning = "" if peers.income_band == UNKNOWN else f" with an income {_of(income_label(peers.income_band))}"
    return f"{whose}{aged}{earning}"
