"""What an engine decided and was told, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.decimal_words import decimal_text
from tradewright.domain.live.session import CancelAsked, Happened, Logged, Placed, Replaced, StrategyFailed, Tripped

if TYPE_CHECKING:
    from tradewright.domain.live.session import Output

__all__ = ["sentence_of"]


def sentence_of(output: Output) -> str:
    """What was decided or happened, as a person reads it."""
    if isinstance(output, Placed):
        return _order(output)
    if isinstance(output, Replaced):
        return f"In place of order {output.replaces}: {_order(output.order)}"
    if isinstance(output, CancelAsked):
        return f"Order {output.order_id}: cancel asked. {output.why}".rstrip()
    return _told(output)


def _told(output: Happened | Logged | Tripped | StrategyFailed) -> str:
    if isinstance(output, Logged):
        return output.message
    if isinstance(output, Tripped):
        return f"The limit {output.limit} tripped at equity {output.equity:,.2f}."
    if isinstance(output, StrategyFailed):
        return output.sentence
    what = output.event.replace("_", " ")
    subject = f"Order {output.order_id}" if output.order_id else output.symbol
    size = f" {decimal_text(abs(output.quantity))} at {decimal_text(output.price)}" if output.event == "fill" else ""
    return f"{subject}: {what}{size}. {output.reason}".rstrip()


def _order(order: Placed) -> str:
    side = "buy" if order.side > 0 else "sell"
    kind = order.order_type.replace("_", " ")
    return f"Order {order.order_id}: {side} {decimal_text(order.quantity)} {order.symbol} at {kind}."
