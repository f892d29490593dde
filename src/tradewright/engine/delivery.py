"""Delivery: fills and order events reach the strategies that asked for them, in order of order number."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from tradewright.domain.errors import InsufficientFundsError, OrderRejectedError
from tradewright.domain.events import EventKind, Reason
from tradewright.domain.order import OrderSide
from tradewright.domain.portfolio import Fill, FillPhase

if TYPE_CHECKING:
    from tradewright.strategy.base import Strategy
    from tradewright.strategy.context import Context

    from .desk import OrderDesk

__all__ = ["Delivery"]

_PHASES = tuple(FillPhase)
_ORDER_EVENTS = frozenset(
    {int(EventKind.FILL), int(EventKind.CANCELLED), int(EventKind.EXPIRED), int(EventKind.REJECTED)}
)


class Delivery:
    """Hands the log's new rows to the callbacks of the strategies they concern; `acting` is whose runs now, or -1.

    With `raises` an order that the venue refused is raised instead, as one that the gate refused is.
    """

    def __init__(self, desk: OrderDesk, strategies: list[Strategy], contexts: list[Context], *, raises: bool) -> None:
        self._desk = desk
        self._raises = raises
        self._log = desk.board.exchange.log
        self._symbols = len(desk.board.market.symbols)
        self._delivered = 0
        self.acting = -1
        self._callbacks = [
            (s.on_fill if overrides(s, "on_fill") else None, s.on_order if overrides(s, "on_order") else None, c)
            for s, c in zip(strategies, contexts, strict=True)
        ]
        self.is_needed = raises or any(on_fill or on_order for on_fill, on_order, _ in self._callbacks)

    @property
    def delivered(self) -> int:
        """How many events nobody waits for any more."""
        return self._delivered if self.is_needed else self._log.length

    def deliver(self) -> None:
        """Deliver what happened since the last time, in order number; what a callback causes waits for the next bar.

        Events of one order keep the order in which they happened.
        """
        end = self._log.length
        happened = [self._log.row(number) for number in range(self._delivered, end)]
        for row in sorted(happened, key=itemgetter(3)):
            if int(row[0]) in _ORDER_EVENTS:
                self._hand_over(row)
        self._delivered = end
        self.acting = -1

    def _hand_over(self, row: tuple[float, ...]) -> None:
        self.acting = int(row[2]) // self._symbols
        if self._raises and row[0] == EventKind.REJECTED:
            raise refusal_of(int(row[3]), self._desk.order(int(row[3])).symbol, Reason(int(row[14])))
        on_fill, on_order, context = self._callbacks[self.acting]
        if on_fill is not None and row[0] == EventKind.FILL:
            on_fill(context, self._fill(row))
        if on_order is not None:
            on_order(context, self._desk.order(int(row[3])))

    def _fill(self, row: tuple[float, ...]) -> Fill:
        market = self._desk.board.market
        phase = _PHASES[int(row[4])]
        times = market.open_time if phase is FillPhase.OPEN else market.close_time
        return Fill(
            order_id=int(row[3]),
            symbol=market.symbols[int(row[2]) % self._symbols],
            side=OrderSide.BUY if row[5] > 0 else OrderSide.SELL,
            quantity=abs(row[5]),
            price=row[6],
            fee=row[7],
            tax=row[8],
            slippage=row[9],
            time=int(times[int(row[1])]),
            phase=phase,
            tag=self._desk.orders.tags.get(int(row[3])),
        )


def overrides(strategy: Strategy, hook: str) -> bool:
    """Whether a strategy has a body of its own for a hook."""
    from tradewright.strategy.base import Strategy

    return getattr(type(strategy), hook) is not getattr(Strategy, hook)


def refusal_of(number: int, symbol: str, reason: Reason) -> OrderRejectedError:
    """The error for a refused order."""
    kind = InsufficientFundsError if reason is Reason.CANNOT_BE_PAID else OrderRejectedError
    return kind(f"Order {number} for {symbol} was refused: {reason.sentence}")
