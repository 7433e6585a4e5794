"""The moment at which a call must be over."""

from __future__ import annotations

import math
import time
from typing import Optional

from .errors import DeadlineExceeded

#: The longest time that the envelope can say, in nanoseconds.
_TIMEOUT_NANOSECONDS_MAX = (1 << 63) - 1

#: The longest wait that is asked of the system at once, in seconds; longer ones take several.
_WAIT_SECONDS_MAX = 3600.0


class Deadline:
    """A moment on the clock that only goes forward, or none."""

    def __init__(self, seconds: Optional[float]) -> None:
        """Sets the moment so many seconds from now; None and infinity = never.

        Raises ValueError if the time is not a number.
        """
        if seconds is not None and math.isnan(seconds):
            raise ValueError("timeout is not a number")
        self.seconds = None if seconds is None or seconds == math.inf else float(seconds)
        self._end = None if self.seconds is None else time.monotonic() + self.seconds

    def remaining(self, most: float = _WAIT_SECONDS_MAX) -> float:
        """Returns how many seconds to wait at once: what is left, and no more than `most`.

        Raises DeadlineExceeded if nothing is left.
        """
        if self._end is None:
            return most
        left = self._end - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded(f"no answer within {self.seconds:g} s")
        return min(left, most)

    def timeout_nanoseconds(self) -> int:
        """Returns what the envelope says of the time left; 0 = no limit."""
        if self._end is None:
            return 0
        left = self.remaining(math.inf)
        return int(min(max(left * 1e9, 1), _TIMEOUT_NANOSECONDS_MAX))
