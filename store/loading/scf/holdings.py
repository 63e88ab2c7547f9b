"""What the investment accounts of a family hold, by asset class: one lot each, at a price of one."""

from collections.abc import Mapping

import polars as pl

from engine.market import AssetClass
from store.loading.scf.assumptions import assumptions
from store.loading.scf.families import Families

RETIREMENT = ("ira", "workplace_plan", "pension")
BOND_FUNDS = ("TFBMUTF", "GBMUTF", "OBMUTF")
FUNDS = ("STMUTF", "OMUTF", "COMUTF", *BOND_FUNDS)


def holdings(families: Families, balance: pl.DataFrame) -> pl.DataFrame:
    """One row a holding, with the columns of the kind `holdings`; they add up to the balance of their account."""
    dollars = pl.concat([families.frame, balance.drop("user")], how="horizontal")
    held = [_certificates(dollars), _brokerage(families, dollars), *_retirement(families, dollars)]
    acquired = pl.lit(families.asked).dt.offset_by(f"-{assumptions()['holdings']['years_held']}y")
    lots = pl.concat(held).filter(pl.col("quantity") > 0)
    return lots.with_columns(pl.col("cost_basis").clip(lower_bound=0.0).round(2), acquired=acquired)


def _certificates(dollars: pl.DataFrame) -> pl.DataFrame:
    return _lots(dollars, "certificates", {}, rest=AssetClass.CASH)


def _retirement(families: Families, dollars: pl.DataFrame) -> list[pl.DataFrame]:
    """Every account with the share of equity of all of them together."""
    share = pl.lit(float(assumptions()["holdings"]["equity_of_retirement"]))
    if families.has("RETEQ") and families.has("RETQLIQ"):
        share = (pl.col("RETEQ") / pl.col("RETQLIQ")).fill_nan(0.0).clip(0.0, 1.0)
    return [
        _lots(dollars, account, {AssetClass.US_EQUITY: pl.col(account) * share}, rest=AssetClass.US_BONDS)
        for account in RETIREMENT
    ]


def _brokerage(families: Families, dollars: pl.DataFrame) -> pl.DataFrame:
    """Funds of both stocks and bonds, and funds that the extract does not tell apart, count half as either."""
    take = families.dollars
    mixed = (take("COMUTF") + take("NMMF") - take(*(name for name in FUNDS if families.has(name)))) / 2
    funds = {
        AssetClass.US_EQUITY: take("STOCKS", "STMUTF", "OMUTF") + mixed,
        AssetClass.TREASURIES: take("GBMUTF"),
        AssetClass.CORPORATE_BONDS: take("OBMUTF"),
        AssetClass.US_BONDS: take("TFBMUTF") + mixed,
    }
    values = {
        AssetClass.US_EQUITY: funds[AssetClass.US_EQUITY],
        AssetClass.TREASURIES: take("GBMUTF", "GOVTBND", "SAVBND"),
        AssetClass.CORPORATE_BONDS: take("OBMUTF", "OBND"),
    }
    gained = (take("KGSTMF") / take("STOCKS", "NMMF")).fill_nan(0.0)
    gains = {asset_class: value * gained for asset_class, value in funds.items()}
    return _lots(dollars, "brokerage", values, rest=AssetClass.US_BONDS, gains=gains)


def _lots(
    dollars: pl.DataFrame,
    account: str,
    values: Mapping[AssetClass, pl.Expr],
    *,
    rest: AssetClass,
    gains: Mapping[AssetClass, pl.Expr] | None = None,
) -> pl.DataFrame:
    """Lots of one account; the rest is what the values leave of its balance."""
    rounded = {asset_class: value.round(2) for asset_class, value in values.items()}
    rounded[rest] = (pl.col(account) - pl.sum_horizontal(pl.lit(0.0), *rounded.values())).round(2)
    return pl.concat(
        dollars.select(
            "user",
            account=pl.lit(account),
            symbol=pl.lit(asset_class.value),
            quantity=value,
            cost_basis=value - (gains or {}).get(asset_class, pl.lit(0.0)),
        )
        for asset_class, value in rounded.items()
    )
