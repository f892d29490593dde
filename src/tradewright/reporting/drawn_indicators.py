"""Indicators beside the curves of a run: asked for by name and period, computed from every bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

__all__ = ["indicator_line", "is_indicator"]

_LONGEST = 100_000


def is_indicator(name: str) -> bool:
    """Whether a series is asked for as an indicator: ``name:period``, such as ``sma:50``."""
    return ":" in name


def indicator_line(bars: Bars, asked: str) -> NDArray[np.float64]:
    """An indicator of one output over a series of bars; NaN before its first value.

    Parameters
    ----------
    bars : Bars
    asked : str
        ``name:period``.

    Raises
    ------
    ConfigError
        When there is no such indicator, it has several outputs, or the period is none.
    """
    name, _, period = asked.partition(":")
    function = _named(name)
    if not period.isdecimal() or not 0 < int(period) <= _LONGEST:
        raise ConfigError(f"The period of '{asked}' is no whole number from 1 on.", hint="Write it as sma:50.")
    columns = [getattr(bars, column) for column in function.inputs]
    line: NDArray[np.float64] = function(*columns, period=int(period))
    return line


def _named(name: str) -> Any:
    from tradewright.quant import indicators

    found = getattr(indicators, name, None) if name in indicators.__all__ else None
    if "period" not in getattr(found, "parameters", ()):
        raise ConfigError(f"There is no indicator '{name}' with a period.", hint="Ask for sma:50, ema:20 or rsi:14.")
    if getattr(found, "outputs", None) != ("value",):
        raise ConfigError(f"'{name}' has several outputs.", hint="Ask for one that is a single line, such as sma:50.")
    return found
