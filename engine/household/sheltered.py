"""Places that an employer or the tax law favours, and the part of them that a retirement goal claims."""

import numpy as np

from engine.enums import UNKNOWN, AccountKind, EmploymentStatus, code
from engine.facts import Facts, Floats, Positions
from engine.features.balance_sheet import largest
from engine.features.income import MONTHS, gross_income
from engine.features.known import or_zero
from engine.household.goals import Claim
from engine.household.law import Law
from engine.household.pieces import Pieces, Place, pieces
from engine.household.worth import HSA_YEARS, INVESTED, spread


def match_pieces(facts: Facts, law: Law) -> Pieces:
    """Pay into an employer's plan that the employer adds to, in any country."""
    accounts = facts.accounts
    rate, share = or_zero(accounts.employer_match_rate), or_zero(accounts.employer_match_limit)
    employed = facts.profile.employment[accounts.user] == code(EmploymentStatus.EMPLOYED)
    rows = np.flatnonzero((accounts.kind == code(AccountKind.EMPLOYER_PLAN)) & employed & (rate > 0) & (share > 0))
    user = accounts.user[rows]
    limit = np.minimum(share[rows] * gross_income(facts)[user] / MONTHS, law.plan_limit[user])
    return pieces(user=user, place=Place.MATCH, worth=rate[rows] + INVESTED, limit=limit, account=rows)


def hsa_pieces(facts: Facts, law: Law) -> Pieces:
    """A health savings account, where one is held: never taxed when spent on health."""
    account = largest(facts, (AccountKind.HSA,))
    user = np.flatnonzero(account != UNKNOWN)
    saved = law.rate + law.payroll_rate
    worth = INVESTED + spread(saved / (1.0 - saved), HSA_YEARS)
    return pieces(user=user, place=Place.HSA, worth=worth[user], limit=law.hsa_limit[user], account=account[user])


def retirement_pieces(facts: Facts, law: Law, taken: tuple[Pieces, Pieces], claim: Claim) -> tuple[Pieces, Pieces]:
    """A plan beyond the match and an IRA, in two steps of the tax table: claimed by a retirement goal, and free.

    `taken` are match and health savings.
    """
    matched, health = (facts.total(part.user, part.limit) for part in taken)
    plan = largest(facts, (AccountKind.EMPLOYER_PLAN,))
    free = np.where(plan != UNKNOWN, np.maximum(law.plan_limit - matched, 0.0), 0.0) * law.applies
    room = np.maximum(law.room - matched - health, 0.0)
    return claim.split([_deferred(law, Place.PLAN, plan, free, room), *_ira(facts, law, np.maximum(room - free, 0.0))])


def _ira(facts: Facts, law: Law, room: Floats) -> list[Pieces]:
    """One limit for both kinds: deducted where that is worth more, and what cannot be deducted to a Roth."""
    gains = deferral(law, law.rate) > 0
    deducted = np.where(gains, law.deductible_limit, 0.0)
    roth = np.minimum(law.roth_limit, law.ira_limit - deducted)
    own, other = (largest(facts, (kind,)) for kind in (AccountKind.TRADITIONAL_IRA, AccountKind.ROTH_IRA))
    users = np.arange(len(facts))
    return [
        _deferred(law, Place.TRADITIONAL_IRA, own, deducted, room),
        pieces(user=users, place=Place.ROTH_IRA, worth=INVESTED, limit=roth, account=other),
    ]


def _deferred(law: Law, place: Place, account: Positions, limit: Floats, room: Floats) -> Pieces:
    """Deducted now and taxed later: first at the rate of the last unit of income, then at that of the next bracket."""
    first, users = np.minimum(limit, room), np.arange(len(limit))
    return pieces(
        user=np.concatenate([users, users]),
        place=place,
        worth=INVESTED + deferral(law, np.stack([law.rate, law.next_rate])).ravel(),
        limit=np.concatenate([first, limit - first]),
        account=np.concatenate([account, account]),
    )


def deferral(law: Law, rate: Floats) -> Floats:
    """Deducting at one rate (a column, or several) and paying later at another, as a rate a year."""
    return spread((1.0 - law.later_rate) / (1.0 - rate) - 1.0, law.years)
