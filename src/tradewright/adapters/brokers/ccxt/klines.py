"""From klines to bars: how long they last, and when they have closed."""

from __future__ import annotations

from typing import Any

from tradewright.domain.bars import Bar
from tradewright.domain.errors import BrokerError, DataError, TimeframeError
from tradewright.domain.timeframe import Timeframe, TimeUnit

__all__ = ["bar_from", "closed_kline", "numbers_of", "span_of", "words_for"]

_MS = 1_000_000


def words_for(made: Any, timeframe: Timeframe) -> str:
    """A timeframe in ccxt's word.

    Raises
    ------
    DataError
        When the exchange does not have it, or its length changes from bar to bar.
    """
    known = [name for name in (made.timeframes or {}) if not name.endswith(("M", "s"))]
    word = f"{timeframe.count}{timeframe.unit.value}"
    if timeframe.unit is TimeUnit.MONTH or word not in known:
        raise TimeframeError(f"{made.id} has no bars of {timeframe}.", hint=f"It has {', '.join(known)}.")
    return word


def bar_from(symbol: str, row: Any, timeframe: Timeframe) -> Bar:
    """The bar of a row: its opening in milliseconds, four prices, and volume.

    Raises
    ------
    BrokerError
        When it cannot be one.
    """
    try:
        return Bar(symbol, *span_of(row, timeframe), *numbers_of(row))
    except (TypeError, ValueError, IndexError, DataError) as error:
        raise BrokerError(f"A kline of {symbol} cannot be used: {error}") from None


def span_of(row: Any, timeframe: Timeframe) -> tuple[int, int]:
    """When a row opens and closes; of one that cannot be read `TypeError`, `ValueError` or `IndexError`."""
    opened = int(row[0]) * _MS
    return opened, opened + timeframe.nanoseconds


def numbers_of(row: Any) -> list[float]:
    """Four prices and volume of a row; errors as `span_of`."""
    open_, high, low, close, volume = (float(each) for each in row[1:6])
    return [open_, high, low, close, volume]


def closed_kline(message: Any) -> tuple[str, str, list[Any]] | None:
    """Market, interval and row of a message of Binance's, where it says that the kline has closed."""
    said = message.get("data", message) if isinstance(message, dict) else None
    kline = said.get("k") if isinstance(said, dict) and said.get("e") == "kline" else None
    if not isinstance(kline, dict) or kline.get("x") is not True:
        return None
    return str(kline.get("s")), str(kline.get("i")), [kline.get(name) for name in "tohlcv"]
