"""What moved the answer: classes off target, the level of risk, tax and whatever is wrong with the data."""

from collections.abc import Iterator

import numpy as np

from engine.answers import Contribution
from engine.enums import RiskLevel
from engine.market import ASSET_CLASSES
from engine.portfolio.law import DEFERRED
from engine.portfolio.plan import Action
from engine.portfolio.target import REASONS, Relaxed
from engine.recommenders.portfolio_rebalancing.study import Case
from engine.recommenders.portfolio_rebalancing.trades import day, named
from engine.wording import amount, percent

LEAST_OFF = 0.005
SHOWN = 0.001
WRONG = {
    "stale": "its last price is old",
    "short": "its prices go back less than two years",
    "gaps": "weeks of prices are missing",
    "jumps": "its price jumped as in a split, which was left out",
    "unknown": "its asset class is not known, so it is taken for a single share",
}


def explanation(case: Case) -> tuple[Contribution, ...]:
    """The strongest first; effects are shares of the portfolio."""
    entries = [*_classes(case), _tax(case), _level(case), *_relaxed(case), *_waiting(case), *_notes(case)]
    return tuple(sorted(entries, key=lambda entry: -abs(entry.effect)))


def _classes(case: Case) -> Iterator[Contribution]:
    kind = [trait.asset_class for trait in case.book.traits]
    held, wanted = (np.bincount(kind, weight, len(ASSET_CLASSES)) for weight in (case.plan.held, case.plan.wanted))
    for row in np.flatnonzero(np.abs(held - wanted) >= LEAST_OFF):
        name, now, then = named(ASSET_CLASSES[row]), float(held[row]), float(wanted[row])
        yield Contribution(
            feature=f"weight:{ASSET_CLASSES[row]}",
            value=now,
            effect=now - then,
            sentence=f"{percent(now)} of the portfolio is {name}; the target is {percent(then)}.",
        )


def _tax(case: Case) -> Contribution:
    own, naive, plan = case.plan.bill, case.plan.naive, case.plan
    saved = naive.tax - own.tax
    worth = DEFERRED * saved
    share = worth / case.book.value if case.book.value > 0 else 0.0
    told = [plan.reason]
    if saved >= 1:
        less, least = amount(saved, case.currency), amount(worth, case.currency)
        told.append(f"The choice of lots and accounts saves {less} of tax this year.")
        told.append(f"As far as that is only put off, it is worth {least} today.")
    if plan.action is not Action.HOLD:
        if case.rates.table is not None and max(own.tax, naive.tax, case.rates.carried) >= 1:
            told.append(_counted(case))
        near = percent(max(plan.tracking, SHOWN))
        told.append(f"After the orders a year should end within about {near} of where the target ends.")
    return Contribution(feature="plan", value=own.tax, effect=share, sentence=" ".join(told))


def _counted(case: Case) -> str:
    if case.rates.carried:
        before = amount(case.rates.carried, case.currency)
        return f"Tax is federal, after {before} of losses from earlier years; state tax is not counted."
    return "Tax is federal: state tax is not counted, nor losses of earlier years unless your profile tells them."


def _level(case: Case) -> Contribution:
    levels, user = case.levels, case.user
    level, wanted = int(levels.level[user]), int(levels.wanted[user])
    words = [str(name).replace("_", " ").lower() for name in RiskLevel]
    whole = round(float(levels.horizon[user]))
    years = f"what is invested is needed in {whole} year{'' if whole == 1 else 's'} on average"
    why = f"your risk assessment says so, and {years}, which is long enough"
    if level < wanted:
        why = f"your risk assessment says {words[wanted]}, but {years}, too soon for more"
    return Contribution(
        feature="risk_level", value=float(level), effect=0.0, sentence=f"The target is {words[level]}: {why}."
    )


def _relaxed(case: Case) -> Iterator[Contribution]:
    if case.target.relaxed is not Relaxed.NONE:
        yield Contribution(feature="bounds", value=None, effect=0.0, sentence=REASONS[case.target.relaxed])


def _waiting(case: Case) -> Iterator[Contribution]:
    """What may not be bought yet."""
    waiting = {name for name, waits in zip(case.book.symbols, case.book.waiting, strict=True) if waits}
    for name, again in case.book.again.items():
        said = f"{name} was sold at a loss: bought anywhere before {day(again)}, the loss would not count for tax."
        if name in waiting:
            said += " No other fund of its class is known, so what the class is short of waits in cash."
        yield Contribution(feature=f"wash_sale:{name}", value=None, effect=0.0, sentence=said)


def _notes(case: Case) -> Iterator[Contribution]:
    """What is wrong with the prices of what is held, and where risk is assumed."""
    held = [name for row, name in enumerate(case.book.symbols) if case.plan.held[row] > 0]
    for name, trait in zip(case.book.symbols, case.book.traits, strict=True):
        if name in held and trait.note:
            said = "; ".join(WRONG[each] for each in trait.note.split(", "))
            yield Contribution(feature=f"prices:{name}", value=None, effect=0.0, sentence=f"{name}: {said}.")
    if not case.market.estimated.any():
        told = "No current prices of funds are loaded: risk is that of funds from 2007 to 2016, an assumption."
        yield Contribution(feature="prices", value=None, effect=0.0, sentence=told)
