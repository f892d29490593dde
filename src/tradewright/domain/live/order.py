"""An order of ours as it stands: lifecycle, flags, and the fills that were booked by their identity."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from tradewright.domain.errors import OrderError

if TYPE_CHECKING:
    from tradewright.domain.quote import Quote

    from .ids import DecisionKey, IdRole
    from .wire import WireOrder

__all__ = ["ENDED", "OPEN_STATES", "BracketPlan", "Lifecycle", "LiveOrder"]

_ZERO = Decimal(0)


class Lifecycle(StrEnum):
    """Where an order is in its life. Partly filled is WORKING with fills."""

    PENDING = "P"
    SUBMITTED = "S"
    UNKNOWN = "U"
    WORKING = "W"
    FILLED = "F"
    CANCELLED = "C"
    EXPIRED = "E"
    REPLACED = "X"
    REJECTED = "R"
    NOT_ACCEPTED = "N"


OPEN_STATES = frozenset({Lifecycle.PENDING, Lifecycle.SUBMITTED, Lifecycle.UNKNOWN, Lifecycle.WORKING})
ENDED = frozenset(Lifecycle) - OPEN_STATES


@dataclass(frozen=True, slots=True)
class BracketPlan:
    """What protects the fills of an entry: a stop that rests at the venue, a target that is held by us, or both.

    Raises
    ------
    OrderError
        When it holds neither.
    """

    stop: Decimal | None = None
    target: Decimal | None = None

    def __post_init__(self) -> None:
        if self.stop is None and self.target is None:
            raise OrderError("The bracket has neither a stop nor a target.", hint="Give one of them, or no bracket.")


@dataclass(slots=True, kw_only=True)
class LiveOrder:
    """An order from its decision on.

    Parameters
    ----------
    cid : str
    key : DecisionKey
        The decision it belongs to.
    role : IdRole
    wire : WireOrder
        What is asked of the venue; of a replacement only once it is armed.
    decided_at : int
        UTC nanoseconds.
    ttl_ns : int
        UTC nanoseconds after which it is not sent any more.
    parent : str, optional
        The entry a protecting order belongs to.
    replaces : str, optional
        The order whose place it takes.
    total : Decimal
        What the chain of replacements wants in all.
    number : int
        Of the slice, exit or round among its like.
    plan : BracketPlan, optional
    instance : str
        Who decided it (session and strategy); of a protecting order or a replacement, whose it protects or replaces.
        Empty where one strategy trades the account.
    ordinal : int
        Which intent of its decision it is, from 0.
    quote : Quote, optional
        By which the risk office judged it: what was bid and asked when it was sent.

    Attributes
    ----------
    lots : Decimal
        Units that its fills have put into the position by now: of its side, and counted anew at corporate actions.
    in_place : bool
        Whether it is another order's place at the venue, under the venue's same id; then its quantity counts `carried`,
        what its predecessors filled there, and is filled with them.
    splits : int
        How many splits of its symbol its quantity and prices count.
    last_bytes_ns : int
        Monotonic nanoseconds of the last instant at which bytes of any attempt can have left; it is not in the journal.
    """

    cid: str
    key: DecisionKey
    role: IdRole
    wire: WireOrder
    decided_at: int
    ttl_ns: int
    total: Decimal
    parent: str | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    number: int = 0
    plan: BracketPlan | None = None
    instance: str = ""
    ordinal: int = 0
    quote: Quote | None = None
    state: Lifecycle = Lifecycle.PENDING
    vid: str | None = None
    fills: dict[str, Decimal] = field(default_factory=dict)
    lots: Decimal = _ZERO
    in_place: bool = False
    carried: Decimal = _ZERO
    splits: int = 0
    attempts: int = 0
    armed_at: int = 0
    epoch: int = 0
    settled: bool = False
    is_netted: bool = False
    cancel_wanted: bool = False
    exit_wanted: bool = False
    reason: str = ""
    vids_before: frozenset[str] = frozenset()
    last_bytes_ns: int = 0
    ended_seen_ns: int = 0
    handed: int = 0

    @property
    def symbol(self) -> str:
        """What is traded."""
        return self.wire.symbol

    @property
    def filled(self) -> Decimal:
        """Units filled, by the fills that were booked."""
        return sum(self.fills.values(), _ZERO)

    @property
    def leaves(self) -> Decimal:
        """Units still to fill."""
        return max(self.wire.quantity - self.filled_there, _ZERO)

    @property
    def filled_there(self) -> Decimal:
        """What the venue calls filled of it: its own fills, and those of the orders whose place it took."""
        return self.carried + self.filled

    @property
    def half_spread(self) -> float | None:
        """What crossing from the middle to one side cost when it was sent, in price; None without a quote."""
        return None if self.quote is None else self.quote.half_spread

    @property
    def is_open(self) -> bool:
        """Whether it may still fill as far as is known."""
        return self.state in OPEN_STATES

    @property
    def is_unknown(self) -> bool:
        """Whether it may or may not stand at the venue."""
        return self.state is Lifecycle.UNKNOWN

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow: ended and read at the venue after the settle window, or never accepted."""
        return self.settled or self.state is Lifecycle.NOT_ACCEPTED

    @property
    def exposure(self) -> Decimal:
        """Units that may still change the position, counted by the worst case."""
        return self.leaves if self.is_open else _ZERO
