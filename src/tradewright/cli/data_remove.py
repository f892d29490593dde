"""`tradewright data remove` and `tradewright data prune`: make room in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tradewright.domain.errors import ConfigError, DataNotAvailableError

from .lazy import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from tradewright.app.leaving import Removed
    from tradewright.domain.stored import StoredVersion
    from tradewright.ports.bar_store import BarStore

__all__ = ["prune", "remove", "require_yes"]

_TIMEFRAME = click.option("--timeframe", metavar="1d", help="Only bars of this length.")
_ADJUSTMENT = click.option(
    "--adjustment", type=click.Choice(["raw", "split", "full"]), help="Only prices of this kind."
)
_YES = click.option("--yes", is_flag=True, help="Do not ask.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print what was removed as JSON; does not ask.")


@click.command(cls=Command)
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...")
@_TIMEFRAME
@_ADJUSTMENT
@click.option("--data-version", "version", metavar="DIGITS", help="Only this version of a single series.")
@click.option("--all", "every", is_flag=True, help="All series of each symbol.")
@_YES
@_JSON
def remove(*, version: str | None, every: bool, yes: bool, as_json: bool, **said: Any) -> None:
    """Take the series of SYMBOLs with all their versions, or one version, out of the store.

    While somebody fetches a series it is waited for; what that brings goes as well.
    """
    from .stored import chosen, one_each

    store = _store()
    found = chosen(store.series(), said)
    if not every:
        one_each(found, said["symbols"])
    versions = [each for series in found for each in store.versions(series.key)]
    if version is None:
        _remove(versions, _series, yes=yes, as_json=as_json)
    else:
        _remove(_of_version(versions, version), _versions, yes=yes, as_json=as_json)


@click.command(cls=Command)
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")
@_TIMEFRAME
@_ADJUSTMENT
@_YES
@_JSON
def prune(*, yes: bool, as_json: bool, **said: Any) -> None:
    """Remove the versions that are no longer current, of all symbols or of those named.

    Runs that were made over them can then not be made again.
    """
    from .stored import chosen

    store = _store()
    found = [version for each in chosen(store.series(), said) for version in store.versions(each.key)]
    _remove([each for each in found if not each.is_current], _versions, yes=yes, as_json=as_json)


def _store() -> BarStore:
    from tradewright.bootstrap.bar_store import bar_store

    return bar_store()


def _of_version(versions: Sequence[StoredVersion], version: str) -> list[StoredVersion]:
    found = [each for each in versions if len(version) >= 6 and each.version.startswith(version.lower())]
    if len(found) != 1:
        raise DataNotAvailableError(
            f"There is no single version {version}.", hint="'tradewright data list --versions' shows them all."
        )
    return found


def _remove(
    versions: Sequence[StoredVersion], taken_out: Callable[[Sequence[StoredVersion]], Coroutine[Any, Any, Removed]], *,
    yes: bool, as_json: bool,
) -> None:  # fmt: skip
    import asyncio

    from tradewright.domain.stored import short_version
    from tradewright.reporting.wording import plural

    from .output import print_json
    from .stored import size_text

    names = [f"{each.key} {short_version(each.version)}" for each in versions]
    if names and not yes:
        require_yes(names, may_ask=not as_json)
    done = asyncio.run(taken_out(versions))
    if as_json:
        print_json({"removed": [each.to_dict() for each in done.versions], "bytes_freed": done.bytes})
    else:
        click.echo(f"Removed {plural(len(done.versions), 'version')}; {size_text(done.bytes)} are free.")


async def _versions(versions: Sequence[StoredVersion]) -> Removed:
    from tradewright.app.leaving import remove_versions
    from tradewright.bootstrap.leaving import leaving_desk

    return await remove_versions(leaving_desk(), versions, _told_once())


async def _series(versions: Sequence[StoredVersion]) -> Removed:
    """The series of versions as a whole."""
    from tradewright.app.leaving import Removed, remove_series
    from tradewright.bootstrap.leaving import leaving_desk

    keys = dict.fromkeys(each.key for each in versions)
    done = [each async for each in remove_series(leaving_desk(), keys, _told_once())]
    return Removed(tuple(version for each in done for version in each.versions), sum(each.bytes for each in done))


def _told_once() -> Callable[[str], None]:
    """Says on the standard error for whom it waits, once for each."""
    told: set[str] = set()

    def tell(sentence: str) -> None:
        if sentence not in told:
            told.add(sentence)
            click.echo(sentence, err=True)

    return tell


def require_yes(names: Sequence[str], *, may_ask: bool) -> None:
    """Ask whether something is to be removed.

    Raises
    ------
    ConfigError
        Where nobody can be asked; names what it would have been.
    """
    import sys

    if not (may_ask and sys.stdin.isatty()):
        raise ConfigError(f"This would remove {', '.join(names[:5])}.", hint="Say --yes.")
    for name in names:
        click.echo(name)
    click.confirm("Remove them from the store?", abort=True, err=True)
