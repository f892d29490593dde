"""The bars of a run: read from files or from the store, or of a synthetic market when that was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from tradewright.adapters.data.universe import bar_files, require_room
from tradewright.domain.errors import ConfigError

from .left_out import rows_left_out_told
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.adapters.data.universe import BarFile
    from tradewright.domain.bars import Bars

__all__ = ["ONLY_FOR_FILES", "bars_of", "read_files", "reads_store", "statements_of"]

_STATEMENTS = (
    "calendar", "timeframe", "tz", "stamp", "epoch", "volume", "adjust", "adjustment", "actions", "bad_rows",
    "suspects", "sessions",
)  # fmt: skip
ONLY_FOR_FILES = frozenset(_STATEMENTS) - {"calendar", "timeframe"} | {"symbol_from", "data_currency"}
"""Options that are about files, and have no meaning for a synthetic market."""

_FETCHED_FIRST = "auto"
_ONLY_FOR_STORE = frozenset({"as_of", "data_version", "hours"})


def bars_of(said: Mapping[str, Any]) -> dict[str, Bars]:
    """Bars by symbol.

    Raises
    ------
    ConfigError
        When neither files nor stored symbols nor a synthetic market were asked for, or several of them.
    DataError
        When a file cannot be used as it is stated.
    """
    if said.get("source") == "synthetic":
        return _synthetic(said)
    if reads_store(said):
        return _stored(said)
    if "files" not in said:
        raise ConfigError(
            "There are no bars to run over.",
            hint="Name stored symbols with --symbols, files with --data, or ask for made-up ones with --synthetic.",
        )
    _require_none(said, _ONLY_FOR_STORE, "is about the store, and the bars are in files")
    if "timeframe" not in said:
        raise ConfigError("The files do not say how long a bar lasts.", hint="Say it with --timeframe, such as 1d.")
    return read_files(bar_files(said["files"], said.get("symbols", ()), said.get("symbol_from")), statements_of(said))


def reads_store(said: Mapping[str, Any]) -> bool:
    """Whether the bars come from the store: where that is said, or symbols are named and no files."""
    source = said.get("source")
    return source in ("store", _FETCHED_FIRST) or (source is None and "files" not in said and "symbols" in said)


def _stored(said: Mapping[str, Any]) -> dict[str, Bars]:
    from tradewright.app.backtest import free_memory
    from tradewright.app.stored_bars import Wanted, load_all
    from tradewright.bootstrap.bar_store import bar_store
    from tradewright.domain.bars import Adjustment
    from tradewright.domain.timeframe import Timeframe
    from tradewright.engine.dates import day_of
    from tradewright.marketdata.placement import Hours

    if "files" in said:
        raise ConfigError("A run is over files or over the store, not both.", hint="Leave one out.")
    _require_none(said, (ONLY_FOR_FILES | {"calendar"}) - {"adjustment"}, "describes files, and the bars are stored")
    if "symbols" not in said:
        raise ConfigError("The run does not say which stored symbols to trade.", hint="Name them with --symbols A,B.")
    wanted = Wanted(
        timeframe=Timeframe.parse(said.get("timeframe", "1d")),
        adjustment=None if said.get("adjustment") is None else Adjustment(said["adjustment"]),
        version=said.get("data_version"),
        as_of=None if said.get("as_of") is None else day_of(said["as_of"], "--as-of"),
        hours=Hours(said["hours"]) if "hours" in said else None,
    )
    names = _fetched(said) if said.get("source") == _FETCHED_FIRST else said["symbols"]
    with Progress("Reading", "symbols") as progress:
        loaded = load_all(bar_store(), names, wanted, free=free_memory(), progress=progress)
    return {bars.symbol if _is_only(bars, loaded) else name: bars for name, bars in loaded.items()}


def _fetched(said: Mapping[str, Any]) -> list[str]:
    """Fetch what the store lacks of the days of a run; the instruments of its symbols."""
    import asyncio

    from tradewright.app.stored_bars import days_between
    from tradewright.bootstrap.fetching import FetchOrder, fetch

    from .data_fetch import tell_sources

    _require_none(said, frozenset({"data_version"}), "is about what is stored, and the source is auto")
    days = days_between(said.get("start"), said.get("end"))
    hours = said.get("hours", "regular")
    order = FetchOrder(_FETCHED_FIRST, said["symbols"], said.get("timeframe", "1d"), days, hours=hours)
    with Progress("Fetching", "days") as progress:
        done = asyncio.run(fetch(order, progress))
    tell_sources(done)
    for each in done:
        if each.error is not None:
            raise each.error
    return [each.fetched.key.instrument for each in done if each.fetched is not None]


def _is_only(bars: Bars, loaded: Mapping[str, Bars]) -> bool:
    """Whether no other instrument has the same short name."""
    return sum(each.symbol == bars.symbol for each in loaded.values()) == 1


def _require_none(said: Mapping[str, Any], names: frozenset[str], why: str) -> None:
    for name in sorted(names & said.keys()):
        raise ConfigError(f"--{name.replace('_', '-')} {why}.", hint="Leave it out.")


def _synthetic(said: Mapping[str, Any]) -> dict[str, Bars]:
    from tradewright.face.bars import synthetic_bars

    if "files" in said:
        raise ConfigError("A run is over files or over a synthetic market, not both.", hint="Leave one out.")
    _require_none(said, ONLY_FOR_FILES, "describes files, and the market is synthetic")
    _require_none(said, _ONLY_FOR_STORE, "is about the store, and the market is synthetic")
    given = {name: said[name] for name in ("calendar", "timeframe", "seed") if name in said}
    made: dict[str, Bars] = synthetic_bars(said.get("symbols") or ["SYN"], **given)
    if "currency" in said:
        # Made-up prices are in whatever the account counts in.
        made = {
            name: each.with_instrument(replace(each.instrument, currency=said["currency"]))
            for name, each in made.items()
        }
    click.echo("SYNTHETIC market: the bars are made up and say nothing about any real one.", err=True)
    return made


def statements_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of files, under the names of `tradewright.read_bars`.

    Prices are in the account's currency unless another is named.
    """
    found = {name: said[name] for name in _STATEMENTS if name in said}
    currency = said.get("data_currency", said.get("currency"))
    return found if currency is None else {**found, "currency": currency}


def read_files(files: Sequence[BarFile], statements: Mapping[str, Any]) -> dict[str, Bars]:
    """Bars by symbol, with progress; what is left out of a file is told.

    Raises
    ------
    DataError
        When a file cannot be used as it is stated.
    ResourceError
        When they would not fit in memory.
    """
    from tradewright.app.backtest import free_memory
    from tradewright.face.bars import read_bars

    require_room(files, free_memory())
    series: dict[str, Bars] = {}
    with Progress("Reading", "files") as progress, rows_left_out_told():
        for number, file in enumerate(files):
            named: dict[str, Any] = {} if "instrument" in statements else {"symbol": file.symbol}
            series[file.symbol] = read_bars(file.path, **named, **statements)
            progress(number + 1, len(files))
    return series
