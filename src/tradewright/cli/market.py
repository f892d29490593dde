"""The bars of a run: read from files, or of a synthetic market when that was asked for."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import click

from tradewright.bootstrap.universe import bar_files, require_room
from tradewright.domain.errors import ConfigError

from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bars

__all__ = ["bars_of"]

_STATEMENTS = (
    "calendar", "timeframe", "tz", "stamp", "epoch", "volume", "adjust", "adjustment", "actions", "bad_rows",
    "suspects", "sessions",
)  # fmt: skip
_ONLY_FOR_FILES = frozenset(_STATEMENTS) - {"calendar", "timeframe"} | {"symbol_from"}


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
    return _read(said)


def _synthetic(said: Mapping[str, Any]) -> dict[str, Bars]:
    from tradewright.face.bars import synthetic_bars

    if "files" in said:
        raise ConfigError("A run is over files or over a synthetic market, not both.", hint="Leave one out.")
    stray = sorted(_ONLY_FOR_FILES & said.keys())
    if stray:
        option = stray[0].replace("_", "-")
        raise ConfigError(f"--{option} describes files, and the market is synthetic.", hint="Leave it out.")
    given = {name: said[name] for name in ("calendar", "timeframe", "seed") if name in said}
    made: dict[str, Bars] = synthetic_bars(said.get("symbols") or ["SYN"], **given)
    click.echo("SYNTHETIC market: the bars are made up and say nothing about any real one.", err=True)
    return made


def _read(said: Mapping[str, Any]) -> dict[str, Bars]:
    from tradewright.app.backtest import free_memory
    from tradewright.face.bars import DroppedRowsWarning, read_bars

    files = bar_files(said["files"], said.get("symbols", ()), said.get("symbol_from"))
    require_room(files, free_memory())
    # Prices are in the account's currency; a file in another one is read from Python, with the exchange rate.
    statements = {name: said[name] for name in (*_STATEMENTS, "currency") if name in said}
    series: dict[str, Bars] = {}
    with Progress("Reading", "files") as progress, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DroppedRowsWarning)
        for number, file in enumerate(files):
            series[file.symbol] = read_bars(file.path, symbol=file.symbol, **statements)
            progress(number + 1, len(files))
    for each in caught:
        if not issubclass(each.category, DroppedRowsWarning):
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
            continue
        click.echo(str(each.message), err=True)
    return series
