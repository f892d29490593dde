"""`tradewright data archive` and `tradewright data restore`: old bars of a server to where artifacts lie, and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from tradewright.domain.errors import ConfigError, DataNotAvailableError

from .lazy import Command
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradewright.ports.bar_archive import Moved

    from .outcome import Outcome

__all__ = ["archive", "restore"]

_DAYS = {"d": 1, "w": 7, "y": 365}
_JSON = click.option("--json", "as_json", is_flag=True, help="Print what was moved as JSON.")


@click.command(cls=Command)
@click.option("--older-than", "age", required=True, metavar="2y", help="How old: days (90d), weeks (8w), years (2y).")
@click.option(
    "--timeframe", "timeframes", multiple=True, metavar="1m", help="Only bars of this length; may be repeated."
)
@_JSON
@click.pass_obj
def archive(outcome: Outcome, /, *, age: str, timeframes: tuple[str, ...], as_json: bool) -> None:
    """Move bars that are older than an age to where artifacts are kept (storage.artifacts, or the folder).

    They are read as before, and versions stay the same. Whole segments are moved, each for itself: interrupted, every
    bar is where it was or in the archive.
    """
    from tradewright.adapters.system_clock import SystemClock
    from tradewright.bootstrap.bar_store import bar_archive
    from tradewright.domain.timeframe import NS_PER_DAY, Timeframe

    before = SystemClock().now_ns() // NS_PER_DAY - _days(age)
    kinds = [Timeframe.parse(each) for each in timeframes]
    with Progress("Archiving", "segments", quiet=as_json) as progress:
        moved = _counted(bar_archive().archive(before, kinds), progress)
    _tell(moved, "archived", outcome, as_json=as_json)


@click.command(cls=Command)
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...")
@click.option("--timeframe", metavar="1d", help="Only bars of this length.")
@_JSON
@click.pass_obj
def restore(outcome: Outcome, /, *, symbols: tuple[str, ...], timeframe: str | None, as_json: bool) -> None:
    """Move the archived bars of SYMBOLs back onto the server."""
    from tradewright.bootstrap.bar_store import bar_archive, bar_store

    stored = [each.key for symbol in symbols for each in bar_store().series(symbol)]
    keys = [key for key in stored if timeframe is None or str(key.timeframe) == timeframe]
    if not keys:
        raise DataNotAvailableError(
            f"{', '.join(symbols)} is not in the store.", hint="'tradewright data list' says what is stored."
        )
    with Progress("Restoring", "segments", quiet=as_json) as progress:
        moved = _counted(bar_archive().restore(keys), progress)
    _tell(moved, "restored", outcome, as_json=as_json)


def _days(age: str) -> int:
    found = re.fullmatch(r"(\d{1,5})([dwy])", age)
    if found is None:
        raise ConfigError(f"'{age}' is no age.", hint="Write days as 90d, weeks as 8w, years as 2y.")
    return int(found[1]) * _DAYS[found[2]]


def _counted(moving: Iterable[Moved], progress: Progress) -> list[Moved]:
    moved = []
    for number, each in enumerate(moving, 1):
        moved.append(each)
        progress(number, None)
    return moved


def _tell(moved: Sequence[Moved], what: str, outcome: Outcome, *, as_json: bool) -> None:
    from .output import print_json, print_table
    from .stored import size_text

    table: dict[tuple[str, str], list[int]] = {}
    for each in moved:
        row = table.setdefault((each.instrument, each.timeframe), [0, 0, 0])
        for at, value in enumerate((1, each.rows, each.bytes)):
            row[at] += value
    outcome.kept.extend(f"{instrument} {timeframe}" for instrument, timeframe in table)
    if as_json:
        names = ("segments", "rows", "bytes")
        series: list[dict[str, Any]] = [
            {"instrument": key[0], "timeframe": key[1], **dict(zip(names, row, strict=True))}
            for key, row in table.items()
        ]
        print_json({what: series})
    elif not table:
        click.echo(f"Nothing was {what}: no segment is wholly of that time.")
    else:
        rows = [[*key, f"{row[0]:,}", f"{row[1]:,}", size_text(row[2])] for key, row in table.items()]
        print_table(["Symbol", "Timeframe", "Segments", "Bars", "Size"], rows, right=(2, 3, 4))
