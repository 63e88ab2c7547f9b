"""Whom a household is compared with: people here, those of its own bands first, then families of a survey."""

from dataclasses import dataclass

from engine.enums import UNKNOWN
from engine.peers.bands import age_label, income_label
from engine.peers.cohort import LEAST_PEERS, Cohort
from engine.peers.survey import CURRENCY, NAME, YEAR, stand_in
from engine.recommenders.peer_insights.model import PeerModel
from engine.recommenders.peer_insights.study import Study

TOO_FEW = f"Fewer than {LEAST_PEERS} people are here of whom this is known"
NOT_ASKED = f"{TOO_FEW}, and the {NAME} {YEAR}, which would stand in, does not tell it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """A cohort, and where it is from."""

    cohort: Cohort
    is_survey: bool = False

    def words(self) -> str:
        """`70 or more people here aged 35-44 with an income below 25,000`."""
        size, bands = self.cohort.size, _bands(self.cohort)
        if self.is_survey:
            return f"{size:,} families of the {NAME} {YEAR} (United States){bands}"
        return f"{size} or more people here{bands}"


def peers(study: Study, user: int, model: PeerModel | None) -> tuple[Peers, ...]:
    """The nearest first; none where the currency is neither known here nor the survey's."""
    bands = int(study.age_band[user]), int(study.income_band[user])
    here = () if model is None else model.cohorts_of(int(study.currency[user]), *bands)
    survey = stand_in(study.facts.profile.currency[user], *bands)
    return (
        *(Peers(cohort=cohort) for cohort in here),
        *(() if survey is None else (Peers(cohort=survey, is_survey=True),)),
    )


def nobody(currency: object) -> str:
    """Why there are no figures of a metric."""
    return NOT_ASKED if currency == CURRENCY else f"{TOO_FEW}."


def _bands(cohort: Cohort) -> str:
    aged = "" if cohort.age_band == UNKNOWN else f" aged {age_label(cohort.age_band)}"
    if cohort.income_band == UNKNOWN:
        return aged
    income = income_label(cohort.income_band)
    return f"{aged} with an income {income if income.startswith('below') else f'of {income}'}"
