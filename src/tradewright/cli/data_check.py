"""`tradewright data check`: whether what is stored is what was written, how good it is, and how fresh."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tradewright.domain.errors import DataError

from .lazy import Command
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.freshness import SeriesFreshness
    from tradewright.domain.quality import QualityReport
    from tradewright.domain.stored import CheckedVersion, StoredVersion
    from tradewright.ports.bar_store import BarStore

    from .outcome import Outcome

__all__ = ["check"]

_SHOWN = 3


class _Told(NamedTuple):
    """What is printed."""

    checked: Sequence[CheckedVersion]
    fresh: Sequence[SeriesFreshness]
    removed: int | None


@click.command(cls=Command)
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")
@click.option("--timeframe", metavar="1d", help="Only bars of this length.")
@click.option("--adjustment", type=click.Choice(["raw", "split", "full"]), help="Only prices of this kind.")
@click.option("--versions", "all_versions", is_flag=True, help="Versions that are not current too.")
@click.option(
    "--max-behind", "most", type=click.IntRange(min=0), metavar="SESSIONS",
    help="Sessions that may have closed since a last bar, of every series. [1, of fetched ones]",
)  # fmt: skip
@click.option("--repair", is_flag=True, help="Remove files that an interrupted command left.")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write the quality as a page.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def check(outcome: Outcome, /, *, most: int | None, page: Path | None, as_json: bool, **said: Any) -> None:
    """Read what is stored, compare it with the version's fingerprint, and say what is doubtful and how fresh it is.

    Ends with 1 if anything is not as it was written or a series that is fetched is stale; with --max-behind if any is.
    """
    from tradewright.bootstrap.bar_store import bar_store

    store = bar_store()
    removed = store.tidy() if said.pop("repair") else None
    current, found = _found(store, said, all_versions=said.pop("all_versions"))
    told = _Told(_checked(store, found, as_json=as_json), _fresh(current, most), removed)
    if page is not None:
        _write(told.checked, page)
        outcome.kept.append(str(page))
    _say(told, as_json=as_json)
    damaged = [str(each.stored.key) for each in told.checked if not each.is_sound]
    old = [str(each.stored.key) for each in told.fresh if _fails(each, most)]
    if damaged or old:
        outcome.wanting(DataError(" ".join([*_named("not as it was written", damaged), *_named("stale", old)])))


def _named(what: str, series: Sequence[str]) -> list[str]:
    """Which series are so, in one sentence; none where none is."""
    shown = f"{', '.join(series[:_SHOWN])}{' …' if len(series) > _SHOWN else ''}"
    return [f"{len(series)} series: {what} ({shown})."] if series else []


def _found(
    store: BarStore, said: dict[str, Any], *, all_versions: bool
) -> tuple[list[StoredVersion], list[StoredVersion]]:
    """The current versions that are meant, and all versions to be read."""
    from .stored import chosen

    current = chosen(store.series(), said)
    return current, [version for each in current for version in store.versions(each.key)] if all_versions else current


def _checked(store: BarStore, found: Sequence[StoredVersion], *, as_json: bool) -> list[CheckedVersion]:
    checked: list[CheckedVersion] = []
    with Progress("Checking", "series") as progress:
        for each in store.check(found):
            checked.append(each)
            if not as_json:
                progress(len(checked), len(found))
    return checked


def _fresh(current: Sequence[StoredVersion], most: int | None) -> list[SeriesFreshness]:
    from tradewright.adapters.system_clock import SystemClock
    from tradewright.app.data_freshness import freshness_of_series
    from tradewright.bootstrap.coverage import coverage_book
    from tradewright.marketdata.freshness import ALLOWED_SESSIONS

    allowed = ALLOWED_SESSIONS if most is None else most
    return freshness_of_series(current, coverage_book(), SystemClock().now_ns(), allowed=allowed)


def _fails(each: SeriesFreshness, most: int | None) -> bool:
    """Whether a series is too old: nobody promised that imported ones go on, unless it is said here."""
    from tradewright.domain.freshness import Standing

    return each.is_due or (most is not None and each.freshness.standing is Standing.STALE)


def _plain(checked: CheckedVersion, fresh: dict[str, SeriesFreshness]) -> dict[str, Any]:
    said = {name: value for name, value in checked.stored.to_dict().items() if name != "quality"}
    found = fresh.get(str(checked.stored.key)) if checked.stored.is_current else None
    return {**said, "sound": checked.is_sound, "fault": checked.fault, "freshness": found and found.to_dict()}


def _reports(checked: Sequence[CheckedVersion]) -> list[QualityReport]:
    return [each.stored.quality for each in checked if each.stored.quality is not None]


def _write(checked: Sequence[CheckedVersion], page: Path) -> None:
    from tradewright.reporting.files import write_file
    from tradewright.reporting.quality_page import quality_page

    write_file(page, quality_page(_reports(checked)))


def _say(told: _Told, *, as_json: bool) -> None:
    from tradewright.reporting.quality_text import quality_document

    from .output import print_json

    if as_json:
        fresh = {str(each.stored.key): each for each in told.fresh}
        series = [_plain(each, fresh) for each in told.checked]
        document = quality_document(_reports(told.checked))
        print_json({"series": series, "quality": document, "files_removed": told.removed})
    else:
        _show(told)


def _show(told: _Told) -> None:
    from tradewright.domain.stored import short_version
    from tradewright.reporting.quality_text import quality_text

    from .output import print_table
    from .stored import quality_word

    if told.removed is not None:
        click.echo(f"Files that no version needs, removed: {told.removed}")
    rows = [
        [
            str(each.stored.key),
            short_version(each.stored.version),
            f"{each.stored.rows:,}",
            "as written" if each.is_sound else "damaged",
            quality_word(each.stored),
        ]
        for each in told.checked
    ]
    print_table(["Series", "Version", "Bars", "Content", "Quality"], rows, right=(2,))
    for each in told.checked:
        if each.fault is not None:
            click.echo(f"{each.stored.key}: {each.fault}")
    _show_freshness(told.fresh)
    click.echo(quality_text(_reports(told.checked)))


def _show_freshness(fresh: Sequence[SeriesFreshness]) -> None:
    from .output import print_table

    rows = [
        [
            str(each.stored.key),
            each.freshness.standing.value,
            *("n/a" if count is None else f"{count:,}" for count in (each.freshness.sessions, each.freshness.bars)),
            each.asked.source if each.asked else each.stored.source,
            _delay(each),
            each.freshness.sentence,
        ]
        for each in fresh
    ]
    columns = ["Series", "Freshness", "Sessions behind", "Bars behind", "Source", "Late by design", ""]
    print_table(columns, rows, right=(2, 3))


def _delay(found: SeriesFreshness) -> str:
    if found.asked is None:
        return "not fetched"
    return "n/a" if found.asked.delay_s is None else f"{found.asked.delay_s / 60:g} min"
