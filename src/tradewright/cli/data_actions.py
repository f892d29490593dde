"""`tradewright data actions`: splits, dividends, names and ends of what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .lazy import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.actions import CorporateAction

__all__ = ["list_actions"]

_COLUMNS = ("Series", "Day", "What", "Value", "Known from", "Source")


@click.command("actions", cls=Command)
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")
@click.option("--timeframe", metavar="1d", help="Only of bars of this length.")
@click.option("--as-of", metavar="DATE", help="As it was known when that date ended in UTC.")
@click.option("--all", "is_whole", is_flag=True, help="Every statement: also what was revised or withdrawn later.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_actions(
    symbols: tuple[str, ...], timeframe: str | None, as_of: str | None, *, is_whole: bool, as_json: bool
) -> None:
    """List the splits, dividends, names and ends that are stored with bars, of all symbols or of those named."""
    from tradewright.app.stored_actions import holding, said_of
    from tradewright.bootstrap.bar_store import bar_store
    from tradewright.engine.dates import day_of

    from .output import print_json, print_table
    from .stored import chosen

    store, on = bar_store(), None if as_of is None else day_of(as_of, "--as-of")
    kept = chosen(store.series(), {"symbols": symbols, "timeframe": timeframe, "adjustment": None})
    told = {str(each.key): said_of(store, each) for each in kept}
    found = {name: said if is_whole else holding(said, on) for name, said in told.items()}
    if as_json:
        print_json({"series": [{"series": name, "actions": [_plain(each) for each in found[name]]} for name in found]})
    elif not any(found.values()):
        click.echo("Nothing is known of splits, dividends and names.")
    else:
        print_table(list(_COLUMNS), [row for name, said in found.items() for row in _rows(name, said)])


def _rows(name: str, said: Sequence[CorporateAction]) -> list[list[str]]:
    return [[name, _date(each.day), str(each.kind), _value(each), _known(each), each.source] for each in said]


def _value(action: CorporateAction) -> str:
    if action.is_withdrawn:
        return "withdrawn"
    if action.kind == "rename":
        return f"{action.symbol} to {action.to}"
    if not isinstance(action.value, float):
        return action.note or action.terms
    return f"{action.value:g} {action.currency or ''}".rstrip()


def _known(action: CorporateAction) -> str:
    from tradewright.domain.moments import utc

    return "its session" if action.known_ns is None else f"{utc(action.known_ns):%Y-%m-%d %H:%M}"


def _plain(action: CorporateAction) -> dict[str, Any]:
    from tradewright.domain.moments import utc

    known = None if action.known_ns is None else utc(action.known_ns).isoformat()
    return {**action.to_dict(), "day": _date(action.day), "known_ns": action.known_ns, "known_from": known}


def _date(day: int) -> str:
    from tradewright.domain.moments import utc
    from tradewright.domain.timeframe import NS_PER_DAY

    return utc(day * NS_PER_DAY).date().isoformat()
