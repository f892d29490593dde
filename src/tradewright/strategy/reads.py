"""What a text reads of the past, as it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .studies import STUDIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["HistoryRead", "Reads", "StudyRead"]

_ASKING = ("symbols", "rank")
_USUAL_PERIODS = {"sma": 20, "ema": 20, "rsi": 14}


class HistoryRead(NamedTuple):
    """One call of ``ctx.history`` with its length; `timeframe` None is the trading one."""

    bars: int
    timeframe: str | None


class StudyRead(NamedTuple):
    """One indicator read from the context, as ``ctx.sma("AAPL", 20)``."""

    name: str
    period: int


class Reads:
    """Bars ago by attribute of ``self``, the histories asked for, and the indicators read from the context.

    `asks_symbols` says whether the text asks which symbols are ready. One that does may begin with the first of them;
    one that does not relies on them all.
    """

    def __init__(self) -> None:
        self.attributes: dict[str, int] = {}
        self.histories: list[HistoryRead] = []
        self.studies: list[StudyRead] = []
        self.asks_symbols = False

    def note_name(self, name: str) -> None:
        """Note a name that asks which symbols are ready, as ``ctx.symbols`` and ``ctx.rank`` do."""
        self.asks_symbols = self.asks_symbols or name in _ASKING

    def note_attribute(self, name: str, bars: int) -> None:
        """Note that ``self.<name>`` is read that many bars ago."""
        self.attributes[name] = max(bars, self.attributes.get(name, 0))

    def note_history(self, arguments: Sequence[Any], words: Mapping[str, Any]) -> None:
        """Note a call of `Context.history`, where its length is known."""
        shift = 0 if arguments and isinstance(arguments[0], int) else 1
        bars = words.get("bars", arguments[shift] if len(arguments) > shift else None)
        timeframe = words.get("timeframe", arguments[2] if len(arguments) > 2 else None)
        if isinstance(bars, int) and bars > 0:
            self.histories.append(HistoryRead(bars, timeframe if isinstance(timeframe, str) else None))

    def note_study(self, name: str, arguments: Sequence[Any], words: Mapping[str, Any]) -> None:
        """Note an indicator read from the context, where its period is known."""
        if name not in STUDIES:
            return
        numbers = [value for value in arguments if isinstance(value, int)]
        spoken = len(arguments) < 2 and not numbers
        period = words.get("period", _USUAL_PERIODS[name] if spoken else next(iter(numbers), None))
        if isinstance(period, int) and period > 0:
            self.studies.append(StudyRead(name, period))
