"""What moved the assessment: what is wanted, what can be borne, and what that rests on."""

from collections.abc import Iterator

from engine.answers import Contribution
from engine.enums import RiskLevel
from engine.recommenders.risk_assessment.capacity import POINTS_A_LEVEL
from engine.recommenders.risk_assessment.study import Study
from engine.recommenders.risk_assessment.tolerance import TAKES_NO_RISK
from engine.recommenders.risk_assessment.wording import LEVEL_WORDS, sentence, value_of
from engine.wording import percent

MIDDLE_LEVEL = 2.0
LEAST_SHARE = 0.0005
"""Smaller ones would be told as none."""
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
    return _strongest_first([*_tolerance(study, user), *by_capacity])


def _tolerance(study: Study, user: int) -> Iterator[Contribution]:
    """The person's own word, and what is expected of it by a model or, where it has not said, by age and income."""
    wanted = study.tolerance
    if wanted.is_stated[user]:
        level = int(wanted.stated[user])
        said = f"You say that your tolerance for risk is {LEVEL_WORDS[LEVELS[level]]}."
        yield _level("stated_tolerance", float(level), level, said)
    if wanted.by_model:
        level = int(wanted.expected[user])
        yield _level("households_alike", float(level), level, households_alike(study, user))
    elif not wanted.is_stated[user]:
        cautious = float(wanted.probabilities[user, :TAKES_NO_RISK].sum())
        told = f"{percent(cautious)} of US families of your age and income take no financial risk."
        yield _level("people_alike", round(cautious, 4), int(wanted.expected[user]), told)


def households_alike(study: Study, user: int) -> str:
    """What a model expects, in words: the share in the middle is the answer's confidence."""
    level, chances = int(study.tolerance.expected[user]), study.tolerance.probabilities[user]
    shares = {"less": chances[:level].sum(), "more": chances[level + 1 :].sum()}
    others = " and ".join(f"{percent(float(share))} {side}" for side, share in shares.items() if share >= LEAST_SHARE)
    wanted = f"{percent(float(chances[level]))} want {LEVEL_WORDS[LEVELS[level]]} risk"
    return f"Of people with a household like yours, {wanted}{f', {others}' if others else ''}."


def _level(feature: str, value: float, level: int, sentence: str) -> Contribution:
    return Contribution(feature=feature, value=value, effect=level - MIDDLE_LEVEL, sentence=sentence)


def _strongest_first(entries: list[Contribution]) -> tuple[Contribution, ...]:
    return tuple(sorted(entries, key=lambda entry: -abs(entry.effect)))
