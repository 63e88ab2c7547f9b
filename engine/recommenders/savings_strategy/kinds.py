"""How each place is named in keys, titles and sentences."""

from engine.enums import AccountKind
from engine.household.pieces import Place

CHECKING = (AccountKind.CHECKING,)

THROUGH_PAYROLL = (Place.MATCH, Place.PLAN)

NAME = {
    Place.MATCH: "your employer's plan",
    Place.DEBT: "your debt",
    Place.EMERGENCY: "your emergency fund",
    Place.HSA: "your health savings account",
    Place.PLAN: "your employer's plan",
    Place.ROTH_IRA: "a Roth IRA",
    Place.TRADITIONAL_IRA: "a traditional IRA",
    Place.GOAL: "your goal",
    Place.TAXABLE: "an investment account",
}
KEYS = {
    Place.MATCH: "take_employer_match",
    Place.DEBT: "pay_down_debt",
    Place.EMERGENCY: "raise_emergency_fund",
    Place.HSA: "fund_hsa",
    Place.PLAN: "fund_employer_plan",
    Place.ROTH_IRA: "fund_roth_ira",
    Place.TRADITIONAL_IRA: "fund_traditional_ira",
    Place.GOAL: "fund_goal",
    Place.TAXABLE: "invest_the_rest",
}
TITLES = {
    Place.MATCH: "Take your employer's match: {amount} a month",
    Place.DEBT: "Pay {amount} a month more on {place}",
    Place.EMERGENCY: "Raise your emergency fund by {amount} a month",
    Place.HSA: "Put {amount} a month into {place}",
    Place.PLAN: "Put {amount} a month into {place}",
    Place.ROTH_IRA: "Put {amount} a month into {place}",
    Place.TRADITIONAL_IRA: "Put {amount} a month into {place}",
    Place.GOAL: "Put {amount} a month aside for {place}",
    Place.TAXABLE: "Invest {amount} a month",
}
WHY = {
    Place.HSA: "Not taxed on the way in, nor on the way out for health costs",
    Place.PLAN: "Deducted from taxable income today, taxed in retirement",
    Place.TRADITIONAL_IRA: "Deducted from taxable income today, taxed in retirement",
    Place.ROTH_IRA: "Taxed today, never again",
    Place.TAXABLE: "All that is worth more has what it needs; invested broadly it may grow or fall",
}
