"""`tradewright data list`: what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .lazy import Command

if TYPE_CHECKING:
    from tradewright.domain.stored import StoredVersion
    from tradewright.ports.bar_store import BarStore

__all__ = ["list_series"]

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


def _store() -> BarStore:
    from tradewright.bootstrap.bar_store import bar_store

    return bar_store()


def _found(store: BarStore, said: dict[str, Any], *, all_versions: bool) -> list[StoredVersion]:
    from .stored import chosen

    found = chosen(store.series(), said)
    return [version for each in found for version in store.versions(each.key)] if all_versions else found
