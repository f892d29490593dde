"""What the commands about the store share: what they call things, and which series are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import DataNotAvailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.stored import StoredVersion

__all__ = ["COLUMNS", "chosen", "one_each", "quality_word", "row_of", "size_text"]

COLUMNS = ("Symbol", "Timeframe", "Adjustment", "Bars", "First", "Last", "Version", "Quality", "Size")


def row_of(stored: StoredVersion) -> list[str]:
    """A version as a row of a table with `COLUMNS`."""
    from tradewright.domain.stored import short_version

    key = stored.key
    return [
        key.instrument,
        str(key.timeframe),
        str(key.adjustment),
        f"{stored.rows:,}",
        stored.first,
        stored.last,
        short_version(stored.version),
        quality_word(stored),
        size_text(stored.bytes),
    ]


def quality_word(stored: StoredVersion) -> str:
    """What was found when it was written, in a word or two."""
    if stored.quality is None:
        return "not examined"
    if stored.quality.is_clean:
        return "clean"
    return f"{stored.quality.gravity} ({len(stored.quality.findings)})"


def size_text(size: int) -> str:
    """Bytes for people."""
    for unit, divisor in (("GB", 10**9), ("MB", 10**6)):
        if size >= divisor:
            return f"{size / divisor:,.1f} {unit}"
    return f"{size / 1000:,.1f} kB"


def chosen(stored: Sequence[StoredVersion], said: dict[str, Any]) -> list[StoredVersion]:
    """The series of the symbols, or all of them, of a timeframe and an adjustment where one is said.

    Raises
    ------
    SymbolNotFoundError
        When there is nothing of a symbol.
    DataNotAvailableError
        When there is nothing of it in that timeframe and adjustment.
    """
    from tradewright.app.stored_bars import named
    from tradewright.domain.timeframe import Timeframe

    found = [each for symbol in said["symbols"] for each in named(stored, symbol)] if said["symbols"] else list(stored)
    timeframe = said["timeframe"] and Timeframe.parse(said["timeframe"])
    kept = [
        each
        for each in dict.fromkeys(found)
        if timeframe in (None, each.key.timeframe) and said["adjustment"] in (None, str(each.key.adjustment))
    ]
    if found and not kept:
        there = ", ".join(sorted({f"{each.key.timeframe} {each.key.adjustment}" for each in found}))
        raise DataNotAvailableError("Nothing of that timeframe and adjustment is stored.", hint=f"There is {there}.")
    return kept


def one_each(found: Sequence[StoredVersion], symbols: Sequence[str]) -> None:
    """Refuse names that stand for several series.

    Raises
    ------
    ConfigError
        When one does; names the candidates.
    """
    from tradewright.domain.errors import ConfigError

    for symbol in symbols:
        meant = [str(each.key) for each in found if symbol in (each.key.instrument, each.key.symbol)]
        if len(meant) > 1:
            raise ConfigError(
                f"{symbol} stands for {len(meant)} series: {', '.join(meant)}.",
                hint="Say which with EXCHANGE:SYMBOL, --timeframe and --adjustment, or take all with --all.",
            )
