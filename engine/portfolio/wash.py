"""Wash sales: a loss does not count where the same security is bought within 30 days before or after (26 USC 1091)."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from engine.enums import AccountKind, code
from engine.facts import Facts

WASH_DAYS = 30


def barred(facts: Facts) -> Mapping[int, Mapping[str, date]]:
    """By user what a taxable account sold at a loss so lately that no account may buy it, and from which day on."""
    sales, today = facts.sales, np.datetime64(facts.today)
    late = np.flatnonzero((sales.sold >= today - WASH_DAYS) & (sales.proceeds < sales.cost_basis))
    if not len(late):
        return {}
    rows = facts.accounts.kind == code(AccountKind.TAXABLE)
    taxable = set(zip(facts.accounts.user[rows], facts.accounts.id[rows], strict=True))
    found: dict[int, dict[str, date]] = {}
    for row in late:  # the oldest first: the latest sale of a symbol decides
        if (sales.user[row], sales.account[row]) in taxable:
            again = sales.sold[row].item() + timedelta(days=WASH_DAYS + 1)
            found.setdefault(int(sales.user[row]), {})[str(sales.symbol[row])] = again
    return found
