"""What moved the plan: what comes before each goal, what the next 100 a month would bring, and the model of returns."""

from collections.abc import Iterator, Sequence

import numpy as np

from engine.answers import Contribution
from engine.recommenders.goal_optimization.elsewhere import shared
from engine.recommenders.goal_optimization.study import HUNDRED, Study
from engine.wording import amount, listed, percent

MOST_NAMED = 3
NOTICED = 0.0005
"""Of probability: a smaller distance between the models of returns says nothing."""


def explanation(study: Study, user: int, order: Sequence[int]) -> tuple[Contribution, ...]:
    """The strongest first; effects are probabilities."""
    entries = [_budget(study, user, order), *_held(study, user), *_claims(study, order), *_one_pool(study, order)]
    for goal in order:
        if not study.reached[goal]:
            entries.append(_next_hundred(study, user, goal))
        if not study.reached[goal] and study.upper[goal] - study.lower[goal] >= NOTICED:
            entries.append(_returns(study, goal))
    return tuple(sorted(entries, key=lambda entry: -abs(entry.effect)))


def _budget(study: Study, user: int, order: Sequence[int]) -> Contribution:
    money = amount(float(study.plan.for_goals[user]), study.facts.profile.currency[user])
    gained = sum(float(study.followed[goal] - study.today[goal]) for goal in order)
    said = f"{money} a month is for goals once what is worth more has its share; targets are in today's money."
    none = "No goal is set, so no money is planned for any."
    return Contribution(
        feature="monthly_budget",
        value=float(study.plan.for_goals[user]),
        effect=round(gained, 4) + 0.0,
        sentence=said if order else none,
    )


def _held(study: Study, user: int) -> Iterator[Contribution]:
    """Where the household's money is held to what is kept up; a scenario's own budget is not."""
    if study.means.held[user] and study.scenario.monthly_budget is None:
        promised = float(study.means.promised[user])
        yield Contribution(
            feature="sustainable_contribution",
            value=round(promised, 2),
            effect=0.0,
            sentence=f"All saving together is held to {amount(promised, study.facts.profile.currency[user])} a month, "
            "which four of five households with a record like yours keep up.",
        )


def _one_pool(study: Study, order: Sequence[int]) -> Iterator[Contribution]:
    """What each would gain or lose were their money one pool; amounts and dates of the plan are without it."""
    together = [goal for goal in order if not np.isnan(study.pooled[goal])]
    for goal in together:
        name, likely = study.facts.goals.name[goal], round(float(study.pooled[goal]), 4)
        gained = round(likely - float(study.course.by_date[goal]), 2) + 0.0
        more = f"{percent(abs(gained)).removesuffix('%')} points {'more' if gained >= 0 else 'less'} than"
        yield Contribution(
            feature="one_pool",
            value=likely,
            effect=gained,
            sentence=f"With the money for {_listed(study, together)} in one pool, spent at each date on what matters "
            f"most, {name} is reached by its own date with {percent(likely)} probability, "
            f"{more if gained else 'as with'} each on its own.",
        )


def _listed(study: Study, goals: Sequence[int]) -> str:
    """Two or three by name."""
    names = [str(study.facts.goals.name[goal]) for goal in goals]
    if len(names) > MOST_NAMED:
        return "your dated goals"
    return listed(names)


def _claims(study: Study, order: Sequence[int]) -> Iterator[Contribution]:
    """Where the rest of the money goes, of goals that get too little."""
    for value, sentence in shared(study, order):
        yield Contribution(feature="claims_before", value=round(value, 2), effect=0.0, sentence=sentence)


def _next_hundred(study: Study, user: int, goal: int) -> Contribution:
    name = study.facts.goals.name[goal]
    hundred, effect = amount(HUNDRED, study.facts.profile.currency[user]), round(float(study.next_hundred[goal]), 4)
    return Contribution(
        feature="next_100",
        value=float(study.course.contribution[goal]),
        effect=effect,
        sentence=f"The next {hundred} a month for {name} adds {percent(effect)} of probability.",
    )


def _returns(study: Study, goal: int) -> Contribution:
    low, high = (round(float(column[goal]), 4) for column in (study.lower, study.upper))
    name = study.facts.goals.name[goal]
    return Contribution(
        feature="return_model",
        value=low,
        effect=round(high - low, 4),
        sentence=f"Followed, {name} has a probability of {percent(low)} to {percent(low + round(high - low, 4))}, "
        "by the model of returns: a century of history in blocks, or independent months.",
    )
