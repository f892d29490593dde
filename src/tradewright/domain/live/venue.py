"""What venues say and can do: orders and fills as they report them, their answers, their capabilities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from decimal import Decimal

    from tradewright.domain.order import OrderSide

__all__ = [
    "Answer",
    "AnswerKind",
    "BracketKind",
    "Capabilities",
    "DedupeClass",
    "ReplaceKind",
    "StreamEvent",
    "VenueAccount",
    "VenueFill",
    "VenueOrder",
    "VenueStatus",
]


class VenueStatus(StrEnum):
    """Where the venue says an order is."""

    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REJECTED = "rejected"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing but late fills and corrections can follow."""
        return self is not VenueStatus.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueOrder:
    """An order object of the venue, as it was read at one moment.

    `symbol`, `side`, `quantity` and `shape` say what stands there, and the prices where the venue shows them;
    `created_ns` when the venue took it.
    """

    vid: str
    cid: str | None
    symbol: str
    side: OrderSide
    quantity: Decimal
    filled: Decimal
    status: VenueStatus
    created_ns: int
    replaced_by: str | None = None
    shape: str = ""
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueFill:
    """An execution.

    Parameters
    ----------
    execution_id : str or None
        The venue's; None where it has none, and then `cumulative` identifies the fill.
    vid : str
    cid : str or None
    symbol : str
    side : OrderSide
    quantity, price : Decimal
    cumulative : Decimal
        Filled of the order with this fill.
    at_ns : int
        The venue's time.
    is_correction : bool
        Whether `quantity` replaces what the same identity said before.
    """

    execution_id: str | None
    vid: str
    cid: str | None
    symbol: str
    side: OrderSide
    quantity: Decimal
    price: Decimal
    cumulative: Decimal
    at_ns: int
    is_correction: bool = False

    @property
    def identity(self) -> str:
        """What makes the fill the one it is, over the whole account."""
        return self.execution_id or f"{self.vid}#{self.cumulative.normalize():f}"


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """A message of the order stream: an order object, a fill, or both; neither is a heartbeat."""

    order: VenueOrder | None = None
    fill: VenueFill | None = None


class AnswerKind(StrEnum):
    """What came back for a request that changes something."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DUPLICATE_ID = "duplicate_id"
    TOO_LATE = "too_late"
    UNKNOWN_ORDER = "unknown_order"
    LIMITED = "limited"
    SILENT = "silent"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request.

    SILENT is everything that proves nothing: time-out, 5xx, a lost socket, what cannot be parsed, a refusal that the
    venue is known to give for orders it took. LIMITED is a refusal with proof that nothing was done. NOT_SENT means
    that the permit was withheld and no byte left.
    """

    kind: AnswerKind
    vid: str | None = None
    reason: str = ""
    retry_after_s: float | None = None


class DedupeClass(StrEnum):
    """Against what a venue refuses an id that was used before."""

    FOR_EVER = "for_ever"
    OPEN_ONLY = "open_only"
    NONE = "none"


class ReplaceKind(StrEnum):
    """What the venue's own replace does with fills of the order it replaces."""

    NONE = "none"
    NATIVE_NET = "native_net"
    NATIVE_GROSS = "native_gross"
    IN_PLACE = "in_place"


class BracketKind(StrEnum):
    """What the venue's own bracket protects."""

    NONE = "none"
    FULL_FILL_ONLY = "full_fill_only"
    EVERY_FILL = "every_fill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the protocol leans on at one venue; each value is measured by the conformance suite, none assumed.

    Parameters
    ----------
    dedupe : DedupeClass
    lookup_by_cid : bool
        Whether an order can be asked for by our id.
    has_cids : bool
        Whether the venue keeps our id at all; without it, it is anonymous.
    has_execution_ids : bool
    replace : ReplaceKind
    bracket : BracketKind
    reduce_only : bool
        Whether the venue itself keeps reduce-only orders from opening a position.
    accept_delay_s : float
        D, the longest time between bytes leaving and the venue accepting.
    index_lag_s : float
        d, the longest lag until a look-up shows it.
    request_expiry_s : float, optional
        Age at which the venue drops a request; then D is this and the matching engine's time-out.
    heartbeat_s : float
        Longest silence of a healthy stream.
    """

    dedupe: DedupeClass
    lookup_by_cid: bool = True
    has_cids: bool = True
    has_execution_ids: bool = True
    replace: ReplaceKind = ReplaceKind.NONE
    bracket: BracketKind = BracketKind.NONE
    reduce_only: bool = False
    accept_delay_s: float = 30.0
    index_lag_s: float = 30.0
    request_expiry_s: float | None = None
    matching_timeout_s: float = 10.0
    heartbeat_s: float = 15.0

    def __post_init__(self) -> None:
        for name in ("accept_delay_s", "index_lag_s", "heartbeat_s"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"The capability {name} of a venue is {getattr(self, name)}; it is never zero.")
        if self.lookup_by_cid and not self.has_cids:
            raise ConfigError("A venue that keeps no client ids cannot be asked by one.")

    @property
    def delay_s(self) -> float:
        """D as it counts: bounded by the expiry of requests where there is one."""
        if self.request_expiry_s is None:
            return self.accept_delay_s
        return self.request_expiry_s + self.matching_timeout_s

    @property
    def window_s(self) -> float:
        """W = D + d, the settle window."""
        return self.delay_s + self.index_lag_s


@dataclass(frozen=True, slots=True)
class VenueAccount:
    """Money at the venue, in account currency."""

    equity: Decimal
    cash: Decimal
    buying_power: Decimal
