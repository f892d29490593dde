"""What can be broken, and how it is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EVENT_FAULTS", "SOCKET_FAULTS", "WIRE_FAULTS", "Fault", "FaultKind", "RequestClass"]


class FaultKind(StrEnum):
    """What goes wrong."""

    LATENCY = "latency"
    DROP_REQUEST = "drop-request"
    DROP_RESPONSE = "drop-response"
    TIMEOUT = "timeout"
    LATE = "late"
    DUPLICATE = "duplicate"
    LIMIT = "limit"
    ERROR = "error"
    ERROR_AFTER = "error-after"
    SLOW_INDEX = "slow-index"
    CLOCK_SKEW = "clock-skew"
    LOST_FILL = "lost-fill"
    LOST_EVENT = "lost-event"
    DUPLICATE_FILL = "duplicate-fill"
    REORDER = "reorder"
    MUTE = "mute"
    DISCONNECT = "disconnect"


WIRE_FAULTS = frozenset(list(FaultKind)[: list(FaultKind).index(FaultKind.SLOW_INDEX)])
"""Those that happen to a request or its answer."""

EVENT_FAULTS = frozenset(list(FaultKind)[list(FaultKind).index(FaultKind.LOST_FILL) :])
"""Those that happen to an event of the trading stream, or to the socket because of it."""

SOCKET_FAULTS = frozenset({FaultKind.MUTE, FaultKind.DISCONNECT})
"""Those of them that happen to the market-data stream, too."""


class RequestClass(StrEnum):
    """What a request is about."""

    ANY = "any"
    SUBMIT = "submit"
    REPLACE = "replace"
    CANCEL = "cancel"
    LOOKUP = "lookup"
    LIST = "list"
    POSITIONS = "positions"
    ACCOUNT = "account"
    MARKET = "market"
    DATA = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    Parameters
    ----------
    kind : FaultKind
    on : RequestClass
        Which requests. Events know no class, but `mute` and `disconnect` on `data` strike the market-data stream.
    rate : float
        Share of the requests or events that it happens to.
    count : int, optional
        How often at most; without it for as long as it is switched on.
    ms : float, optional
        Of `latency` how long an answer takes, of `late` when the request is carried out, of `timeout` after how long
        the connection is closed (never, without it), of `clock-skew` by how much the clock is ahead.
    looks : int
        Of `slow-index`: how many look-ups do not show a new order.
    status : int
        Of `error` and `error-after`: what the answer says, from 400 to 599.
    retry_after : float, optional
        Of `limit`: seconds that the answer names; without it names none.

    Raises
    ------
    ConfigError
        When a number is impossible.
    """

    kind: FaultKind
    on: RequestClass = RequestClass.ANY
    rate: float = 1.0
    count: int | None = None
    ms: float | None = None
    looks: int = 3
    status: int = 500
    retry_after: float | None = None

    def __post_init__(self) -> None:
        possible = 0.0 < self.rate <= 1.0 and (self.count is None or self.count >= 1) and self.looks >= 1
        possible = possible and 400 <= self.status <= 599
        waits = self.ms if self.ms is not None else 0.0
        is_skew = self.kind is FaultKind.CLOCK_SKEW
        if not possible or not math.isfinite(waits) or (waits < 0.0 and not is_skew) or abs(waits) > _LONGEST_MS:
            raise ConfigError(
                f"A fault cannot be {self}.", hint="0 < rate <= 1, count and looks from 1 up, ms from 0 up."
            )
        if self.ms is None and self.kind in _TIMED:
            raise ConfigError(f"The fault {self.kind} says no time.", hint=f"Write {self.kind},ms=250.")

    @classmethod
    def parse(cls, text: str) -> Fault:
        """A fault in words: ``KIND[:CLASS][,name=value…]``, such as ``timeout:submit,rate=0.1,count=3``.

        Raises
        ------
        ConfigError
            When it cannot be read.
        """
        head, *options = text.split(",")
        kind, _, on = head.partition(":")
        pairs = dict(option.partition("=")[::2] for option in options)
        return cls.of({"kind": kind, **({"on": on} if on else {}), **pairs})

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Fault:
        """A fault from plain values, named as the parameters.

        Raises
        ------
        ConfigError
            When a name or a value is none.
        """
        unknown = said.keys() - cls.__dataclass_fields__.keys()
        if unknown or "kind" not in said:
            raise ConfigError(
                f"A fault has no {', '.join(sorted(map(str, unknown))) or 'kind'}.",
                hint=f"It has {', '.join(cls.__dataclass_fields__)}.",
            )
        try:
            return cls(**{name: _READ[name](value) for name, value in said.items() if value is not None})
        except (TypeError, ValueError) as error:
            kinds = ", ".join(FaultKind)
            raise ConfigError(f"A fault cannot be read: {error}.", hint=f"Kinds are {kinds}.") from None

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def __str__(self) -> str:
        said = {
            name: value for name, value in self.to_dict().items() if name not in ("kind", "on") and value is not None
        }
        return ",".join([f"{self.kind}:{self.on}", *(f"{name}={value}" for name, value in said.items())])


_LONGEST_MS = 86_400_000.0 * 366
_TIMED = (FaultKind.LATENCY, FaultKind.LATE, FaultKind.CLOCK_SKEW)
_READ: dict[str, Any] = {
    "kind": FaultKind,
    "on": RequestClass,
    "rate": float,
    "count": int,
    "ms": float,
    "looks": int,
    "status": int,
    "retry_after": float,
}
