"""A family's balance sheet as accounts; what the totals hold beyond the columns is an account of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.enums import AccountKind
from store.loading.scf.assumptions import assumed, assumptions
from store.loading.scf.families import Families

LEAST_OWED = 2.0
"""Dollars owed on assets: less is a code (-1 stands for less than a dollar) or a rounding, not a debt."""
EMPLOYEE = 1
WORKPLACE_PLAN = "workplace_plan"
OWED_ON_ASSETS = "owed_on_assets"


@dataclass(frozen=True, slots=True)
class Asset:
    """One account of what is owned; `columns` are summed."""

    external_id: str
    name: str
    kind: AccountKind
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Debt:
    """One account of what is owed; `paid` are the first letters of the columns of its monthly payments."""

    external_id: str
    name: str
    kind: AccountKind
    columns: tuple[str, ...]
    paid: tuple[str, ...] = ()


LIQUID = (
    Asset("checking", "Checking", AccountKind.CHECKING, ("CHECKING", "PREPAID")),
    Asset("brokerage_cash", "Cash at a broker", AccountKind.SAVINGS, ("CALL",)),
)
SAVINGS = Asset("savings", "Savings and money market", AccountKind.SAVINGS, ("LIQ",))
FINANCIAL = (
    Asset("certificates", "Certificates of deposit", AccountKind.TAXABLE, ("CDS",)),
    Asset("brokerage", "Brokerage", AccountKind.TAXABLE, ("NMMF", "STOCKS", "BOND", "SAVBND")),
    Asset("ira", "IRA or Keogh", AccountKind.TRADITIONAL_IRA, ("IRAKH",)),
    Asset(WORKPLACE_PLAN, "Plan at work", AccountKind.EMPLOYER_PLAN, ("THRIFT",)),
)
PENSION = Asset("pension", "Pension account", AccountKind.EMPLOYER_PLAN, ("RETQLIQ",))
OTHER_FINANCIAL = Asset("other_financial", "Other financial assets", AccountKind.OTHER_ASSET, ("FIN",))
THINGS = (
    Asset("home", "Home", AccountKind.PROPERTY, ("HOUSES",)),
    Asset("other_residence", "Other residential property", AccountKind.PROPERTY, ("ORESRE",)),
    Asset("other_property", "Other property, net", AccountKind.PROPERTY, ("NNRESRE",)),
    Asset("vehicles", "Vehicles", AccountKind.VEHICLE, ("VEHIC",)),
    Asset("business", "Business", AccountKind.BUSINESS, ("BUS",)),
)
OTHER_THINGS = Asset("other_assets", "Other assets", AccountKind.OTHER_ASSET, ("NFIN",))
DEBTS = (
    Debt("home_equity_line", "Home equity line", AccountKind.MORTGAGE, ("HELOC",), ("PAYLOC",)),
    Debt("other_mortgage", "Mortgage on other property", AccountKind.MORTGAGE, ("RESDBT",), ("PAYORE",)),
    Debt("credit_card", "Credit cards", AccountKind.CREDIT_CARD, ("CCBAL",)),
    Debt("student_loan", "Student loans", AccountKind.STUDENT_LOAN, ("EDN_INST",), ("PAYEDU",)),
    Debt("vehicle_loan", "Vehicle loans", AccountKind.LOAN, ("VEH_INST",), ("PAYVEH", "PAYVEO")),
    Debt("instalment_loan", "Instalment loans", AccountKind.LOAN, ("OTH_INST",), ("PAYILN",)),
)
MORTGAGE = Debt("mortgage", "Mortgage", AccountKind.MORTGAGE, ("NH_MORT",), ("PAYMORT",))
OTHER_DEBT = Debt("other_debt", "Other debt", AccountKind.LOAN, ("DEBT",))
OWED = Debt(OWED_ON_ASSETS, "Owed on property and business beyond its value", AccountKind.LOAN, ())

ASSETS = (*LIQUID, SAVINGS, *FINANCIAL, PENSION, OTHER_FINANCIAL, *THINGS, OTHER_THINGS)
ALL_DEBTS = (MORTGAGE, *DEBTS, OTHER_DEBT, OWED)
EXTERNAL_IDS = tuple(account.external_id for account in (*ASSETS, *ALL_DEBTS))


def balances(families: Families) -> pl.DataFrame:
    """What is in each account of each family, one column an account; debts are positive here."""
    amount = {item.external_id: families.dollars(*item.columns) for item in (*ASSETS, *ALL_DEBTS)}
    amount[SAVINGS.external_id] = _rest("LIQ", LIQUID, amount)
    if families.has("RETQLIQ"):
        amount[PENSION.external_id] = families.dollars("RETQLIQ") - families.dollars("IRAKH", "THRIFT")
    amount[OTHER_FINANCIAL.external_id] = _rest("FIN", (*LIQUID, SAVINGS, *FINANCIAL, PENSION), amount)
    amount[OTHER_THINGS.external_id] = _rest("NFIN", THINGS, amount)
    if not families.has("NH_MORT"):
        amount[MORTGAGE.external_id] = families.dollars("MRTHEL") - families.dollars("HELOC")
    amount[OTHER_DEBT.external_id] = _rest("DEBT", (MORTGAGE, *DEBTS), amount)
    amount[OWED_ON_ASSETS] = pl.sum_horizontal(pl.max_horizontal(-amount[asset.external_id], 0.0) for asset in ASSETS)
    return families.frame.select("user", **{name: expression.round(2) for name, expression in amount.items()})


def accounts(families: Families, balance: pl.DataFrame) -> pl.DataFrame:
    """One row an account, with the columns of the kind `accounts`."""
    owned = [_owned(families, balance, asset) for asset in ASSETS]
    owed = [_owed(families, balance, debt) for debt in ALL_DEBTS]
    return pl.concat([*owned, *owed], how="diagonal")


def _rest(total: str, named: Sequence[Asset | Debt], amount: Mapping[str, pl.Expr]) -> pl.Expr:
    """What a total of the survey holds beyond the accounts that are named."""
    return pl.col(total) - pl.sum_horizontal(amount[item.external_id] for item in named)


def _owned(families: Families, balance: pl.DataFrame, asset: Asset) -> pl.DataFrame:
    amount = balance[asset.external_id]
    rate = _rate(asset)
    matched = pl.lit(asset.external_id == WORKPLACE_PLAN) & (families.frame["OCCAT1"] == EMPLOYEE)
    told = balance.select(
        *_named(asset),
        balance=amount,
        interest_rate=rate,
        employer_match_rate=pl.when(matched).then(assumed("employer_match_rate")),
        employer_match_limit=pl.when(matched).then(assumed("employer_match_limit")),
        assumed=pl.when(matched)
        .then(pl.lit("employer_match_rate;employer_match_limit"))
        .otherwise(pl.lit(None if rate is None else "interest_rate")),
    )
    return told.filter(amount > 0)


def _owed(families: Families, balance: pl.DataFrame, debt: Debt) -> pl.DataFrame:
    amount = balance[debt.external_id]
    paid = families.payments(*debt.paid) if debt.paid else None
    share = assumptions()["minimum_payment_share"][debt.external_id][0]
    told = balance.select(
        *_named(debt),
        balance=-amount,
        interest_rate=_rate(debt),
        minimum_payment=(families.frame.select(paid).to_series() if paid is not None else amount * share).round(2),
        assumed=pl.lit("interest_rate" if paid is not None else "interest_rate;minimum_payment"),
    )
    return told.filter(amount > (LEAST_OWED if debt is OWED else 0))


def _named(item: Asset | Debt) -> tuple[pl.Expr, ...]:
    named = {"external_id": item.external_id, "name": item.name, "kind": item.kind.value}
    return (pl.col("user"), *(pl.lit(value).alias(name) for name, value in named.items()))


def _rate(item: Asset | Debt) -> float | None:
    known = assumptions()["interest_rate"].get(item.external_id)
    return None if known is None else float(known[0])
