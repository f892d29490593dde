"""How often may be asked: a bucket of allowances for each user and address, refilled as time goes on."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from .problems import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Allowance", "RateLimits"]

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may be asked.

    Parameters
    ----------
    a_second : float
        Requests in the long run.
    at_once : float
        Requests in a burst.
    """

    a_second: float
    at_once: float


class RateLimits:
    """Counts requests; for many threads at once.

    Parameters
    ----------
    known, unknown : Allowance
        Of somebody who is signed in, and of an address that shows nothing.
    clock : callable
        Seconds that only rise.
    most : int
        Counters that are held; the one that was idle longest goes first.
    """

    def __init__(
        self,
        known: Allowance = Allowance(50, 200),
        unknown: Allowance = Allowance(10, 60),
        clock: Callable[[], float] = time.monotonic,
        most: int = _MOST,
    ) -> None:
        self._known, self._unknown, self._clock, self._most = known, unknown, clock, most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, user: str | None, address: str, cost: float = 1.0) -> None:
        """Take one request off what is left.

        Raises
        ------
        RefusedError
            When nothing is left; says after how many seconds there is.
        """
        allowance = self._unknown if user is None else self._known
        key = f"address:{address}" if user is None else f"user:{user}"
        with self._lock:
            wait = self._spent(key, allowance, cost)
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise RefusedError(
                HTTPStatus.TOO_MANY_REQUESTS, "There were too many requests.", kind="rate-limit",
                hint=f"Wait {seconds} s.", headers={"Retry-After": str(seconds)},
            )  # fmt: skip

    def _spent(self, key: str, allowance: Allowance, cost: float) -> float:
        """Seconds to wait; 0 where it was taken off."""
        now = self._clock()
        left, since = self._left.pop(key, (allowance.at_once, now))
        left = min(allowance.at_once, left + (now - since) * allowance.a_second)
        wait = 0.0 if left >= cost else (cost - left) / allowance.a_second
        self._left[key] = (left if wait else left - cost, now)
        while len(self._left) > self._most:
            self._left.popitem(last=False)
        return wait
