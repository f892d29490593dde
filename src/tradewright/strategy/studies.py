"""Indicators read straight from the context: ``ctx.sma("AAPL", 20)``, for strategies that declare nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.quant import indicators

if TYPE_CHECKING:
    from collections.abc import Callable

    from .binding import Binder
    from .lines import Line

__all__ = ["STUDIES", "Studies"]

STUDIES: dict[str, Callable[..., Any]] = {"sma": indicators.sma, "ema": indicators.ema, "rsi": indicators.rsi}
"""Indicators of closes and a period, by the name of the context's method."""


class Studies:
    """The indicator reads of a context.

    Each is computed once over the whole history, the first time it is asked for, and read at the current bar: the
    numbers are those of ``self.use``. Before its warm-up it raises `WarmupError`; where the period is written as a
    number or a parameter, the first call of the strategy waits for it.
    """

    _binder: Binder

    if TYPE_CHECKING:

        def _symbol_number(self, symbol: str | None) -> int: ...

    def sma(self, symbol: str | int | None = None, period: int = 20) -> float:
        """The simple moving average of closes."""
        return self._study(indicators.sma, symbol, period)

    def ema(self, symbol: str | int | None = None, period: int = 20) -> float:
        """The exponential moving average of closes."""
        return self._study(indicators.ema, symbol, period)

    def rsi(self, symbol: str | int | None = None, period: int = 14) -> float:
        """The relative strength index of closes."""
        return self._study(indicators.rsi, symbol, period)

    def vwap(self, symbol: str | int | None = None, period: int | None = None) -> float:
        """The volume-weighted average price of the session so far, or of that many bars."""
        if isinstance(symbol, int):
            symbol, period = None, symbol
        if period is None:
            return self._study(indicators.vwap, symbol, None)
        return self._study(indicators.rolling_vwap, symbol, period)

    def _study(self, function: Callable[..., Any], symbol: str | int | None, period: int | None) -> float:
        if isinstance(symbol, int):
            symbol, period = None, symbol
        known: dict[Any, Line] = vars(self).setdefault("_known_studies", {})
        key = (function, symbol, period)
        line = known.get(key)
        if line is None:
            line = known[key] = self._binder.study(
                function, () if period is None else (period,), self._symbol_number(symbol)
            )
        return line.value
