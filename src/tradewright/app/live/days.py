"""Where a session's rows say that a trading day is over: what was for the day is read to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.live.session import Row, SessionClosed

if TYPE_CHECKING:
    from tradewright.app.orders.day import DayKeeper
    from tradewright.domain.live.session import Input

__all__ = ["end_days"]


def end_days(day: DayKeeper, given: Input) -> None:
    """Tell who ends days of every symbol whose session ends with an input.

    What leaves after the close was decided on the last bar and is for the next session, as in a backtest. So no order
    is taken back for having been sent at night.
    """
    if isinstance(given, Row):
        symbols, at_ns = given.ends, given.close_ns
    elif isinstance(given, SessionClosed):
        symbols, at_ns = given.symbols, given.at_ns
    else:
        return
    if symbols:
        day.closed(symbols, at_ns)
        day.opened(symbols, at_ns)
