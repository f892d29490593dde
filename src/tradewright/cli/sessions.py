"""`tradewright sessions`: paper and live sessions, running and past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .lazy import Command, CommandSet

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["list_sessions", "sessions", "show_session"]

sessions = CommandSet(
    "sessions",
    help="Paper and live sessions. Each is known by its name.",
    commands={
        "list": ("tradewright.cli.sessions:list_sessions", "List sessions, the latest first."),
        "show": ("tradewright.cli.sessions:show_session", "Show how a session stands and what it decided last."),
        "tell": ("tradewright.cli.sessions_tell:tell_session", "Ask something of a running session."),
    },
)


@click.command("list", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_sessions(*, as_json: bool) -> None:
    """List sessions, the latest first."""
    from tradewright.bootstrap.session_logs import session_logs

    from .output import print_json, print_table

    found = [_described(name, about) for name, about in session_logs().sessions()]
    if as_json:
        print_json({"sessions": found})
        return
    if not found:
        click.echo("There are no sessions yet. Begin with: tradewright paper STRATEGY --broker NAME --symbols A,B")
        return
    head = [
        "Session",
        "Mode",
        "Fills",
        "Broker",
        "Strategies",
        "Symbols",
        "Timeframe",
        "Rows",
        "Equity",
        "Last measure",
    ]
    print_table(head, [_line(each) for each in found], right=(7, 8))


def _described(name: str, about: Mapping[str, Any]) -> dict[str, Any]:
    standing = about.get("standing") or {}
    return {
        "session": name,
        "mode": about.get("mode"),
        "fills": about.get("fills"),
        "broker": about.get("broker"),
        "account": about.get("account"),
        "strategies": [each["name"] for each in about.get("strategies", ())],
        "symbols": [each["symbol"] for each in about.get("instruments", ())],
        "timeframe": about.get("timeframe"),
        "rows": standing.get("rows"),
        "equity": standing.get("equity"),
        "measured_ns": standing.get("measured_ns"),
    }


def _line(said: Mapping[str, Any]) -> list[str]:
    from tradewright.domain.moments import utc

    measured = said["measured_ns"]
    return [
        str(said["session"]), str(said["mode"]), str(said["fills"]), str(said["broker"]), ", ".join(said["strategies"]),
        ", ".join(said["symbols"]), str(said["timeframe"]), "–" if said["rows"] is None else str(said["rows"]),
        "–" if said["equity"] is None else f"{said['equity']:,.2f}",
        "–" if measured is None else f"{utc(measured):%Y-%m-%d %H:%M:%S}",
    ]  # fmt: skip


@click.command("show", cls=Command)
@click.argument("session")
@click.option("--last", type=click.IntRange(min=0), default=20, metavar="N", help="How many decisions. [20]")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show_session(session: str, *, last: int, as_json: bool) -> None:
    """Show how SESSION stands and what it decided last."""
    from tradewright.bootstrap.session_logs import session_logs

    from .live_words import decision_line
    from .output import print_json

    logs = session_logs()
    log = logs.read(session)
    about = dict(log.about)
    standing = dict(logs.sessions())[session].get("standing")
    lines = [decision_line(given, output) for _, given, outputs in log.entries() for output in outputs]
    shown = lines[len(lines) - min(last, len(lines)) :]
    if as_json:
        about.pop("recipes", None)
        print_json({"session": session, "about": about, "standing": standing, "decisions": shown})
        return
    click.echo(_head(session, about, standing))
    click.echo("\n".join(shown) or "Nothing was decided yet.")


def _head(session: str, about: Mapping[str, Any], standing: Mapping[str, Any] | None) -> str:
    from tradewright.app.live.beside import beside_sentence

    names = ", ".join(each["name"] for each in about.get("strategies", ()))
    head = f"{session}: {about.get('mode')} on {about.get('broker')}, fills {about.get('fills')}, {names}"
    if standing is None:
        return head
    stands = f"{head}\n  {standing['rows']} rows, equity {standing['equity']:,.2f}, cash {standing['cash']:,.2f}"
    said = beside_sentence(standing.get("account", {}).get("beside", {}))
    return f"{stands}\n  {said}" if said else stands
