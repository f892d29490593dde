"""`tradewright data list` and `tradewright data check`: what is stored, and whether it is what was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command
from .outcome import FAILED
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.quality import QualityReport
    from tradewright.domain.stored import CheckedVersion, StoredVersion
    from tradewright.ports.bar_store import BarStore

    from .outcome import Outcome

__all__ = ["check", "list_series"]

_TIMEFRAME = click.option("--timeframe", metavar="1d", help="Only bars of this length.")
_ADJUSTMENT = click.option(
    "--adjustment", type=click.Choice(["raw", "split", "full"]), help="Only prices of this kind."
)
_VERSIONS = click.option("--versions", "all_versions", is_flag=True, help="Versions that are not current too.")


@click.command("list", cls=Command)
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")
@_TIMEFRAME
@_ADJUSTMENT
@_VERSIONS
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_series(*, all_versions: bool, as_json: bool, **said: Any) -> None:
    """List what is stored, of all symbols or of those named."""
    from .output import print_json, print_table
    from .stored import COLUMNS, row_of

    found = _found(_store(), said, all_versions=all_versions)
    if as_json:
        print_json({"series": [each.to_dict() for each in found]})
    elif not found:
        click.echo("The store is empty; 'tradewright data import' fills it.")
    else:
        rows = [[*row_of(each), *(["current" if each.is_current else ""] if all_versions else [])] for each in found]
        print_table([*COLUMNS, *(["Current"] if all_versions else [])], rows, right=(3, 8))


@click.command(cls=Command)
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")
@_TIMEFRAME
@_ADJUSTMENT
@_VERSIONS
@click.option("--repair", is_flag=True, help="Remove files that an interrupted command left.")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write the quality as a page.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def check(outcome: Outcome, /, *, all_versions: bool, page: Path | None, as_json: bool, **said: Any) -> None:
    """Read what is stored and compare it with the version's fingerprint; say what is doubtful in the bars.

    Ends with 1 if anything is not as it was written.
    """
    store = _store()
    removed = store.tidy() if said.pop("repair") else None
    found = _found(store, said, all_versions=all_versions)
    checked: list[CheckedVersion] = []
    with Progress("Checking", "series") as progress:
        for each in store.check(found):
            checked.append(each)
            if not as_json:
                progress(len(checked), len(found))
    if page is not None:
        _write(checked, page)
        outcome.kept.append(str(page))
    _say(checked, removed, as_json=as_json)
    if not all(each.is_sound for each in checked):
        outcome.code = FAILED


def _store() -> BarStore:
    from tradewright.bootstrap.bar_store import bar_store

    return bar_store()


def _found(store: BarStore, said: dict[str, Any], *, all_versions: bool) -> list[StoredVersion]:
    from .stored import chosen

    found = chosen(store.series(), said)
    return [version for each in found for version in store.versions(each.key)] if all_versions else found


def _plain(checked: CheckedVersion) -> dict[str, Any]:
    said = {name: value for name, value in checked.stored.to_dict().items() if name != "quality"}
    return {**said, "sound": checked.is_sound, "fault": checked.fault}


def _reports(checked: Sequence[CheckedVersion]) -> list[QualityReport]:
    return [each.stored.quality for each in checked if each.stored.quality is not None]


def _write(checked: Sequence[CheckedVersion], page: Path) -> None:
    from tradewright.reporting.files import write_file
    from tradewright.reporting.quality_page import quality_page

    write_file(page, quality_page(_reports(checked)))


def _say(checked: Sequence[CheckedVersion], removed: int | None, *, as_json: bool) -> None:
    from tradewright.reporting.quality_text import quality_document

    from .output import print_json

    if as_json:
        series = [_plain(each) for each in checked]
        print_json({"series": series, "quality": quality_document(_reports(checked)), "files_removed": removed})
    else:
        _show(checked, removed)


def _show(checked: Sequence[CheckedVersion], removed: int | None) -> None:
    from tradewright.domain.stored import short_version
    from tradewright.reporting.quality_text import quality_text

    from .output import print_table
    from .stored import quality_word

    if removed is not None:
        click.echo(f"Files that no version needs, removed: {removed}")
    rows = [
        [
            str(each.stored.key),
            short_version(each.stored.version),
            f"{each.stored.rows:,}",
            "as written" if each.is_sound else "damaged",
            quality_word(each.stored),
        ]
        for each in checked
    ]
    print_table(["Series", "Version", "Bars", "Content", "Quality"], rows, right=(2,))
    for each in checked:
        if each.fault is not None:
            click.echo(f"{each.stored.key}: {each.fault}")
    click.echo(quality_text(_reports(checked)))
