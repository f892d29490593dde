"""The screen of a session, drawn from how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .live_words import money, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.face.live import Session

__all__ = ["drawn"]

_LEFT = ("Symbol", "Side", "Type")
_WARNINGS = (
    ("KILL SWITCH LATCHED: nothing new is sent until a person says 'tradewright rearm'", "is_latched"),
    ("HALTED by the drawdown", "is_halted"),
    ("PAUSED by the day's loss until the next session; exits go on", "is_paused"),
)


def drawn(session: Session, lines: Sequence[str], why: str) -> Any:
    """Everything on one screen: head, positions, orders, the last decisions.

    Parameters
    ----------
    session : Session
    lines : sequence of str
        The last decisions, oldest first.
    why : str
        What became of the last bar.
    """
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    standing = session.metrics
    parts: list[Any] = [_head(session, standing), Text("")]
    if standing:
        parts += [_positions(standing), _orders(standing)]
    parts += [Text(""), Text(why, style="dim")]
    parts.append(Panel(Text("\n".join(lines) or "No decision yet."), title="Last decisions", title_align="left"))
    return Group(*parts)


def _head(session: Session, standing: Mapping[str, Any]) -> Any:
    from rich.text import Text

    text = Text.assemble(
        (session.id, "bold"), "  ", (session.status, "green" if session.status == "running" else "red")
    )
    feed, account = standing.get("feed", {}), standing.get("account", {})
    if standing:
        text.append(f"   equity {money(standing['equity'])}   cash {money(standing['cash'])}")
    if feed:
        text.append("\nfeed ")
        text.append(*(("connected", "green") if feed["is_connected"] else ("NOT CONNECTED", "bold red")))
        delay = f", {feed['delay_s']:.0f} s late by design" if feed["delay_s"] else ""
        age = feed["last_bar_age_s"]
        text.append(f" {feed['feed']}{delay}, last bar {'–' if age is None else f'{age:.0f} s'} old")
        text.append(f"\n{_counted(feed['reconnects'], 'reconnect')}, {_counted(feed['filled'], 'bar')} of gaps")
        text.append(f", bar to order {_latency(standing)}")
    if standing.get("quotes"):
        text.append(*_quotes(standing["quotes"]))
    text.append(*_strange(account))
    for word, said in _WARNINGS:
        if account.get(said):
            text.append(f"\n{word}", "bold red")
    for symbol, reason in account.get("frozen", {}).items():
        text.append(f"\n{symbol} is frozen: {reason}", "bold red")
    return text


def _quotes(quotes: Mapping[str, Any]) -> tuple[str, str]:
    """Whether orders are judged by live quotes; without them they are by the last closes."""
    if quotes["is_connected"]:
        return f"\nquotes of {_counted(len(quotes['last']), 'symbol')}", "dim"
    return f"\nno quotes: {quotes['trouble'] or 'not connected yet'}", "yellow"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _strange(account: Mapping[str, Any]) -> tuple[str, str]:
    """What others have in the account, and what nobody knows the state of."""
    told = [
        (account.get("foreign_orders", 0), "order", "of others"),
        (account.get("unknown_orders", 0), "order", "in doubt"),
    ]
    words = ", ".join(f"{_counted(count, what)} {whose}" for count, what, whose in told if count)
    return (f"\n{words} in the account" if words else ""), "yellow"


def _latency(standing: Mapping[str, Any]) -> str:
    found = standing.get("latency_ms", {}).get("p50")
    return "–" if found is None else f"{found:.1f} ms"


def _positions(standing: Mapping[str, Any]) -> Any:
    rows = [
        (
            each["symbol"], number(each["quantity"]), money(each["average_price"]), money(each["mark"]),
            money((each["mark"] - each["average_price"]) * each["quantity"]), money(each["realized_pnl"]),
        )
        for each in standing["positions"]
    ]  # fmt: skip
    return _table("Positions", ("Symbol", "Units", "Average", "Last", "Open profit", "Realised"), rows)


def _orders(standing: Mapping[str, Any]) -> Any:
    rows = [
        (
            each["symbol"], str(each["id"]), each["side"], each["order_type"].replace("_", " "),
            number(each["quantity"]), number(each["filled"]), money(each["limit_price"]), money(each["stop_price"]),
        )
        for each in standing["orders"]
    ]  # fmt: skip
    return _table("Working orders", ("Symbol", "Order", "Side", "Type", "Units", "Filled", "Limit", "Stop"), rows)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return Text(f"{title}: none", style="dim")
    table = Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False, header_style="dim"
    )
    for name in columns:
        table.add_column(name, justify="left" if name in _LEFT else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table
