"""Past bars as columns by name, ending now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from tradewright.domain.errors import StrategyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from tradewright.domain.bars import Bar, Bars

__all__ = ["History"]

_ALIASES = {"opens": "open", "highs": "high", "lows": "low", "closes": "close", "volumes": "volume"}


class History:
    """The last bars of one symbol, oldest first: ``h.close``, ``h["close"]``, ``h.closes``, ``len(h)``.

    Columns are read-only float64 arrays; ``timestamps`` are the opens as datetime64[ns] in UTC. ``h[-1]`` is the last
    bar as a value, ``h[-5:]`` the last five as a history.
    """

    __slots__ = ("_bars", "_first", "_stop")

    def __init__(self, bars: Bars, first: int, stop: int) -> None:
        self._bars, self._first, self._stop = bars, first, stop

    @property
    def symbol(self) -> str:
        """Whose bars these are."""
        return self._bars.symbol

    @property
    def bars(self) -> list[Bar]:
        """The bars as values, oldest first."""
        return list(self)

    @property
    def timestamps(self) -> NDArray[np.datetime64]:
        """Open of each bar."""
        return self._bars.open_time[self._first : self._stop].view("datetime64[ns]")

    def _column(self, name: str) -> NDArray[Any]:
        name = _ALIASES.get(name, name)
        if name not in ("open", "high", "low", "close", "volume", "open_time", "close_time"):
            raise AttributeError(f"Bars have no column '{name}'.")
        column: NDArray[Any] = getattr(self._bars, name)[self._first : self._stop]
        return column

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._column(name)

    @overload
    def __getitem__(self, key: str) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, key: int) -> Bar: ...
    @overload
    def __getitem__(self, key: slice) -> History: ...
    def __getitem__(self, key: str | int | slice) -> NDArray[Any] | Bar | History:
        if isinstance(key, slice):
            return self._part(key)
        if isinstance(key, str):
            try:
                return self._column(key)
            except AttributeError as error:
                raise StrategyError(str(error), hint="Use open, high, low, close or volume.") from None
        place = key + (len(self) if key < 0 else 0)
        if not 0 <= place < len(self):
            raise IndexError(f"bar {key} of a history of {len(self)}")
        return self._bars.bar(self._first + place)

    def _part(self, key: slice) -> History:
        first, stop, step = key.indices(len(self))
        if step != 1:
            raise StrategyError(f"A history cannot be read in steps of {step}.", hint="Read its columns instead.")
        return History(self._bars, self._first + first, self._first + max(first, stop))

    def __iter__(self) -> Iterator[Bar]:
        return (self._bars.bar(row) for row in range(self._first, self._stop))

    def __len__(self) -> int:
        return self._stop - self._first

    def __repr__(self) -> str:
        return f"<History {self.symbol} {self._bars.timeframe}, {len(self)} bars>"
