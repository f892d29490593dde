"""A venue's pace: a bucket of tokens, of which a share is kept for what must never wait behind the rest."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError, RateLimitError

if TYPE_CHECKING:
    from tradewright.ports.clock import Clock

__all__ = ["Pace", "TokenBucketRateLimiter"]

_NS = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many requests a venue takes.

    Parameters
    ----------
    per_s : float
        Tokens that come back in a second.
    burst : float
        Tokens of a full bucket; in any T seconds at most ``burst + per_s * T`` requests leave.
    reserve : float
        Tokens that only cancels and exits may take.

    Raises
    ------
    ConfigError
        When a number is impossible, or nothing would be left for other requests.
    """

    per_s: float
    burst: float
    reserve: float = 0.0

    def __post_init__(self) -> None:
        if not (self.per_s > 0 and self.reserve >= 0 and self.burst >= self.reserve + 1):
            raise ConfigError(
                f"A pace cannot be {self.per_s} a second with {self.burst} at once and {self.reserve} kept back.",
                hint="per_s above 0, reserve from 0 up, burst at least one more than reserve.",
            )


class TokenBucketRateLimiter:
    """Lets requests through at a venue's pace; whoever would wait past a deadline is told so at once.

    Parameters
    ----------
    pace : Pace
    clock : Clock
        Its monotonic reading is used.
    """

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self.pace = pace
        self._clock = clock
        self._level = pace.burst
        self._at_ns = clock.monotonic_ns()
        self._rests_until_ns = self._at_ns

    def rest(self, seconds: float) -> None:
        """The venue asks for a rest: nothing leaves before it is over."""
        self._rests_until_ns = max(self._rests_until_ns, self._clock.monotonic_ns() + int(seconds * _NS))

    async def take(self, within_s: float, *, is_urgent: bool = False) -> None:
        """Wait for a turn; urgent requests may use the reserve.

        Raises
        ------
        RateLimitError
            When the turn would come later than in `within_s`; `retry_after_s` says when.
        """
        deadline_ns = self._clock.monotonic_ns() + int(within_s * _NS)
        while (wait_ns := self._wait_ns(is_urgent=is_urgent)) > 0:
            if self._clock.monotonic_ns() + wait_ns > deadline_ns:
                raise RateLimitError("The venue's pace leaves no room in time.", retry_after_s=wait_ns / _NS)
            await asyncio.sleep(wait_ns / _NS)
        self._level -= 1.0

    def _wait_ns(self, *, is_urgent: bool) -> int:
        """Nanoseconds until a token can be taken, rounded up; 0 when it can be now."""
        now = self._clock.monotonic_ns()
        self._level = min(self.pace.burst, self._level + (now - self._at_ns) / _NS * self.pace.per_s)
        self._at_ns = now
        missing = 1.0 + (0.0 if is_urgent else self.pace.reserve) - self._level
        refill_ns = int(missing / self.pace.per_s * _NS) + 1 if missing > _DUST else 0
        return max(refill_ns, self._rests_until_ns - now)


_DUST = 1e-9
