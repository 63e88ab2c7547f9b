"""Who is answered by a challenger, and when it is said to be better."""

from dataclasses import replace
from uuid import UUID, uuid5

import pytest

from benchmarks.experiments import judged
from engine.experiments import MARGIN, UNSURE, Arm, arm, compare, outcome

FIRST, SECOND = UUID(int=1), UUID(int=2)
PEOPLE = [uuid5(FIRST, str(number)) for number in range(20_000)]


def test_a_user_stays_in_the_same_arm_and_the_arms_have_their_shares() -> None:
    answered = [arm(FIRST, user, 0.2) for user in PEOPLE]
    assert answered == [arm(FIRST, user, 0.2) for user in PEOPLE]
    assert abs(sum(answered) / len(PEOPLE) - 0.2) < 0.01


def test_a_greater_share_only_adds_users_to_the_challenger() -> None:
    assert all(arm(FIRST, user, 0.5) for user in PEOPLE if arm(FIRST, user, 0.1))


def test_another_experiment_draws_its_users_anew() -> None:
    both = sum(arm(FIRST, user, 0.5) and arm(SECOND, user, 0.5) for user in PEOPLE)
    assert abs(both / len(PEOPLE) - 0.25) < 0.02


# --- the test that may be looked at every day -------------------------------------------------------------------------


def test_daily_looks_at_no_difference_are_fooled_in_at_most_one_of_twenty() -> None:
    found = judged(500, 0.0)
    assert found["always_valid"] <= UNSURE
    assert found["at_1_96"] > 0.2  # what the same looks do to the usual test


def test_a_difference_worth_finding_is_found() -> None:
    found = judged(200, 0.2)
    assert found["called_better"] >= 0.99
    assert found["called_worse"] == 0


def test_nothing_is_said_of_few_users_or_of_outcomes_that_are_all_alike() -> None:
    few, same = Arm(users=99, mean=0.9, variance=0.1), Arm(users=500, mean=0.5)
    assert compare(Arm(users=500, mean=0.1, variance=0.1), few) is None
    assert compare(same, same) is None


def test_the_probability_is_above_a_half_for_who_is_ahead_and_certain_at_the_end() -> None:
    champion = Arm(users=1_000, mean=0.5, variance=0.04)
    ahead, behind, far = (compare(champion, replace(champion, mean=mean)) for mean in (0.51, 0.49, 0.6))
    assert ahead
    assert behind
    assert far
    assert ahead.probability_better == pytest.approx(1 - behind.probability_better)
    assert 0.5 <= ahead.probability_better < 0.975
    assert far.probability_better > 0.975
    assert far.is_better


def test_the_interval_and_the_probability_agree() -> None:
    champion = Arm(users=1_000, mean=0.5, variance=0.04)
    at = [compare(champion, replace(champion, mean=0.5 + step / 10_000)) for step in range(1, 600)]
    assert all(each and (each.low > 0) == (each.probability_better > 0.975) for each in at)


def test_only_a_challenger_that_is_worse_by_more_than_the_margin_is_stopped() -> None:
    champion = Arm(users=20_000, mean=0.5, variance=0.04)
    slightly, much = (compare(champion, replace(champion, mean=0.5 - less * MARGIN)) for less in (0.9, 2.0))
    assert slightly
    assert much
    assert not slightly.is_worse
    assert much.is_worse


def test_an_outcome_weighs_promises_and_decisions_alike_and_does_not_punish_silence() -> None:
    assert outcome(None, None) is None
    assert outcome(0.9, None) == 0.7
    assert outcome(None, 1.0) == 0.75
    assert outcome(1.0, 0.5) == 0.75


def test_the_mean_and_variance_of_an_arm_are_its_users() -> None:
    assert Arm.of([]) == Arm()
    assert Arm.of([0.25]) == Arm(users=1, mean=0.25)
    assert Arm.of([0.0, 1.0]) == Arm(users=2, mean=0.5, variance=0.5)


def test_arms_of_parts_of_the_users_add_up() -> None:
    values = [0.1, 0.9, 0.4, 0.4, 0.7, 1.0]
    for cut in range(len(values) + 1):
        both, whole = Arm.of(values[:cut]) + Arm.of(values[cut:]), Arm.of(values)
        assert both.users == whole.users
        assert both.mean == pytest.approx(whole.mean)
        assert both.variance == pytest.approx(whole.variance)
