"""`tradewright kill`: stop trading, whatever the sessions are doing. The latch is written before anything is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .lazy import Command
from .outcome import FAILED

if TYPE_CHECKING:
    from tradewright.bootstrap.kill import AccountFolder

    from .outcome import Outcome

__all__ = ["kill"]

_WAIT_S = 5.0


@click.command(cls=Command)
@click.option("--account", metavar="NAME", help="By its name, or the broker's. [every account that traded here]")
@click.option("--flatten", is_flag=True, help="Close what our orders made of the positions, too.")
@click.option("--all", "every", is_flag=True, help="End protecting orders, too; they stay otherwise.")
@click.option("--foreign", is_flag=True, help="End the orders of others in the account, too.")
@click.option("--reason", metavar="TEXT", default="asked for at the command line", help="Why; it is kept.")
@click.option("--who", metavar="NAME", help="Who says so. [the user of the system]")
@click.option("--wait", "wait_s", type=float, default=_WAIT_S, metavar="S", help="For a session to answer. [5]")
@click.option("--status", is_flag=True, help="Say how the kill switch stands, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def kill(outcome: Outcome, /, *, account: str | None, status: bool, as_json: bool, **told: Any) -> None:
    """Send nothing new, end what rests and, with --flatten, close what is held; verified by looking twice.

    The latch is a file that holds over restarts until 'tradewright rearm'. A session that runs is waited for; one that
    hangs is ended, and its orders are ended from here. No database is needed and no strategy is loaded.
    """
    from tradewright.bootstrap.kill import account_folders

    folders = account_folders(account)
    if not folders:
        raise _unknown(account)
    if status:
        _show_status(folders, as_json=as_json)
        return
    is_latched = _latch(folders, told, as_json=as_json)
    reports = [_alone(folders[0], told, as_json=as_json)] if len(folders) == 1 else _each(folders, told)
    if not is_latched or any(report["left"] for report in reports):
        outcome.code = FAILED
    _show(reports, as_json=as_json)


def _unknown(account: str | None) -> click.ClickException:
    from tradewright.bootstrap.kill import account_folders

    known = ", ".join(map(str, account_folders()))
    if account is None or not known:
        return click.UsageError("No account has traded from here: there is nothing to stop.")
    return click.UsageError(f"There is no account '{account}'. There are {known}.")


def _latch(folders: list[AccountFolder], told: dict[str, Any], *, as_json: bool) -> bool:
    """K1: the files, before anything else is imported."""
    from tradewright.bootstrap.kill import latch_accounts
    from tradewright.domain.live.latch import LatchOrder

    who = told["who"] or _user()
    faults = latch_accounts(folders, LatchOrder(told["reason"], who, told["flatten"], told["every"], told["foreign"]))
    for fault in faults:
        click.echo(fault, err=True)
    if not faults:
        click.echo(f"Latched: {', '.join(map(str, folders))}. Nothing new is sent.", err=as_json)
    return not faults


def _user() -> str:
    import getpass

    return getpass.getuser()


def _alone(folder: AccountFolder, told: dict[str, Any], *, as_json: bool) -> dict[str, Any]:
    from tradewright.app.live.kill_way import Patience
    from tradewright.bootstrap.kill import kill_account
    from tradewright.domain.errors import TradewrightError

    def tell(text: str) -> None:
        click.echo(text, err=as_json)

    try:
        return kill_account(folder, tell, Patience(acknowledge_s=told["wait_s"])).plain()
    except TradewrightError as error:
        return _failed(folder, str(error))


def _failed(folder: AccountFolder, why: str) -> dict[str, Any]:
    notes = ["The latch file stands: nothing new is sent."]
    return {
        "account": str(folder), "by": "nobody", "evicted": None, "ended": [], "left": [why], "stays": [], "notes": notes
    }  # fmt: skip


def _each(folders: list[AccountFolder], told: dict[str, Any]) -> list[dict[str, Any]]:
    """One process for each account, side by side: paper and live never meet in one, and none waits for another."""
    import json
    import subprocess
    import sys

    words = [
        f"--{name}" for name, flag in (("flatten", "flatten"), ("all", "every"), ("foreign", "foreign")) if told[flag]
    ]
    words += ["--reason", told["reason"], "--who", told["who"] or _user(), "--wait", str(told["wait_s"]), "--json"]
    program = [sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())", "kill"]
    running = [
        subprocess.Popen(  # noqa: S603 - this very program, with words of its own
            [*program, "--account", str(folder), *words], stdout=subprocess.PIPE, text=True
        )
        for folder in folders
    ]
    reports = []
    for folder, process in zip(folders, running, strict=True):
        said, _ = process.communicate()
        try:
            reports += json.loads(said)["accounts"]
        except (ValueError, KeyError):
            reports.append(_failed(folder, f"Its process ended with code {process.returncode}."))
    return reports


def _show(reports: list[dict[str, Any]], *, as_json: bool) -> None:
    from .output import print_json

    if as_json:
        print_json({"accounts": reports})
        return
    for report in reports:
        ended = f"; process {report['evicted']} was ended" if report["evicted"] else ""
        click.echo(f"{report['account']}: carried out by {report['by']}{ended}.")
        for word, key in (("ended", "ended"), ("stays", "stays"), ("LEFT", "left"), ("note", "notes")):
            for line in report[key]:
                click.echo(f"  {word:<6}{line}")
        if not report["left"]:
            click.echo("  Everything that was to end has ended; looked at twice.")


def _show_status(folders: list[AccountFolder], *, as_json: bool) -> None:
    from tradewright.bootstrap.kill import latch_status

    from .output import print_json

    found = [latch_status(folder) for folder in folders]
    if as_json:
        print_json({"accounts": found})
        return
    for each in found:
        held = f"held by process {each['process']}" if each["process"] else "held by nobody"
        click.echo(f"{each['account']}: {_standing(each)}; {each['problem'] or f'{held}.'}")


def _standing(each: dict[str, Any]) -> str:
    if not each["latched"]:
        return "halted by its risk limits" if each["halted"] else "paused" if each["paused"] else "armed"
    how = "carried out" if each["worked"] else "being carried out" if each["acknowledged"] else "not carried out yet"
    by = f" by {each['who']}" if each["who"] else ""
    return f"LATCHED{by} ({each['reason']}), {how}"
