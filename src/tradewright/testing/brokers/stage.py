"""What a subclass of `BrokerConformance` gives: a running local venue, its own truth, its market and its faults."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from tradewright.domain.bars import Bar
    from tradewright.domain.live.offer import Offer
    from tradewright.domain.live.venue import VenueFill, VenueOrder
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.broker_kind import VenueParts
    from tradewright.ports.clock import Clock

__all__ = ["BrokerStage", "StageFault", "StageTerms"]


class StageFault(StrEnum):
    """What a local venue may be able to do wrong. The first five strike submits, the others the order stream."""

    REQUEST_LOST = "the request never arrives and is never answered"
    ANSWER_LOST = "the request is carried out and never answered"
    ERROR = "the request is not carried out; the answer is an error of the server"
    ERROR_AFTER = "the request is carried out; the answer is an error of the server"
    LIMITED = "the request is refused as one too many, and nothing is done"
    EVENTS_LOST = "events of the order stream are lost"
    EVENTS_TWICE = "events of the order stream come twice"
    MUTE = "the order stream stays open and says nothing more, as of the next event"
    DISCONNECT = "the order stream is cut, as of the next event"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTerms:
    """What the checks trade, and what the local venue can be made to do.

    Parameters
    ----------
    symbol : str
        In which nothing is held when the stage opens.
    quantity : Decimal
        Of a plain order: at least two lots. Thirty such orders at `resting_price` and ten at the market are paid for.
    resting_price, tick : Decimal
        Price of a buy limit order that rests whatever the market does, and what may be taken off it.
    time_in_force : TimeInForce
        Of a plain order; one that lasts over several moves of the market.
    refused : WireOrder, optional
        An order that the venue takes for impossible and says so; None where it has no such word.
    partly : WireOrder, optional
        An order that one move of the market fills in part; None where fills are whole.
    rising_price : Decimal, optional
        At which a buy stop order rests whatever the market does; four times `resting_price` without it.
    timeframe : Timeframe, optional
        Of the bars that one move closes; None where the venue has no bars.
    unknown_symbol : str
        Which the venue does not trade.
    faults : frozenset of StageFault
    beyond : frozenset of str
        Order types and times in force that the real venue takes and this local one does not.
    patience_s : float
        How long a check waits for what must come.
    """

    symbol: str
    quantity: Decimal
    resting_price: Decimal
    tick: Decimal
    time_in_force: TimeInForce = TimeInForce.GTC
    refused: WireOrder | None = None
    partly: WireOrder | None = None
    rising_price: Decimal | None = None
    timeframe: Timeframe | None = None
    unknown_symbol: str = "NOSUCH"
    faults: frozenset[StageFault] = frozenset()
    beyond: frozenset[str] = frozenset()
    patience_s: float = 60.0

    def market(self, side: OrderSide = OrderSide.BUY, quantity: Decimal | None = None) -> WireOrder:
        """An order that the next move of the market fills."""
        return self._wire(side=side, quantity=quantity or self.quantity)

    def resting(self, quantity: Decimal | None = None, ticks: int = 0) -> WireOrder:
        """A buy limit order that rests, `ticks` below the others."""
        return self._wire(
            side=OrderSide.BUY,
            quantity=quantity or self.quantity,
            order_type=OrderType.LIMIT,
            limit_price=self.resting_price - ticks * self.tick,
        )

    def of_type(self, kind: OrderType, life: TimeInForce, expires_ns: int | None = None) -> WireOrder:
        """A buy order of any type and life; what has a price rests."""
        stop = self.rising_price or 4 * self.resting_price
        limits = {OrderType.LIMIT: self.resting_price, OrderType.STOP_LIMIT: stop}
        return WireOrder(
            symbol=self.symbol,
            side=OrderSide.BUY,
            quantity=self.quantity,
            order_type=kind,
            time_in_force=life,
            expires_ns=expires_ns,
            limit_price=limits.get(kind),
            stop_price=stop if kind in (OrderType.STOP, OrderType.STOP_LIMIT) else None,
        )

    def _wire(self, **said: Any) -> WireOrder:
        return WireOrder(symbol=self.symbol, time_in_force=self.time_in_force, **said)


class BrokerStage(Protocol):
    """A local venue that runs for the length of one check, and the hands and eyes of whoever runs it.

    What is seen here is the venue's own truth, by another way than the adapter: its memory, or a client that others
    wrote. Every `VenueOrder` and `VenueFill` of it has all its fields; `cid` is None where the venue keeps no ids.

    A stage may also have ``async def price_of(vid) -> Decimal``, the limit price of an order as the venue keeps it:
    then it is compared, too.
    """

    terms: StageTerms
    offer: Offer
    """The table of the kind of broker."""
    clock: Clock
    """The clock that the venue goes by, so that "since" means the same to both."""

    def open(self) -> VenueParts:
        """Parts of a new adapter on the venue's account, not connected, with a short answer deadline and short windows.

        A second call gives an adapter on the same account, as another process would have it.
        """
        ...

    async def orders(self) -> Sequence[VenueOrder]:
        """Every order of the account, ended ones included."""
        ...

    async def fills(self) -> Sequence[VenueFill]:
        """Every execution of the account, oldest first."""
        ...

    async def positions(self) -> dict[str, Decimal]:
        """Signed units by symbol, without what is flat."""
        ...

    async def arrived(self) -> int:
        """Submits, cancels and replaces that reached the venue so far, whatever became of them."""
        ...

    async def bars(self) -> Sequence[Bar]:
        """Closed bars of the symbol, oldest first; none where the venue has no bars."""
        ...

    async def move(self) -> None:
        """Let the market trade once: market orders fill, a bar closes, and events go out."""
        ...

    async def place_by_hand(self, order: WireOrder) -> str:
        """Place an order as somebody else would, without an id of ours; its vid."""
        ...

    async def switch_on(self, fault: StageFault, *, share: float = 1.0, count: int | None = None) -> None:
        """Let a fault of `terms.faults` strike that share of messages, at most so often."""
        ...

    async def switch_off(self) -> None:
        """No faults any more; what is mute stays mute."""
        ...
