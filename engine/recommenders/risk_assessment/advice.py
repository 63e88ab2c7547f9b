"""Recommendations of the assessment: each only where it applies."""

from collections.abc import Iterator

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import Priority, RiskLevel
from engine.recommenders.risk_assessment.capacity import RESERVES
from engine.recommenders.risk_assessment.explanation import drivers, households_alike
from engine.recommenders.risk_assessment.study import Study
from engine.recommenders.risk_assessment.wording import LEVEL_WORDS
from engine.wording import amount

LEVELS = tuple(RiskLevel)
FAR_APART = 2
LEAST_AMOUNT = 1.0
TWO_WEAKEST = 2


def advice(study: Study, user: int) -> tuple[Recommendation, ...]:
    """The most urgent first."""
    found = [
        *_within_means(study, user),
        *_ask(study, user),
        *_look_again(study, user),
        *_cost_of_caution(study, user),
    ]
    urgency = list(Priority)
    return tuple(sorted(found, key=lambda each: urgency.index(each.priority)))


def _within_means(study: Study, user: int) -> Iterator[Recommendation]:
    """Where more is wanted than can be borne."""
    wanted, able = int(study.tolerance.wanted[user]), int(study.capacity.level[user])
    if wanted <= able:
        return
    level = LEVEL_WORDS[LEVELS[able]]
    says = "you say that you are willing to take" if study.tolerance.is_stated[user] else "people like you usually take"
    yield Recommendation(
        key="invest_within_capacity",
        title=f"Take no more than {level} risk for now",
        description=f"That is less than {says}. {_weakest(study, user)} Should this change, you could bear more.",
        priority=Priority.HIGH if wanted - able >= FAR_APART else Priority.MEDIUM,
        actionable_items=tuple(_raise_reserves(study, user)),
        data={"wanted": LEVELS[wanted], "capacity": LEVELS[able]},
    )


def _weakest(study: Study, user: int) -> str:
    """The sentences of the drivers that take the most away."""
    low = [entry for entry in drivers(study, user) if entry.effect < 0 and entry.feature != RESERVES]
    told = " ".join(entry.sentence for entry in low[:TWO_WEAKEST])
    return told or "Nothing single stands in the way."


def _raise_reserves(study: Study, user: int) -> Iterator[ActionableItem]:
    missing = float(study.fund_missing[user])
    if missing >= LEAST_AMOUNT:
        shown = amount(missing, study.facts.profile.currency[user])
        yield ActionableItem(title=f"Fill your emergency fund: {shown} is missing", amount=money(missing))


def _ask(study: Study, user: int) -> Iterator[Recommendation]:
    if study.tolerance.is_stated[user]:
        return
    yield Recommendation(
        key="state_risk_tolerance",
        title="Say how much risk you are willing to take",
        description=(
            f"Until you do, we take what {_alike(study)} usually say. People alike differ widely: your own answer says "
            "more."
        ),
        priority=Priority.MEDIUM,
        actionable_items=(ActionableItem(title="Choose one of five levels, from conservative to aggressive"),),
    )


def _alike(study: Study) -> str:
    return "people with a household like yours" if study.tolerance.by_model else "families of your age and income"


def _look_again(study: Study, user: int) -> Iterator[Recommendation]:
    """Where the word lies outside what a model leaves open: either may be wrong, and the word goes on counting."""
    wanted = study.tolerance
    if not (wanted.overstated[user] or wanted.understated[user]):
        return
    said, expected = (LEVELS[int(levels[user])] for levels in (wanted.stated, wanted.expected))
    side = "more" if wanted.overstated[user] else "less"
    yield Recommendation(
        key="look_again_at_risk_tolerance",
        title=f"You say that you want {side} risk than people in your position usually do",
        description=(
            f"You say {LEVEL_WORDS[said]}. {households_alike(study, user)} That may be just what you mean; we plan "
            "with your word. Think of the last fall in prices, and of what you did then, before you keep it."
        ),
        priority=Priority.MEDIUM,
        actionable_items=(ActionableItem(title="Confirm or change your answer on risk"),),
        data={"stated": said, "expected": expected},
    )


def _cost_of_caution(study: Study, user: int) -> Iterator[Recommendation]:
    """Only where the person's own word lies far below what can be borne: a choice to know of, not a fault.

    Nobody who spends more than comes in is told so: there is nothing to take more risk with.
    """
    wanted, able = int(study.tolerance.wanted[user]), int(study.capacity.level[user])
    if not study.tolerance.is_stated[user] or able - wanted < FAR_APART or study.is_short[user]:
        return
    yield Recommendation(
        key="know_the_cost_of_caution",
        title=f"You could bear {LEVEL_WORDS[LEVELS[able]]} risk",
        description=(
            f"You want {LEVEL_WORDS[LEVELS[wanted]]} risk, and that is what we plan with. Over long spans caution has "
            "a price: less growth to expect. Nothing needs to change if you sleep better so."
        ),
        priority=Priority.LOW,
        data={"wanted": LEVELS[wanted], "capacity": LEVELS[able]},
    )
