"""Amounts and names as a reader expects them."""

from engine.transactions import words
from engine.wording import amount


def test_nothing_is_told_without_cents_and_without_a_sign() -> None:
    assert [amount(value, "USD") for value in (0.0, -0.0, 0.004, -0.004)] == ["$0"] * 4
    assert (amount(0.01, "USD"), amount(99.5, "EUR"), amount(-80.0, "USD")) == ("$0.01", "€99.50", "-$80.00")


def test_a_kind_of_spending_has_one_name_in_all_categories() -> None:
    assert (words("dining"), words("other"), words("groceries")) == ("eating out", "other things", "groceries")
