"""One plain sentence for each component of financial health; every number in it is a fact of the household."""

from engine.features.income import MONTHS
from engine.health.inputs import Inputs
from engine.wording import amount, months, percent

NO_DEBT, NO_PAYMENTS = "No debt.", "No debt asks for payments."
LEAST_MONTHS = 0.05
"""Of spending; less cash is told as an amount alone."""


def spending(f: Inputs, user: int) -> str:
    """What is earned and spent."""
    income, spent = _money(f, user, f.income[user]), _money(f, user, f.spending[user])
    assumed = " (an assumption)" if f.spending_assumed[user] else ""
    drawn = " or can be drawn from investments" if f.draw[user] > 0 else ""
    return f"{income} a month comes in after tax{drawn} and {spent} is spent{assumed}."


def fees(f: Inputs, user: int) -> str:
    """Fees stand for bills that were late and accounts that were overdrawn."""
    if f.fees[user] <= 0:
        return "No fees were charged in the months seen."
    return f"Fees of {_money(f, user, f.fees[user])} a month were charged, in {percent(f.fee_months[user])} of months."


def liquidity(f: Inputs, user: int) -> str:
    """How long cash lasts."""
    held, spent = float(f.cash_held[user]), float(f.spending[user])
    if spent <= 0:
        return f"{_money(f, user, held)} is at hand."
    if held <= 0:
        return f"No cash is at hand, with {_money(f, user, spent)} spent a month."
    if held < LEAST_MONTHS * spent:
        return f"{_money(f, user, held)} is all the cash at hand, with {_money(f, user, spent)} spent a month."
    return f"{_money(f, user, held)} in cash covers {months(held / spent)} of spending."


def debt_load(f: Inputs, user: int) -> str:
    """What is owed."""
    debts = float(f.consumer_debt[user] if f.has_accounts[user] else f.debt[user])
    if debts <= 0:
        return "No debt besides a mortgage." if f.mortgage_owed[user] > 0 else NO_DEBT
    beside = " besides a mortgage" if f.mortgage_owed[user] > 0 else ""
    income = _money(f, user, MONTHS * f.gross[user])
    return f"{_money(f, user, debts)} is owed{beside}, against an income of {income} a year before tax."


def debt_service(f: Inputs, user: int) -> str:
    """What lenders ask for."""
    if f.debt_service[user] <= 0:
        return NO_PAYMENTS
    asked, gross = _money(f, user, f.debt_service[user]), _money(f, user, f.gross[user])
    return f"Lenders ask for {asked} a month out of {gross} before tax."


def retirement(f: Inputs, user: int) -> str:
    """What is invested."""
    invested, spent = _money(f, user, f.invested[user]), _money(f, user, MONTHS * f.spending[user])
    if f.invested[user] <= 0:
        return f"Nothing is invested yet at the age of {int(f.age[user])}, with {spent} spent a year."
    kept = "invested" if f.has_accounts[user] else "owned in all, debts taken off,"
    return f"{invested} is {kept} at the age of {int(f.age[user])}, with {spent} spent a year."


def housing(f: Inputs, user: int) -> str:
    """What a home costs."""
    if f.housing[user] <= 0:
        return "No rent or mortgage is paid."
    paid, gross = _money(f, user, f.housing[user]), _money(f, user, f.gross[user])
    return f"Rent or mortgage takes {paid} a month out of {gross} before tax."


def planning(f: Inputs, user: int) -> str:
    """What is planned."""
    put = " with money going to them each month" if f.contributions[user] > 0 else ""
    return f"You have {_count(int(f.goals[user]), 'goal')}{put}, and {_count(int(f.budgets[user]), 'budget')}."


def insurance(f: Inputs, user: int) -> str:
    """Whether insurance is paid."""
    if f.insured_months[user] <= 0:
        return "No insurance is seen among the transactions; an employer may pay it."
    return "Insurance is paid."


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _money(f: Inputs, user: int, value: float) -> str:
    return amount(float(value), f.currency[user])
