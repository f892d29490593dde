"""OpenAlgo's calls: orders, books, funds and prices."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError, DataError, DataNotAvailableError
from tradewright.domain.timeframe import Timeframe
from tradewright.venue import dealing
from tradewright.venue.fields import text
from tradewright.venue.refusals import Refusal, Why

from .answers import (
    filled_in_all,
    funds_json,
    order_json,
    order_number,
    position_json,
    statistics_json,
    trade_json,
)
from .bodies import ask_of, changes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.bars import Bars
    from tradewright.venue.account import VenueAccount
    from tradewright.venue.placed import PlacedOrder

    Said = Mapping[str, Any]

__all__ = ["CALLS"]

_INTERVALS = {"D": "1d", "W": "1w", "M": "1mo"}
_INTERVAL = re.compile(r"\d{1,4}[mh]", re.ASCII)


# Orders.


def placeorder(account: VenueAccount, said: Said) -> dict[str, Any]:
    """Place an order."""
    order = dealing.submit(account, ask_of(said))
    order.words["orderid"] = f"{order.number:012d}"
    return {"orderid": order_number(order)}


def modifyorder(account: VenueAccount, said: Said) -> dict[str, Any]:
    """Change an order where it stands: it keeps its number."""
    order = _order(account, said)
    order.words.setdefault("orderid", order_number(order))
    changed = dealing.replace(account, order, changes_of(said), in_place=True)
    filled, spent = filled_in_all(order)
    changed.words = {**order.words, "filled_before": filled, "spent_before": spent}
    return {"orderid": order_number(order)}


def cancelorder(account: VenueAccount, said: Said) -> dict[str, Any]:
    """Ask for the end of an order."""
    order = _order(account, said)
    dealing.cancel(account, order)
    return {"orderid": order_number(order)}


def cancelallorder(account: VenueAccount, _: Said) -> dict[str, Any]:
    """Ask for the end of every working order."""
    ended = []
    for order in account.orders.open():
        if order.is_open:
            dealing.cancel(account, order)
            ended.append(order_number(order))
    message = f"Canceled {len(ended)} orders. Failed to cancel 0 orders."
    return {"canceled_orders": ended, "failed_cancellations": [], "message": message}


def closeposition(account: VenueAccount, _: Said) -> dict[str, Any]:
    """Close every position."""
    for symbol in account.held():
        dealing.close_position(account, symbol)
    return {"message": "All Open Positions Squared Off"}


def orderstatus(account: VenueAccount, said: Said) -> dict[str, Any]:
    """One order."""
    order = _order(account, said)
    if not account.orders.delay.seen([order]):
        raise _unknown(order_number(order))
    return {"data": order_json(account, order)}


def orderbook(account: VenueAccount, _: Said) -> dict[str, Any]:
    """Every order, and how many there are of which kind."""
    shown = _current(account.orders.shown())
    return {"data": {"orders": [order_json(account, each) for each in shown], "statistics": statistics_json(shown)}}


def tradebook(account: VenueAccount, _: Said) -> dict[str, Any]:
    """Every fill."""
    return {"data": [trade_json(account, each) for each in account.happenings if each.execution_id is not None]}


def _current(orders: list[PlacedOrder]) -> list[PlacedOrder]:
    """Orders as they stand: of one that was modified, what became of it."""
    return list({order_number(order): order for order in orders}.values())


def _order(account: VenueAccount, said: Said) -> PlacedOrder:
    number = text(said, "orderid")
    if number is None:
        raise Refusal(Why.BAD_FIELD, "orderid is required")
    found = [order for order in account.orders.all() if order_number(order) == number]
    if not found:
        raise _unknown(number)
    return found[-1]


def _unknown(number: str) -> Refusal:
    return Refusal(Why.UNKNOWN_ORDER, f"Order {number} not found")


# The account.


def positionbook(account: VenueAccount, _: Said) -> dict[str, Any]:
    """Every position."""
    return {"data": [position_json(account, symbol) for symbol in account.held()]}


def openposition(account: VenueAccount, said: Said) -> dict[str, Any]:
    """How much is held of a symbol."""
    return {"quantity": str(position_json(account, _symbol(account, said))["quantity"])}


def funds(account: VenueAccount, _: Said) -> dict[str, Any]:
    """Money."""
    return {"data": funds_json(account)}


def holdings(_: VenueAccount, __: Said) -> dict[str, Any]:
    """Shares in the depository: none, for nothing settles here and every share stays a position."""
    return {"data": {"holdings": [], "statistics": {}}}


def symbol(account: VenueAccount, said: Said) -> dict[str, Any]:
    """What a symbol is."""
    name = _symbol(account, said)
    found = account.board.terms[account.book(name).number].instrument
    return {
        "data": {
            "symbol": name, "brsymbol": name, "name": name, "exchange": text(said, "exchange") or found.exchange,
            "brexchange": found.exchange, "instrumenttype": "EQ", "lotsize": found.lot, "tick_size": found.tick,
            "strike": -1.0, "expiry": "", "token": str(account.book(name).number),
        }
    }  # fmt: skip


# Prices.


def quotes(account: VenueAccount, said: Said) -> dict[str, Any]:
    """The last bar as a quote, a tick to either side of its close."""
    symbol = _symbol(account, said)
    number = account.book(symbol).number
    bar = account.tape.last_bar(number)
    if bar is None:
        raise Refusal(Why.INVALID, f"{symbol} has not traded yet")
    tick, place = account.board.terms[number].instrument.tick, account.tape.bar_number(number)
    before = account.tape.bars_of(number).close[max(0, place - 1)]
    return {
        "data": {
            **{name: getattr(bar, name) for name in ("open", "high", "low", "volume")},
            "ltp": bar.close,
            "bid": round(max(tick, bar.close - tick), 10),
            "ask": round(bar.close + tick, 10),
            "prev_close": float(before),
            "oi": 0,
        }
    }


def history(account: VenueAccount, said: Said) -> dict[str, Any]:
    """Complete bars from one date to another, both included."""
    symbol = _symbol(account, said)
    first, last = (_day(said, name) for name in ("start_date", "end_date"))
    series = _series(account, symbol, text(said, "interval") or "")
    if series is None:
        return {"data": []}
    days = series.sessions.row_labels(len(series))
    chosen = (series.close_time <= account.tape.now_ns) & (days >= first) & (days <= last)
    labels = series.labels() // 1_000_000_000
    rows = [series.bar(int(number)) for number in np.flatnonzero(chosen)]
    named = zip(labels[chosen].tolist(), rows, strict=True)
    columns = ("open", "high", "low", "close", "volume")
    return {"data": [{"timestamp": at, **{name: getattr(bar, name) for name in columns}, "oi": 0} for at, bar in named]}


def intervals(account: VenueAccount, _: Said) -> dict[str, Any]:
    """Which lengths of bars there are."""
    own = account.tape.market.timeframe
    minutes = [text for text in ("1m", "3m", "5m", "10m", "15m", "30m") if _fits(own, text)]
    hours = [text for text in ("1h", "2h", "4h") if _fits(own, text)]
    data = {"seconds": [], "minutes": minutes, "hours": hours, "days": ["D"], "weeks": ["W"], "months": ["M"]}
    return {"data": data}


def _fits(own: Timeframe, text_of_other: str) -> bool:
    return own.is_intraday and Timeframe.parse(text_of_other).minutes % own.minutes == 0


def _series(account: VenueAccount, symbol: str, interval: str) -> Bars | None:
    words = _INTERVALS.get(interval, interval)
    if interval not in _INTERVALS and _INTERVAL.fullmatch(interval) is None:
        raise Refusal(Why.BAD_FIELD, f"interval '{interval}' is not known")
    try:
        return account.tape.series(account.book(symbol).number, Timeframe.parse(words)).bars
    except DataNotAvailableError:
        return None
    except (DataError, ConfigError) as error:
        raise Refusal(Why.BAD_FIELD, f"interval '{interval}' cannot be made of the bars of the SANDBOX") from error


def _symbol(account: VenueAccount, said: Said) -> str:
    symbol = text(said, "symbol", most=32)
    if symbol is None:
        raise Refusal(Why.BAD_FIELD, "symbol is required")
    return account.tape.market.symbols[account.book(symbol).number]


def _day(said: Said, name: str) -> int:
    try:
        return (dt.date.fromisoformat((text(said, name) or "")[:10]) - dt.date(1970, 1, 1)).days
    except ValueError:
        raise Refusal(Why.BAD_FIELD, f"{name} must be a date, such as 2024-01-31") from None


CALLS: dict[str, Callable[[VenueAccount, Said], dict[str, Any]]] = {
    call.__name__: call
    for call in (
        placeorder,
        modifyorder,
        cancelorder,
        cancelallorder,
        closeposition,
        orderstatus,
        orderbook,
        tradebook,
        positionbook,
        openposition,
        funds,
        holdings,
        symbol,
        quotes,
        history,
        intervals,
    )
}
"""Calls by the last part of their path."""
