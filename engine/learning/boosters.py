"""How boosted trees are kept: in XGBoost's own binary JSON, which holds no code."""

import xgboost


def as_bytes(booster: xgboost.Booster) -> bytes:
    """The same booster gives the same bytes."""
    return bytes(booster.save_raw("ubj"))


def from_bytes(raw: bytes) -> xgboost.Booster:
    """The booster that was written; it answers on one thread, since batches are small."""
    return xgboost.Booster(params={"nthread": 1}, model_file=bytearray(raw))
