"""What was used last, within bounds."""

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps the values used last, as long as their weights together stay within `capacity`."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.weight = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def put(self, key: K, value: V, weight: int = 1) -> None:
        self.drop(key)
        self._kept[key] = value, weight
        self.weight += weight
        while self.weight > self.capacity:
            self.weight -= self._kept.popitem(last=False)[1][1]

    def drop(self, key: K) -> None:
        if key in self._kept:
            self.weight -= self._kept.pop(key)[1]
