"""What stands beside the bars of a run: a benchmark, finer bars, exchange rates and a margin account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.adapters.data.universe import SUFFIXES, BarFile, bar_files
from tradewright.domain.errors import ConfigError, SymbolNotFoundError

from .market import read_files, statements_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bars

__all__ = ["beside", "for_share"]


def beside(said: Mapping[str, Any], bars: Mapping[str, Bars]) -> dict[str, Any]:
    """The arguments of `tradewright.backtest` that are more than a word; what nobody said is absent.

    Raises
    ------
    ConfigError
        When one of them cannot be read.
    DataError
        When one of their files cannot be used as it is stated.
    """
    from tradewright.bootstrap.margins import margin_of

    made: dict[str, Any] = {}
    if "margin" in said:
        made["margin"] = margin_of(said["margin"], shorts=said.get("shorts") is not False)
    if "benchmark" in said:
        made["benchmark"] = _benchmark(said, bars)
    if "detail" in said:
        made["detail"] = _detail(said, bars)
    if "fx" in said:
        made["fx"] = dict(_rate(text, said, bars) for text in said["fx"])
    return made


def for_share(made: Mapping[str, Any], bars: Mapping[str, Bars]) -> dict[str, Any]:
    """The same for some of the symbols only: finer bars are those of the bars that are traded."""
    if "detail" not in made:
        return dict(made)
    return {**made, "detail": {symbol: each for symbol, each in made["detail"].items() if symbol in bars}}


def _benchmark(said: Mapping[str, Any], bars: Mapping[str, Bars]) -> Bars:
    """By its name among the bars of the run, as a file, or from the store."""
    name = said["benchmark"]
    if name in bars:
        return bars[name]
    if name.lower().endswith(SUFFIXES) or Path(name).exists():
        (series,) = read_files(bar_files([name])[:1], _like_the_run(said, bars)).values()
        return series
    return _stored(name, said, bars)


def _stored(name: str, said: Mapping[str, Any], bars: Mapping[str, Bars]) -> Bars:
    from tradewright.face.stored_bars import load_bars

    timeframe = next(iter(bars.values())).timeframe
    try:
        found: Bars = load_bars(name, timeframe=timeframe, adjustment=said.get("adjustment"))
    except SymbolNotFoundError as error:
        raise SymbolNotFoundError(
            f"The benchmark '{name}' is no symbol of the run and no file, and from the store: {error.message}",
            hint=error.hint,
        ) from None
    return found


def _detail(said: Mapping[str, Any], bars: Mapping[str, Bars]) -> dict[str, Bars]:
    if "detail_timeframe" not in said:
        raise ConfigError(
            "The finer bars do not say how long they last.", hint="Say it with --detail-timeframe, such as 1m."
        )
    only = list(bars) if len(bars) == 1 else ()
    found = bar_files(said["detail"], only, said.get("symbol_from"))
    # What a stamp marks is said of the trading bars, and a day's says nothing of a minute's.
    own = {"timeframe": said["detail_timeframe"], "stamp": said.get("detail_stamp")}
    statements = {**_like_the_run(said, bars), **own}
    return read_files([each for each in found if each.named or each.symbol in bars], statements)


def _rate(text: str, said: Mapping[str, Any], bars: Mapping[str, Bars]) -> tuple[str, Bars | float]:
    """A currency and its rate: a number, or bars of the pair around its own week."""
    from tradewright.domain.instrument import FxPair

    currency, equals, rate = (part.strip() for part in text.partition("="))
    if not (currency and equals and rate):
        raise ConfigError(f"--fx {text} is not CURRENCY=FILE or CURRENCY=NUMBER.", hint="Write it as --fx EUR=1.08.")
    try:
        return currency, float(rate)
    except ValueError:
        account = said.get("currency", "USD")
    kept = ("timeframe", "tz", "stamp", "epoch", "bad_rows", "suspects", "sessions")
    statements = {name: value for name, value in _like_the_run(said, bars).items() if name in kept}
    pair = FxPair(f"{currency}{account}", currency=account)
    (series,) = read_files([BarFile(pair.symbol, Path(rate).expanduser())], {**statements, "instrument": pair}).values()
    return currency, series


def _like_the_run(said: Mapping[str, Any], bars: Mapping[str, Bars]) -> dict[str, Any]:
    """What was said of the run's files holds of those beside them; what was not is as with the bars of the run."""
    first = next(iter(bars.values()))
    return {"timeframe": first.timeframe, "calendar": first.instrument.calendar, **statements_of(said)}
