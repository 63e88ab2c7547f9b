"""What a month is made of: the categories that take the most, in money a month."""

from engine.answers import Contribution
from engine.recommenders.behavioral_insights.months import by_category
from engine.recommenders.behavioral_insights.study import Study
from engine.transactions import PLURAL, words
from engine.wording import amount, percent

SHOWN = 6


def explanation(study: Study, user: int) -> tuple[Contribution, ...]:
    """The largest first."""
    currency = str(study.facts.profile.currency[user])
    entries = [
        Contribution(
            feature=each.category,
            value=float(each.monthly_mean),
            effect=float(each.monthly_mean),
            sentence=(
                f"{words(each.category).capitalize()} {'take' if each.category in PLURAL else 'takes'} "
                f"{amount(float(each.monthly_mean), currency)} a month, {percent(each.share)} of spending."
            ),
        )
        for each in by_category(study, user)[:SHOWN]
    ]
    return tuple(entries) or (
        Contribution(feature="spending", value=0.0, effect=0.0, sentence="No spending was seen in the last year."),
    )
