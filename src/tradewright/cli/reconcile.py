"""`tradewright reconcile`: what the journal and the venue say of an account, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tradewright.domain.errors import BrokerError, TradewrightError

from .lazy import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.bootstrap.kill import AccountFolder

    from .outcome import Outcome

__all__ = ["reconcile"]


@click.command(cls=Command)
@click.option("--account", metavar="NAME", help="By its name, or the broker's; needed where there are several.")
@click.option("--all", "is_all", is_flag=True, help="Every account that ever traded here, one after the other.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def reconcile(outcome: Outcome, /, *, account: str | None, is_all: bool, as_json: bool) -> None:
    """Hold the journal of an account against its venue: orders, positions, orders of others, differences.

    Nothing is changed. A session that runs goes on; its journal is read beside it. What differs in two looks, a settle
    window apart, is a difference, and the exit code is 1. With --all an account that cannot be looked at counts as one
    that differs, and the others are looked at all the same.
    """
    from tradewright.bootstrap.kill import account_folders, compare_account

    if not is_all:
        found = compare_account(_one(account)).plain()
        _say(found, as_json=as_json)
        _judge({found["account"]: found["differences"]}, outcome)
        return
    if account is not None:
        raise click.UsageError("--all and --account exclude each other.")
    compared = [_compared(each) for each in account_folders()]
    if as_json:
        _say({"accounts": compared}, as_json=True)
    else:
        _show_all(compared)
    _judge({each["account"]: each["differences"] for each in compared}, outcome)


def _compared(folder: AccountFolder) -> dict[str, Any]:
    """What was found of an account; that it could not be looked at is a difference."""
    from tradewright.bootstrap.kill import compare_account

    try:
        return {**compare_account(folder).plain(), "problem": None}
    except TradewrightError as error:
        return {"account": str(folder), "differences": [str(error)], "problem": str(error)}


def _judge(differences: dict[str, list[str]], outcome: Outcome) -> None:
    wrong = [account for account, found in differences.items() if found]
    if wrong:
        outcome.wanting(
            BrokerError(
                f"{', '.join(wrong)}: the journal and the venue do not agree, or could not be compared.",
                hint="Look at it with: tradewright reconcile --account NAME",
            )
        )


def _say(found: dict[str, Any], *, as_json: bool) -> None:
    from .output import print_json

    if as_json:
        print_json(found)
    else:
        _show(found)


def _show_all(compared: Sequence[dict[str, Any]]) -> None:
    if not compared:
        click.echo("No account has traded here.")
    for found in compared:
        if found["problem"] is None:
            _show(found)
        else:
            click.echo(f"{found['account']} could not be compared: {found['problem']}")


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
