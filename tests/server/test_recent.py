"""What was used last stays, within the capacity."""

from server.recent import Recent


def test_the_least_recently_used_goes_first() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert [recent.get(key) for key in "abc"] == [1, None, 3]


def test_weights_are_never_more_than_the_capacity() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(100):
        recent.put(number % 7, number, weight=number % 5)
        assert recent.weight <= 10


def test_what_is_put_again_weighs_once() -> None:
    recent: Recent[str, int] = Recent(10)
    recent.put("a", 1, weight=6)
    recent.put("a", 2, weight=6)
    assert (recent.get("a"), recent.weight) == (2, 6)
