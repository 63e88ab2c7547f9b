"""What moved the assessment: what is wanted, what can be borne, and what that rests on."""

from engine.answers import Contribution
from engine.enums import RiskLevel
from engine.recommenders.risk_assessment.capacity import POINTS_A_LEVEL
from engine.recommenders.risk_assessment.study import Study
from engine.recommenders.risk_assessment.wording import LEVEL_WORDS, sentence, value_of
from engine.wording import percent

MIDDLE_LEVEL = 2.0
LEVELS = tuple(RiskLevel)


def drivers(study: Study, user: int) -> tuple[Contribution, ...]:
    """Points of the capacity's score above or below the middle, the strongest first."""
    found = study.capacity
    entries = [
        Contribution(
            feature=name,
            value=value_of(found, name, user),
            effect=round(float(effect[user]), 2) + 0.0,
            sentence=sentence(found, name, user),
        )
        for name, effect in found.effects.items()
    ]
    return _strongest_first([entry for entry in entries if entry.effect != 0.0])


def explanation(study: Study, user: int) -> tuple[Contribution, ...]:
    """Levels above or below moderate: the tolerance's own, and those of the capacity by driver."""
    by_capacity = [
        Contribution(
            feature=entry.feature,
            value=entry.value,
            effect=round(entry.effect / POINTS_A_LEVEL, 3) + 0.0,
            sentence=entry.sentence,
        )
        for entry in drivers(study, user)
    ]
    return _strongest_first([_tolerance(study, user), *by_capacity])


def _tolerance(study: Study, user: int) -> Contribution:
    wanted = study.tolerance
    level = int(wanted.expected[user])
    cautious = float(wanted.probabilities[user, :2].sum())
    alike = f"{percent(cautious)} of US families of your age and income take no financial risk"
    said = f"You say that your tolerance for risk is {LEVEL_WORDS[LEVELS[level]]}"
    return Contribution(
        feature="stated_tolerance" if wanted.is_stated[user] else "people_alike",
        value=float(level) if wanted.is_stated[user] else round(cautious, 4),
        effect=level - MIDDLE_LEVEL,
        sentence=f"{said}." if wanted.is_stated[user] else f"{alike}.",
    )


def _strongest_first(entries: list[Contribution]) -> tuple[Contribution, ...]:
    return tuple(sorted(entries, key=lambda entry: -abs(entry.effect)))
