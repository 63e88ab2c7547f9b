"""Derived ids of many rows at once: the same ids as `store.ids.derived`."""

from hashlib import sha1

import polars as pl

from store.ids import NAMESPACE

SEPARATOR = "\x1f"


def derived_ids(kind: str, paths: pl.DataFrame) -> pl.Series:
    """One id a row, as text, from the columns of its path."""
    parts = pl.all().cast(pl.String).fill_null("")
    names = paths.select(pl.concat_str(pl.lit(kind), parts, separator=SEPARATOR)).to_series()
    # RFC 9562 prescribes SHA-1 for version 5: a name, not a secret
    root = NAMESPACE.bytes
    digests = [sha1(root + name.encode(), usedforsecurity=False).hexdigest() for name in names]
    digest = pl.Series("id", digests, dtype=pl.String)
    return digest.to_frame().select(_with_version(pl.col("id"))).to_series()


def _with_version(digest: pl.Expr) -> pl.Expr:
    """Version 5 in the 13th digit, the variant of RFC 9562 in the 17th."""
    variant = digest.str.slice(16, 1).replace_strict(_VARIANTS)
    end = digest.str.slice(17, 15)
    return pl.concat_str(digest.str.slice(0, 12), pl.lit("5"), digest.str.slice(13, 3), variant, end)


_VARIANTS = {f"{digit:x}": f"{0b1000 | digit & 0b0011:x}" for digit in range(16)}
