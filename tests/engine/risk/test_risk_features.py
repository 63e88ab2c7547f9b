"""Features of risk tolerance: what a household has, never what it says."""

import numpy as np

from engine.enums import RiskLevel
from engine.risk.features import NAMES, features, monotone
from tests.engine.facts_factory import INVESTED, NASTY, Row, account, facts, household, lot


def column(name: str, *households: Row) -> list[float]:
    return [float(value) for value in features(facts(*households))[:, NAMES.index(name)]]


def test_what_a_person_says_of_risk_is_no_feature() -> None:
    batch = [{**INVESTED, "profile": {**INVESTED["profile"], "stated_risk_tolerance": level}} for level in RiskLevel]  # type: ignore[dict-item]
    found = features(facts(*batch))
    assert np.array_equal(found, found[:1].repeat(len(batch), axis=0), equal_nan=True)


def test_sex_is_no_feature() -> None:
    woman, man = (features(facts(household(sex=sex))) for sex in ("FEMALE", "MALE"))
    assert np.array_equal(woman, man, equal_nan=True)


def test_one_row_a_household_and_a_number_a_name() -> None:
    found = features(facts(*NASTY.values()))
    assert found.shape == (len(NASTY), len(NAMES))
    assert not np.isinf(found).any()
    assert features(facts()).shape == (0, len(NAMES))


def test_equity_that_was_chosen_is_told_from_the_employer_s() -> None:
    stocks = [lot("US_EQUITY", 3_000.0, 1.0, 2_000.0)]
    brokerage = household(accounts=[account("TAXABLE", 3_000.0, lots=stocks), account("SAVINGS", 1_000.0)])
    plan = household(accounts=[account("EMPLOYER_PLAN", 3_000.0, lots=stocks), account("SAVINGS", 1_000.0)])
    assert column("chosen_equity", brokerage, plan) == [3_000.0, 0.0]
    assert column("equity_share", brokerage, plan) == [0.75, 0.75]
    assert column("gain", brokerage) == [1 / 3]
    assert {NAMES[position] for position in monotone()} == {"equity_share", "chosen_equity"}
