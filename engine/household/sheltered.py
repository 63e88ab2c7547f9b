"""Places that the tax law shelters: only for households that the table holds for."""

from dataclasses import dataclass

import numpy as np

from engine.enums import UNKNOWN, AccountKind, EmploymentStatus, FilingStatus, code
from engine.facts import Codes, Facts, Flags, Floats, Positions
from engine.features.balance_sheet import largest
from engine.features.income import MONTHS, earns, filing_status, gross_income, pays_us_tax
from engine.household.pieces import Pieces, Place, pieces
from engine.household.worth import GAINS_DRAG, HSA_YEARS, INVESTED, RETIREMENT_INCOME, spread, years_to_retirement
from engine.taxes import (
    TaxTable,
    federal,
    gains_rate,
    hsa_limit,
    ira_limit,
    marginal_rate,
    payroll_tax,
    plan_limit,
    room_in_bracket,
    share_left,
    taxable_income,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxView:
    """What the tax table says of each user of the batch; zeros where it does not hold."""

    applies: Flags
    earns: Flags
    status: Codes
    gross: Floats
    rate: Floats
    """On the last unit of income."""
    room: Floats
    """Deductions a year at that rate."""
    next_rate: Floats
    later_rate: Floats
    """Expected in retirement."""
    payroll_rate: Floats
    gains_rate: Floats


def tax_view(facts: Facts) -> TaxView:
    """The law as it stands, for the batch."""
    table, status, gross = federal(), filing_status(facts), gross_income(facts)
    applies, taxable = pays_us_tax(facts), taxable_income(federal(), filing_status(facts), gross_income(facts))
    room = room_in_bracket(table, status, taxable)
    payroll = payroll_tax(table, facts.profile.employment, gross) / np.maximum(gross, 1.0)
    later = marginal_rate(table, status, taxable_income(table, status, RETIREMENT_INCOME * gross))
    return TaxView(
        applies=applies,
        earns=earns(facts),
        status=status,
        gross=gross,
        rate=np.where(applies, marginal_rate(table, status, taxable), 0.0),
        room=np.where(applies, room, 0.0),
        next_rate=np.where(applies, marginal_rate(table, status, taxable - room), 0.0),
        later_rate=np.where(applies, later, 0.0),
        payroll_rate=np.where(applies, payroll, 0.0),
        gains_rate=np.where(applies, gains_rate(table, status, taxable), 0.15),
    )


def after_gains_tax(view: TaxView) -> Floats:
    """What an unsheltered portfolio is worth a year."""
    return INVESTED * (1.0 - GAINS_DRAG * view.gains_rate)


def match_pieces(facts: Facts) -> Pieces:
    """Pay into an employer's plan that the employer adds to, in any country."""
    accounts = facts.accounts
    rate, share = np.nan_to_num(accounts.employer_match_rate), np.nan_to_num(accounts.employer_match_limit)
    employed = facts.profile.employment[accounts.user] == code(EmploymentStatus.EMPLOYED)
    rows = np.flatnonzero((accounts.kind == code(AccountKind.EMPLOYER_PLAN)) & employed & (rate > 0) & (share > 0))
    user = accounts.user[rows]
    matched = np.minimum(share[rows] * gross_income(facts)[user], _most_in_plan(facts)[user])
    return pieces(user=user, place=Place.MATCH, worth=rate[rows] + INVESTED, limit=matched / MONTHS, account=rows)


def hsa_pieces(facts: Facts, view: TaxView) -> Pieces:
    """A health savings account, where one is held: never taxed when spent on health."""
    account = largest(facts, (AccountKind.HSA,))
    user = np.flatnonzero((account != UNKNOWN) & view.applies & (facts.profile.age < 65))
    family = (view.status == code(FilingStatus.MARRIED_JOINTLY)) | (np.nan_to_num(facts.profile.dependents) > 0)
    saved = view.rate + view.payroll_rate * (facts.profile.employment == code(EmploymentStatus.EMPLOYED))
    worth = INVESTED + spread(saved / (1.0 - saved), HSA_YEARS)
    limit = hsa_limit(federal(), facts.profile.age, family) / MONTHS
    return pieces(user=user, place=Place.HSA, worth=worth[user], limit=limit[user], account=account[user])


def retirement_pieces(facts: Facts, view: TaxView, matched: Pieces) -> list[Pieces]:
    """An employer's plan beyond the match, in two steps of the tax table, and IRAs."""
    years = years_to_retirement(facts.profile.age)
    in_plan = facts.total(matched.user, matched.limit)
    return [*_plan(facts, view, years, in_plan), *_ira(facts, view, years)]


def _plan(facts: Facts, view: TaxView, years: Floats, in_plan: Floats) -> list[Pieces]:
    account = largest(facts, (AccountKind.EMPLOYER_PLAN,))
    user = np.flatnonzero((account != UNKNOWN) & view.applies & view.earns)
    free = np.maximum(_most_in_plan(facts) / MONTHS - in_plan, 0.0)
    first = np.minimum(free, np.maximum(view.room / MONTHS - in_plan, 0.0))
    steps = ((first, view.rate), (free - first, view.next_rate))
    return [
        pieces(
            user=user,
            place=Place.PLAN,
            worth=(INVESTED + _deferral(rate, view.later_rate, years))[user],
            limit=limit[user],
            account=account[user],
        )
        for limit, rate in steps
    ]


def _ira(facts: Facts, view: TaxView, years: Floats) -> list[Pieces]:
    """One limit for both kinds: the whole goes to the one that is worth more and that the income allows."""
    table = federal()
    covered = largest(facts, (AccountKind.EMPLOYER_PLAN,)) != UNKNOWN
    people = np.where(view.status == code(FilingStatus.MARRIED_JOINTLY), 2.0, 1.0)
    limit = np.minimum(people * ira_limit(table, facts.profile.age), view.gross) / MONTHS
    roth = share_left(table.roth_phase_out, view.status, view.gross)
    deductible = np.where(covered, share_left(table.deduction_phase_out, view.status, view.gross), 1.0)
    deferral = _deferral(view.rate, view.later_rate, years)
    traditional = (deferral > 0) & (deductible >= roth)
    kinds = (
        (Place.TRADITIONAL_IRA, AccountKind.TRADITIONAL_IRA, traditional, deductible, INVESTED + deferral),
        (Place.ROTH_IRA, AccountKind.ROTH_IRA, ~traditional, roth, np.full(len(facts), INVESTED)),
    )
    return [_ira_kind(facts, view, place, kind, chosen, share * limit, worth)
            for place, kind, chosen, share, worth in kinds]  # fmt: skip


def _ira_kind(
    facts: Facts, view: TaxView, place: Place, kind: AccountKind, chosen: Flags, limit: Floats, worth: Floats
) -> Pieces:
    user = np.flatnonzero(chosen & view.applies & view.earns)
    account: Positions = largest(facts, (kind,))[user]
    return pieces(user=user, place=place, worth=worth[user], limit=limit[user], account=account)


def _deferral(rate: Floats, later_rate: Floats, years: Floats) -> Floats:
    """Deducting now at one rate and paying later at another, as a rate a year."""
    return spread((1.0 - later_rate) / (1.0 - rate) - 1.0, years)


def _most_in_plan(facts: Facts) -> Floats:
    """The law's limit where it holds, else pay itself."""
    table: TaxTable = federal()
    return np.where(pays_us_tax(facts), plan_limit(table, facts.profile.age), gross_income(facts))
