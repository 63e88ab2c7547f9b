"""Who is answered by a challenger, and when it is said to be better."""

from uuid import UUID, uuid5

from engine.experiment import arm

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
