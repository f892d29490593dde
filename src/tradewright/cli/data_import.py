"""`tradewright data import`: files into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tradewright.domain.errors import ConfigError

from .lazy import Command
from .left_out import rows_left_out_told
from .options import statement_options
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.adapters.data.universe import BarFile
    from tradewright.app.import_data import BarSource, Imported
    from tradewright.domain.bars import Bars
    from tradewright.domain.quality import QualityReport
    from tradewright.domain.stored import WriteMode

    from .outcome import Outcome

__all__ = ["import_files"]

_NOT_STATEMENTS = ("symbols", "symbol_from")


@click.command("import", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--symbol", "--symbols", "symbols", metavar="A,B", help="Of a single file; of several, which to take.")
@statement_options
@click.option("--exchange", metavar="XNAS", help="Whose symbols they are. [the calendar's name]")
@click.option("--currency", metavar="USD", help="Of the prices. [USD]")
@click.option("--append", is_flag=True, help="Add what comes after the stored bars; what both have must be the same.")
@click.option("--replace", is_flag=True, help="Make these the current bars; the old ones stay readable by version.")
@click.option("--skip-bad", is_flag=True, help="Leave out files that cannot be used, instead of refusing all.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each file as JSON.")
@click.pass_obj
def import_files(outcome: Outcome, /, files: tuple[str, ...], **said: Any) -> None:
    """Bring FILEs, folders and quoted globs into the store: all of them, or nothing.

    The same bars again change nothing. Other bars of a stored series are refused unless --append or --replace says
    what is to become of them. Interrupted, the store is as it was.
    """
    from tradewright.adapters.data.universe import bar_files
    from tradewright.app.import_data import import_bars
    from tradewright.bootstrap.bar_store import bar_store

    flags = {name: said.pop(name) for name in ("append", "replace", "skip_bad", "as_json")}
    given = {name: value for name, value in said.items() if value is not None}
    if "timeframe" not in given:
        raise ConfigError("The files do not say how long a bar lasts.", hint="Say it with --timeframe, such as 1d.")
    symbols = [symbol.strip() for symbol in given.get("symbols", "").split(",") if symbol.strip()]
    found = bar_files(files, symbols, given.get("symbol_from"))
    statements = {name: value for name, value in given.items() if name not in _NOT_STATEMENTS}
    with rows_left_out_told(), Progress("Importing", "files", quiet=flags["as_json"]) as progress:
        done = import_bars(
            bar_store(),
            _sources(found, statements),
            _mode(flags),
            skip_bad=flags["skip_bad"],
            progress=progress.listener,
        )
        # From here on it is stored, whatever becomes of the telling.
        outcome.kept.extend(str(each.written.version.key) for each in done if each.written is not None)
    _show(done, as_json=flags["as_json"])


def _mode(flags: Mapping[str, bool]) -> WriteMode:
    from tradewright.domain.stored import WriteMode

    if flags["append"] and flags["replace"]:
        raise ConfigError("Bars are appended or replace what is there, not both.", hint="Leave one out.")
    if flags["append"]:
        return WriteMode.APPEND
    return WriteMode.REPLACE if flags["replace"] else WriteMode.NEW


def _sources(files: Sequence[BarFile], statements: Mapping[str, Any]) -> list[BarSource]:
    from tradewright.app.import_data import BarSource

    return [BarSource(file.path.name, lambda file=file: _read(file, statements)) for file in files]  # type: ignore[misc]


def _read(file: BarFile, statements: Mapping[str, Any]) -> Bars:
    from tradewright.adapters.data.universe import require_room
    from tradewright.app.backtest import free_memory
    from tradewright.face.bars import read_bars

    require_room([file], free_memory())
    return read_bars(file.path, symbol=file.symbol, **statements)


def _show(done: Sequence[Imported], *, as_json: bool) -> None:
    from .output import print_json, print_table
    from .stored import COLUMNS, row_of

    for each in done:
        if each.error is not None:
            click.echo(f"Left out: {each.error.message}", err=True)
    if as_json:
        print_json({"files": [_plain(each) for each in done]})
        return
    rows = [
        [*row_of(each.written.version), str(each.written.effect), f"{each.written.new_rows:,}"]
        for each in done
        if each.written is not None
    ]
    print_table([*COLUMNS, "Now", "New bars"], rows, right=(3, 8, 10))
    for each in done:
        if each.written is not None and each.written.version.quality is not None:
            _tell_failures(each.written.version.quality)


def _tell_failures(report: QualityReport) -> None:
    """Say what makes every result over these bars wrong; it is not for a column of a table alone."""
    from tradewright.domain.quality import Gravity

    failures = [finding for finding in report.findings if finding.gravity is Gravity.FAIL]
    if failures:
        more = f" ({len(failures) - 1:,} more of that gravity.)" if len(failures) > 1 else ""
        click.echo(f"{report.instrument} is stored, and not fit for use: {failures[0].sentence}{more}", err=True)
        click.echo("  Say what the prices are (--adjustment, --actions) with --replace, or mend the file.", err=True)


def _plain(each: Imported) -> dict[str, Any]:
    if each.written is None:
        return {"file": each.source, "effect": "refused", "error": str(each.error)}
    written = each.written
    return {
        "file": each.source,
        "effect": str(written.effect),
        "new_rows": written.new_rows,
        **written.version.to_dict(),
    }
