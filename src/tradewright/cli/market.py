"""The bars of a run: read from files, or of a synthetic market when that was asked for."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from tradewright.bootstrap.universe import bar_files, require_room
from tradewright.domain.errors import ConfigError

from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.bootstrap.universe import BarFile
    from tradewright.domain.bars import Bars

__all__ = ["ONLY_FOR_FILES", "bars_of", "read_files", "statements_of"]

_STATEMENTS = (
    "calendar", "timeframe", "tz", "stamp", "epoch", "volume", "adjust", "adjustment", "actions", "bad_rows",
    "suspects", "sessions",
)  # fmt: skip
ONLY_FOR_FILES = frozenset(_STATEMENTS) - {"calendar", "timeframe"} | {"symbol_from", "data_currency"}
"""Options that are about files, and have no meaning for a synthetic market."""


def bars_of(said: Mapping[str, Any]) -> dict[str, Bars]:
    """Bars by symbol.

    Raises
    ------
    ConfigError
        When neither files nor a synthetic market were asked for, or both.
    DataError
        When a file cannot be used as it is stated.
    """
    if said.get("source") == "synthetic":
        return _synthetic(said)
    if "files" not in said:
        raise ConfigError(
            "There are no bars to run over.",
            hint="Name files with --data, or ask for a synthetic market with --synthetic.",
        )
    if "timeframe" not in said:
        raise ConfigError("The files do not say how long a bar lasts.", hint="Say it with --timeframe, such as 1d.")
    return read_files(bar_files(said["files"], said.get("symbols", ()), said.get("symbol_from")), statements_of(said))


def _synthetic(said: Mapping[str, Any]) -> dict[str, Bars]:
    from tradewright.face.bars import synthetic_bars

    if "files" in said:
        raise ConfigError("A run is over files or over a synthetic market, not both.", hint="Leave one out.")
    stray = sorted(ONLY_FOR_FILES & said.keys())
    if stray:
        option = stray[0].replace("_", "-")
        raise ConfigError(f"--{option} describes files, and the market is synthetic.", hint="Leave it out.")
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
    from tradewright.face.bars import DroppedRowsWarning, read_bars

    require_room(files, free_memory())
    series: dict[str, Bars] = {}
    with Progress("Reading", "files") as progress, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DroppedRowsWarning)
        for number, file in enumerate(files):
            named: dict[str, Any] = {} if "instrument" in statements else {"symbol": file.symbol}
            series[file.symbol] = read_bars(file.path, **named, **statements)
            progress(number + 1, len(files))
    for each in caught:
        if not issubclass(each.category, DroppedRowsWarning):
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
            continue
        click.echo(str(each.message), err=True)
    return series
