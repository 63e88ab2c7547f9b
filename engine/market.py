"""Asset classes and what is assumed of them."""

from enum import StrEnum


class AssetClass(StrEnum):
    """What a holding is exposed to; as a symbol, one unit of it is one unit of money where no price is loaded."""

    US_EQUITY = "US_EQUITY"
    INTL_EQUITY = "INTL_EQUITY"
    EM_EQUITY = "EM_EQUITY"
    REAL_ESTATE = "REAL_ESTATE"
    COMMODITIES = "COMMODITIES"
    US_BONDS = "US_BONDS"
    TREASURIES = "TREASURIES"
    TIPS = "TIPS"
    CORPORATE_BONDS = "CORPORATE_BONDS"
    HIGH_YIELD = "HIGH_YIELD"
    INTL_BONDS = "INTL_BONDS"
    CASH = "CASH"


ASSET_CLASSES = tuple(AssetClass)
