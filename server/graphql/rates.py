"""How much one user may ask for: a bucket of cost that fills by the second, of this process alone."""

import math
import time
from collections.abc import Callable
from http import HTTPStatus

from schema.viewer import Viewer
from server.graphql.refusals import Refused
from server.recent import Recent

BURST = 1_000_000
"""Cost: fifty of the most costly operations at once, ..."""
PER_SECOND = 200_000
"""... and then ten a second; the page of a household costs a few hundred."""
KEPT_VIEWERS = 10_000


class Rates:
    """A bucket a user. Administrators have none: theirs are the servers that ask for many."""

    def __init__(
        self, burst: int = BURST, per_second: int = PER_SECOND, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._kept: Recent[str, tuple[float, float]] = Recent(KEPT_VIEWERS)

    def take(self, viewer: Viewer | None, cost: int) -> None:
        """Takes the cost of an operation; raises `Refused` where too little is left."""
        if viewer is None or viewer.is_admin:
            return
        now = self._clock()
        left, since = self._kept.get(viewer.subject) or (float(self._burst), now)
        left = min(self._burst, left + (now - since) * self._per_second)
        if left < cost:
            raise _too_many(math.ceil((cost - left) / self._per_second))
        self._kept.put(viewer.subject, (left - cost, now))


def _too_many(seconds: int) -> Refused:
    message = f"You have asked for too much at once: repeat this in {seconds} second{'s' if seconds > 1 else ''}."
    headers = {"Retry-After": str(seconds)}
    return Refused("RATE_LIMITED", message, status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers, retryAfter=seconds)
