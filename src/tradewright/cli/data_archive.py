"""`tradewright data archive` and `tradewright data restore`: old bars of a server to where artifacts lie, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tradewright.domain.errors import DataNotAvailableError

from .lazy import Command
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradewright.app.leaving import Discarded
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.bar_archive import Moved

    from .outcome import Outcome

__all__ = ["archive", "restore"]

_JSON = click.option("--json", "as_json", is_flag=True, help="Print what was moved as JSON.")


@click.command(cls=Command)
@click.option("--older-than", "age", metavar="2y", help="How old: 90d, 8w, 2y. [storage.retention of the settings]")
@click.option(
    "--timeframe", "timeframes", multiple=True, metavar="1m", help="Only bars of this length; may be repeated."
)
@click.option("--discard", is_flag=True, help="Remove them instead; nothing brings them back.")
@click.option("--yes", is_flag=True, help="Do not ask before removing.")
@_JSON
@click.pass_obj
def archive(outcome: Outcome, /, *, age: str | None, timeframes: tuple[str, ...], as_json: bool, **said: bool) -> None:
    """Move bars that are older than an age to where artifacts are kept (storage.artifacts, or the folder).

    They are read as before, and versions stay the same. Whole segments are moved, each for itself, and read back from
    the archive before they go: interrupted, every bar is where it was or in the archive. With --discard bars are
    removed instead, to the day, with every version that holds such; runs over those cannot be made again.
    """
    from tradewright.bootstrap.bar_store import bar_archive
    from tradewright.bootstrap.leaving import days_before
    from tradewright.domain.timeframe import Timeframe

    before = days_before(age, [Timeframe.parse(each) for each in timeframes])
    if said["discard"]:
        _discard(before, outcome, yes=said["yes"], as_json=as_json)
        return
    store = bar_archive()
    with Progress("Archiving", "segments", quiet=as_json) as progress:
        moved = _counted((each for kind, day in before.items() for each in store.archive(day, [kind])), progress)
    _tell(moved, "archived", outcome, as_json=as_json)


def _discard(before: dict[Timeframe, int], outcome: Outcome, *, yes: bool, as_json: bool) -> None:
    import asyncio

    from tradewright.app.leaving import discard, overdue
    from tradewright.bootstrap.leaving import leaving_desk

    from .data_remove import require_yes

    desk, done = leaving_desk(), []
    found = overdue(desk.store, before)
    if found and not yes:
        require_yes([f"{each.key} of before {_date(each.before)}" for each in found], may_ask=not as_json)
    for each in found:
        done.append(asyncio.run(discard(desk, each)))
        outcome.kept.append(f"{each.key} from {_date(each.before)} on")
    _tell_discarded(done, as_json=as_json)


def _date(day: int) -> str:
    from tradewright.domain.moments import utc
    from tradewright.domain.timeframe import NS_PER_DAY

    return utc(day * NS_PER_DAY).date().isoformat()


def _tell_discarded(done: Sequence[Discarded], *, as_json: bool) -> None:
    from .output import print_json, print_table
    from .stored import size_text

    if as_json:
        names = ("rows", "left", "versions", "bytes")
        print_json(
            {"discarded": [{**each.key.to_dict(), **{name: getattr(each, name) for name in names}} for each in done]}
        )
    elif not done:
        click.echo("Nothing was removed: no bar is of that time.")
    else:
        rows = [
            [str(each.key), f"{each.rows:,}", f"{each.left:,}", f"{each.versions:,}", size_text(each.bytes)]
            for each in done
        ]
        print_table(["Series", "Bars removed", "Left", "Versions removed", "Freed"], rows, right=(1, 2, 3, 4))


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
