"""`tradewright db`: the database of runs, users, jobs and alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .lazy import Command, CommandSet

if TYPE_CHECKING:
    from tradewright.bootstrap.database_report import DatabaseReport

    from .outcome import Outcome

__all__ = ["check_tables", "db", "rebuild_rows", "upgrade_tables"]

db = CommandSet(
    "db",
    help="The database of runs, users, jobs and alerts: a file in the folder of the stores, or the server that "
    "storage.database names.",
    commands={
        "upgrade": ("tradewright.cli.db:upgrade_tables", "Bring the tables to the present revision."),
        "rebuild": ("tradewright.cli.db:rebuild_rows", "Make the lists of what sessions did anew, of their records."),
        "check": ("tradewright.cli.db:check_tables", "Say its revision, whether it is whole, and how much lies in it."),
    },
)

_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.command("upgrade", cls=Command)
@_JSON
def upgrade_tables(*, as_json: bool) -> None:
    """Make the tables, or bring them to the revision of this version. Every first use does the same by itself."""
    from tradewright.bootstrap.database_report import upgrade_database

    from .output import print_json

    report, before = upgrade_database()
    if as_json:
        print_json({"place": report.place, "before": before, "revision": report.revision})
    elif before == report.revision:
        click.echo(f"{report.place} is at revision {report.revision} already.")
    else:
        click.echo(f"{report.place} is at revision {report.revision} now; before it {_was(before)}.")


@click.command("rebuild", cls=Command)
@_JSON
def rebuild_rows(*, as_json: bool) -> None:
    """Throw away the rows of sessions, orders, fills, trades, positions and days, and make them anew.

    The records of the sessions are the truth and stay as they are. Servers that run go on meanwhile.
    """
    from tradewright.bootstrap.database_report import rebuild_trading

    from .output import print_json

    place, count = rebuild_trading()
    if as_json:
        print_json({"place": place, "sessions": count})
    else:
        click.echo(f"{place}: the rows of {count:,} sessions were made anew.")


@click.command("check", cls=Command)
@_JSON
@click.pass_obj
def check_tables(outcome: Outcome, /, *, as_json: bool) -> None:
    """Read the whole database: its revision, whether tables, columns and indexes are whole, and its sizes.

    Nothing is changed. Exit code 1 where it is damaged or not at the revision of this version.
    """
    from tradewright.bootstrap.database_report import check_database

    from .outcome import FAILED, OK
    from .output import print_json

    report = check_database()
    outcome.code = OK if report.is_sound else FAILED
    if as_json:
        print_json(_described(report))
    else:
        _print(report)


def _described(report: DatabaseReport) -> dict[str, Any]:
    return {
        "kind": report.kind,
        "place": report.place,
        "revision": report.revision,
        "head": report.head,
        "ok": report.is_sound,
        "problems": list(report.problems),
        "behind": list(report.behind),
        "size_bytes": report.size_bytes,
        "rows": dict(report.rows),
        **({} if report.bars is None else {"bars": report.bars}),
    }


def _print(report: DatabaseReport) -> None:
    from .output import print_table

    if report.revision is None:
        click.echo(f"{report.place}: nothing was kept in it yet.")
        return
    click.echo(f"{report.place}: revision {report.revision}, {report.size_bytes / 1e6:.1f} MB")
    print_table(["Table", "Rows"], [[name, str(count)] for name, count in report.rows.items()], right=(1,))
    if report.bars is not None:
        click.echo(f"It keeps {report.bars}.")
    for said in (*report.problems, *report.behind):
        click.echo(said)
    if report.behind:
        click.echo("A server catches up by itself; or type: tradewright db rebuild")
    click.echo("It is whole." if report.is_sound else "Bring it up with: tradewright db upgrade; or restore a copy.")


def _was(before: str | None) -> str:
    return "had no tables" if before is None else f"was at {before}"
