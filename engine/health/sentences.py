"""One plain sentence for each component of financial health; every number in it is a fact of the household.

Where a fact alone does not say whether it is good, the sentence of a component that scores well does (`*_strong`).
"""

from engine.features.income import MONTHS
from engine.health.inputs import Inputs
from engine.wording import amount, months, percent, silence

NO_DEBT, NO_PAYMENTS = "No debt.", "No debt asks for payments."
LEAST_MONTHS = 0.05
"""Of spending; less cash is told as an amount alone."""


def spending(f: Inputs, user: int) -> str:
    """What is earned and spent."""
    income, spent = _money(f, user, f.income[user]), _money(f, user, f.spending[user])
    assumed = " (an assumption)" if f.spending_assumed[user] else ""
    drawn = " or can be drawn from investments" if f.draw[user] > 0 else ""
    return f"{income} a month comes in after tax{drawn} and {spent} is spent{assumed}.{silence(f.stopped[user])}"


def spending_strong(f: Inputs, user: int) -> str:
    """That income is enough."""
    return f"Spending stays below income: {spending(f, user)}"


def fees(f: Inputs, user: int) -> str:
    """Fees stand for bills that were late and accounts that were overdrawn."""
    if f.fees[user] <= 0:
        return "No fees were charged in the months seen."
    return f"Fees of {_money(f, user, f.fees[user])} a month were charged, in {percent(f.fee_months[user])} of months."


def fees_strong(f: Inputs, user: int) -> str:
    """Few bills were late."""
    if f.fees[user] <= 0:
        return fees(f, user)
    return f"Fees are low: {_money(f, user, f.fees[user])} a month, in {percent(f.fee_months[user])} of months."


def liquidity(f: Inputs, user: int) -> str:
    """How long cash lasts."""
    return f"{_lasting(f, user)}{silence(f.stopped[user])}"


def _lasting(f: Inputs, user: int) -> str:
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
    debts, beside = _debts(f, user), _beside(f, user)
    return f"{_money(f, user, debts)} is owed{beside}, against {_income(f, user)}." if debts > 0 else _no_debt(f, user)


def debt_load_strong(f: Inputs, user: int) -> str:
    """That little is owed."""
    debts, beside = _debts(f, user), _beside(f, user)
    low = f"Little is owed{beside}: {_money(f, user, debts)}, against {_income(f, user)}."
    return low if debts > 0 else _no_debt(f, user)


def debt_service(f: Inputs, user: int) -> str:
    """What lenders ask for."""
    if f.debt_service[user] <= 0:
        return NO_PAYMENTS
    return f"Lenders ask for {_out_of_gross(f, user, float(f.debt_service[user]))}."


def debt_service_strong(f: Inputs, user: int) -> str:
    """That lenders ask for little."""
    if f.debt_service[user] <= 0:
        return NO_PAYMENTS
    return f"Lenders ask for little: {_out_of_gross(f, user, float(f.debt_service[user]))}."


def retirement(f: Inputs, user: int) -> str:
    """What is invested."""
    invested, spent = _money(f, user, f.invested[user]), _money(f, user, MONTHS * f.spending[user])
    if f.invested[user] <= 0:
        return f"Nothing is invested at the age of {int(f.age[user])}, with {spent} spent a year."
    kept = "invested" if f.has_accounts[user] else "owned in all, debts taken off,"
    return f"{invested} is {kept} at the age of {int(f.age[user])}, with {spent} spent a year."


def retirement_strong(f: Inputs, user: int) -> str:
    """That it is enough by now."""
    return f"Enough for your age is put by: {retirement(f, user)}"


def housing(f: Inputs, user: int) -> str:
    """What a home costs."""
    if f.housing[user] <= 0:
        return "No rent or mortgage is paid."
    return f"Rent or mortgage takes {_out_of_gross(f, user, float(f.housing[user]))}."


def housing_strong(f: Inputs, user: int) -> str:
    """That it costs little."""
    if f.housing[user] <= 0:
        return housing(f, user)
    return f"Rent or mortgage takes little: {_out_of_gross(f, user, float(f.housing[user]))}."


def planning(f: Inputs, user: int) -> str:
    """What is planned."""
    them = "it" if f.goals[user] == 1 else "them"
    put = f" with money going to {them} each month" if f.contributions[user] > 0 else ""
    return f"You have {_count(int(f.goals[user]), 'goal')}{put}, and {_count(int(f.budgets[user]), 'budget')}."


def insurance(f: Inputs, user: int) -> str:
    """Whether insurance is paid."""
    if f.insured_months[user] <= 0:
        return "No insurance is seen among the transactions; an employer may pay it."
    return "Insurance is paid."


def _debts(f: Inputs, user: int) -> float:
    return float(f.consumer_debt[user] if f.has_accounts[user] else f.debt[user])


def _no_debt(f: Inputs, user: int) -> str:
    return "No debt besides a mortgage." if f.mortgage_owed[user] > 0 else NO_DEBT


def _beside(f: Inputs, user: int) -> str:
    return " besides a mortgage" if f.mortgage_owed[user] > 0 else ""


def _income(f: Inputs, user: int) -> str:
    return f"an income of {_money(f, user, float(MONTHS * f.gross[user]))} a year before tax"


def _out_of_gross(f: Inputs, user: int, paid: float) -> str:
    return f"{_money(f, user, paid)} a month out of {_money(f, user, float(f.gross[user]))} before tax"


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _money(f: Inputs, user: int, value: float) -> str:
    return amount(float(value), f.currency[user])
