"""`tradewright trials`: how many configurations of each strategy family were tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .lazy import Command

if TYPE_CHECKING:
    from tradewright.domain.search import FamilyTrials

__all__ = ["trials"]

_SYMBOLS_SHOWN = 3


@click.command(cls=Command)
@click.option("--family", metavar="NAME", help="Only this family, or those whose strategies have this in their names.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def trials(*, family: str | None, as_json: bool) -> None:
    """List the strategy families with the configurations that were tried, in searches and single runs alike.

    A family is what a strategy declares as its family, else the shape of its text: renaming makes no new one. What
    counts against a search are the configurations of its family on data that overlap with its own.
    """
    from tradewright.bootstrap.trial_ledger import trial_ledger

    from .output import print_json, print_table

    found = [each for each in trial_ledger().families() if family is None or _is_meant(each, family)]
    if as_json:
        print_json({"families": [_described(each) for each in found]})
        return
    if not found:
        click.echo("No trial was counted." if family is None else f"No trial of '{family}' was counted.")
        return
    head = ["Family", "Strategies", "Configurations", "Searches", "Symbols", "From", "To"]
    print_table(head, [_line(each) for each in found], right=(2, 3))


def _is_meant(found: FamilyTrials, family: str) -> bool:
    return found.family == family or any(family.lower() in name.lower() for name in found.strategies)


def _described(found: FamilyTrials) -> dict[str, Any]:
    return {
        "family": found.family,
        "strategies": list(found.strategies),
        "configurations": found.configurations,
        "searches": found.searches,
        "instruments": list(found.instruments),
        "first": found.first,
        "last": found.last,
    }


def _line(found: FamilyTrials) -> list[str]:
    more = len(found.instruments) - _SYMBOLS_SHOWN
    symbols = ", ".join(found.instruments[:_SYMBOLS_SHOWN]) + (f" and {more} more" if more > 0 else "")
    counts = (f"{found.configurations:,}", f"{found.searches:,}")
    return [found.family, ", ".join(found.strategies), *counts, symbols, found.first, found.last]
