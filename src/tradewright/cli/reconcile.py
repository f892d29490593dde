"""`tradewright reconcile`: what the journal and the venue say of an account, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .lazy import Command
from .outcome import FAILED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.bootstrap.kill import AccountFolder

    from .outcome import Outcome

__all__ = ["reconcile"]


@click.command(cls=Command)
@click.option("--account", metavar="NAME", help="By its name, or the broker's; needed where there are several.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def reconcile(outcome: Outcome, /, *, account: str | None, as_json: bool) -> None:
    """Hold the journal of an account against its venue: orders, positions, orders of others, differences.

    Nothing is changed. A session that runs goes on; its journal is read beside it. What differs in two looks, a settle
    window apart, is a difference, and the exit code is 1.
    """
    from tradewright.bootstrap.kill import compare_account

    from .output import print_json

    found = compare_account(_one(account)).plain()
    outcome.code = FAILED if found["differences"] else outcome.code
    if as_json:
        print_json(found)
    else:
        _show(found)


def _one(account: str | None) -> AccountFolder:
    from tradewright.bootstrap.kill import account_folders

    folders = account_folders(account)
    if len(folders) != 1:
        known = ", ".join(map(str, folders or account_folders())) or "none"
        raise click.UsageError(f"Name one account with --account; there are {known}.")
    return folders[0]


def _show(found: dict[str, Any]) -> None:
    held = f"held by process {found['process']}" if found["process"] else "held by nobody"
    click.echo(f"{found['account']}, {held}{', LATCHED' if found['latched'] else ''}")
    orders = ("symbol", "side", "quantity", "journal", "venue", "cid", "vid")
    _table("Orders", orders, found["orders"])
    _table("Positions", ("symbol", "journal", "venue", "strange"), found["positions"])
    _table("Orders of others", ("symbol", "side", "quantity", "venue", "vid"), found["foreign"])
    for difference in found["differences"]:
        click.echo(f"DIFFERENT: {difference}")
    if not found["differences"]:
        click.echo("The journal and the venue agree.")


def _table(title: str, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    from .output import print_table

    if rows:
        click.echo(f"\n{title}")
        print_table([name.capitalize() for name in columns], [[row[name] or "" for name in columns] for row in rows])
