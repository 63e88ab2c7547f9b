"""The documented list of transaction categories."""

from engine.transactions import (
    CATEGORY_NAMES,
    DISCRETIONARY,
    ESSENTIAL,
    INCOME,
    PLURAL,
    SPENDING,
    TRANSFER,
)


def test_every_category_is_in_exactly_one_group() -> None:
    assert sorted((*INCOME, *TRANSFER, *SPENDING)) == sorted(CATEGORY_NAMES)
    assert len(set(CATEGORY_NAMES)) == len(CATEGORY_NAMES)


def test_transfers_and_income_are_not_spending() -> None:
    assert "savings_transfer" in TRANSFER
    assert "salary" in INCOME
    assert not set(SPENDING) & {*INCOME, *TRANSFER}


def test_no_spending_is_both_essential_and_discretionary() -> None:
    assert not set(ESSENTIAL) & set(DISCRETIONARY)
    assert {*ESSENTIAL, *DISCRETIONARY} == set(SPENDING) - {"fees"}


def test_every_kind_of_spending_agrees_with_its_verb() -> None:
    assert set(PLURAL) < set(SPENDING)
    assert {name for name in SPENDING if name.endswith("s") and name not in PLURAL} == set()
