"""The rows that households give to learn from: what was known of them a year ago, and what they put aside since."""

from dataclasses import replace

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Accounts, Facts, Floats, Source
from engine.features.cash_flow import Flow, cash_flow
from engine.features.sustainable import sustainable_amount
from engine.learning.groups import groups
from engine.learning.trainer import Sample
from engine.sustain.features import features, last_year, scale
from engine.sustain.record import chance_of_keeping, record
from engine.sustain.target import YEAR, extra_payments, outflow, share_kept, window

KEPT, INCOME, LAST, CARRIED, RULE_CARRIED, RULE_LAST = range(6)
"""Columns of a sample's `y`. Shares of the income known a year ago: what was put aside since, what had been put aside
in the year before, and what the rule would have advised; the income itself, a month; and the rule's chances that nine
tenths of what it advised, or of what had been put aside, would be reached."""
MOST_PEOPLE = 20_000
"""To fit on, drawn by chance: more make a model no better than they make it slow, and memory has to stay bounded."""
UNSTATED = ("annual_income", "monthly_expenses", "net_worth", "liquid_assets", "total_debt")


def sample(facts: Facts) -> Sample:
    """Of households with a year before and a year since, and an income a year ago."""
    earlier = year_ago(facts)
    income = scale(earlier)
    kept = share_kept(facts.cash_flows, income)
    rows = np.flatnonzero(~np.isnan(kept) & (earlier.cash_flows.observed >= YEAR))
    y = np.column_stack([kept, income, last_year(earlier), *_rule(earlier, income)])
    labels = {name: label[rows] for name, label in groups(facts).items()}
    return Sample(users=facts.users[rows], X=features(earlier)[rows], y=y[rows], groups=labels)


def year_ago(facts: Facts) -> Facts:
    """Cash flows up to a year before the end, and age; nothing else of today was known then."""
    profile = facts.profile
    unknown = {name: np.full(len(facts), np.nan) for name in UNSTATED}
    then = replace(profile, **unknown, age=profile.age - 1.0, employment=np.full(len(facts), UNKNOWN, dtype=np.int8))
    flows = window(facts.cash_flows, len(facts.cash_flows.months), YEAR)
    sources: dict[Source, object] = {"profile": then, "accounts": _no_accounts(), "cash_flows": flows}
    return Facts(today=facts.today.replace(year=facts.today.year - 1, day=1), users=facts.users, sources=sources)


def fitted_on(sample: Sample, seed: int) -> Sample:
    """The rows to fit on, in their order; all of them where they are not too many."""
    return sample.take(np.sort(np.random.default_rng(seed).permutation(len(sample))[:MOST_PEOPLE]))


def _rule(earlier: Facts, income: Floats) -> tuple[Floats, Floats, Floats]:
    """What it would have advised, as a share of income, and its chances of nine tenths of that and of last year's."""
    flow = replace(cash_flow(earlier), debt_payments=_instalments(earlier))
    carried = sustainable_amount(earlier, flow)
    last = np.nan_to_num(last_year(earlier))
    share = np.where(income > 0, carried / np.where(income > 0, income, 1.0), 0.0)
    of_carried, of_last = (_chance(earlier, flow, amount) for amount in (carried, last * income))
    return share, of_carried, of_last


def _chance(earlier: Facts, flow: Flow, amount: Floats) -> Floats:
    return chance_of_keeping(record(earlier.cash_flows, amount), flow, amount)


def _instalments(earlier: Facts) -> Floats:
    """A month, as paid: what lenders asked for then is not kept."""
    flows = window(earlier.cash_flows, YEAR)
    paid = outflow(flows, ("debt_payment",)).sum(axis=1) - extra_payments(flows)
    return np.asarray(paid / np.maximum(flows.observed, 1), dtype=np.float64)


def _no_accounts() -> Accounts:
    """Balances are known as of today alone."""
    none, nobody = np.zeros(0), np.zeros(0, dtype=np.object_)
    return Accounts(
        user=np.zeros(0, dtype=np.int64),
        id=nobody,
        name=nobody,
        kind=np.zeros(0, dtype=np.int8),
        balance=none,
        interest_rate=none,
        minimum_payment=none,
        employer_match_rate=none,
        employer_match_limit=none,
    )
