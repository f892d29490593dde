"""Asking again: only where asking changes nothing. Orders never come here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.errors import RateLimitError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tradewright.ports.clock import Clock

__all__ = ["Patience", "read", "retry_after_s"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long a question is asked again.

    Parameters
    ----------
    attempts : int
        In all.
    first_s, longest_s : float
        Wait after the first attempt, doubled after each further one, and its bound; a wait that the venue names counts
        instead.
    within_s : float
        Time for all of it: no wait is begun that would end later.
    """

    attempts: int = 3
    first_s: float = 0.25
    longest_s: float = 4.0
    within_s: float = 10.0


async def read(ask: Callable[[], Awaitable[T]], patience: Patience, clock: Clock) -> T:
    """The answer to a question, asked again after connection losses, server errors and rate limits.

    Raises
    ------
    BrokerError
        The last one, or the first that asking again would not change.
    """
    ends_ns = clock.monotonic_ns() + int(patience.within_s * 1e9)
    wait_s = patience.first_s
    for left in range(patience.attempts - 1, -1, -1):
        try:
            return await ask()
        except (RateLimitError, VenueConnectionError) as error:
            pause_s = error.retry_after_s if error.retry_after_s is not None else wait_s
            if left == 0 or clock.monotonic_ns() + int(pause_s * 1e9) > ends_ns:
                raise
        await asyncio.sleep(pause_s)
        wait_s = min(2 * wait_s, patience.longest_s)
    raise ValueError("a question is asked at least once")


def retry_after_s(headers: Mapping[str, str], now_ns: int | None = None) -> float | None:
    """Seconds that an answer asks to wait; None where it names none.

    Parameters
    ----------
    headers : mapping of str to str
        By lower-case names.
    now_ns : int, optional
        UTC nanoseconds; without it a date is not understood.
    """
    said = headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        at_s = parsedate_to_datetime(said).timestamp()
    except ValueError:
        return None
    return None if now_ns is None else max(0.0, at_s - now_ns / 1e9)
