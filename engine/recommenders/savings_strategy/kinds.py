"""How each place is named, and which account pays for it and receives it."""

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
