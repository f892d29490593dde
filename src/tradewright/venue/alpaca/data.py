"""Alpaca's market-data API: bars up to now, and the last bar, quote and trade."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError, DataError, DataNotAvailableError
from tradewright.domain.timeframe import Timeframe
from tradewright.venue.fields import choice, instant, text, whole
from tradewright.venue.refusals import Refusal, Why
from tradewright.venue.wording import instant_of

from .prices import bar_fields, quote_fields, trade_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.bars import Bar
    from tradewright.venue.account import VenueAccount
    from tradewright.venue.tape import Series

    from .trading import Answer, Call

__all__ = ["DATA"]

_SPELLINGS = {"m": ("min", "t"), "h": ("hour", "h"), "d": ("day", "d"), "w": ("week", "w"), "mo": ("month", "m")}
_UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
_TIMEFRAME = re.compile(r"(\d{1,4})(min|t|hour|h|day|d|week|w|month|m)", re.IGNORECASE | re.ASCII)
_SORTS = {"asc": False, "desc": True}


def bars(call: Call) -> Answer:
    """Bars of one or several symbols, page by page: one symbol after the other, oldest first unless asked otherwise."""
    timeframe = _timeframe(call.query.get("timeframe", ""))
    limit = whole(call.query, "limit", 1000, most=10_000)
    falling = choice(call.query, "sort", _SORTS, "asc")
    span = instant(call.query, "start"), instant(call.query, "end")
    first = _page(call.query)
    skip, left = first, limit + 1
    found: dict[str, list[Any]] = {}
    for symbol in sorted(_symbols(call)):
        series, numbers = _chosen(call.account, symbol, timeframe, span)
        numbers = numbers[::-1] if falling else numbers
        mine = numbers[skip : skip + left]
        skip, left = max(0, skip - len(numbers)), left - len(mine)
        found[symbol] = [] if series is None else [_bar(series, int(number)) for number in mine]
    if left > 0:
        return 200, {"bars": _filled(found), "next_page_token": None}
    # One more than was asked for is there: it begins the next page.
    next(reversed(_filled(found).values())).pop()
    return 200, {"bars": _filled(found), "next_page_token": str(first + limit)}


def _filled(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {symbol: rows for symbol, rows in found.items() if rows}


def _bar(series: Series, number: int) -> dict[str, Any]:
    return bar_fields(series.bars.bar(number), instant_of(int(series.stamps[number])))


def _chosen(
    account: VenueAccount, symbol: str, timeframe: Timeframe, span: tuple[int | None, int | None]
) -> tuple[Series | None, Any]:
    """The series that is asked for, and the numbers of its bars inside a span that are complete by now."""
    number = account.book(symbol).number
    try:
        series = account.tape.series(number, timeframe)
    except DataNotAvailableError:
        return None, ()
    except DataError as error:
        own = account.tape.market.timeframe
        raise Refusal(Why.BAD_FIELD, f"invalid timeframe: the SANDBOX has {own} bars and longer ones") from error
    chosen = series.bars.close_time <= account.tape.now_ns
    if span[0] is not None:
        chosen &= series.stamps >= span[0]
    if span[1] is not None:
        chosen &= series.stamps <= span[1]
    return series, np.flatnonzero(chosen)


def _timeframe(words: str) -> Timeframe:
    matched = _TIMEFRAME.fullmatch(words)
    try:
        if matched is not None:
            return Timeframe.parse(f"{int(matched[1])}{_UNITS[matched[2].lower()]}")
    except ConfigError:
        matched = None
    raise Refusal(Why.BAD_FIELD, f"invalid timeframe: {words}")


def _page(query: Any) -> int:
    token = text(query, "page_token") or "0"
    if not (token.isascii() and token.isdigit() and len(token) < 12):
        raise Refusal(Why.BAD_FIELD, "invalid page_token")
    return int(token)


def _symbols(call: Call) -> list[str]:
    """The symbols that are asked for and known here; a stock that is not known has no bars."""
    asked = call.path.get("symbol") or text(call.query, "symbols", most=4000)
    if not asked:
        raise Refusal(Why.BAD_FIELD, "symbols is required")
    known = call.account.tape.market.symbols
    return [symbol for symbol in dict.fromkeys(str(asked).split(",")) if symbol in known]


def _latest(name: str, form: Callable[[Call, str, Bar], dict[str, Any]]) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        market = call.account.tape.market
        last = {symbol: call.account.tape.last_bar(market.symbols.index(symbol)) for symbol in _symbols(call)}
        return 200, {name: {symbol: form(call, symbol, bar) for symbol, bar in last.items() if bar is not None}}

    return answer


def _last_bar(call: Call, symbol: str, bar: Bar) -> dict[str, Any]:
    return bar_fields(bar, instant_of(call.account.tape.last_stamp(symbol)))


def _trade(_: Call, __: str, bar: Bar) -> dict[str, Any]:
    return trade_fields(bar, instant_of)


def _quote(call: Call, symbol: str, bar: Bar) -> dict[str, Any]:
    terms = call.account.board.terms[call.account.book(symbol).number]
    return quote_fields(bar, terms.instrument.tick, instant_of)


DATA = {
    ("GET", "/v2/stocks/bars"): bars,
    ("GET", "/v2/stocks/bars/latest"): _latest("bars", _last_bar),
    ("GET", "/v2/stocks/trades/latest"): _latest("trades", _trade),
    ("GET", "/v2/stocks/quotes/latest"): _latest("quotes", _quote),
}
"""What answers which method and path."""
