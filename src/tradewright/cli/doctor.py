"""`tradewright doctor`: what is installed and reachable, and how to fix what is not."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .lazy import Command

if TYPE_CHECKING:
    from .outcome import Outcome

__all__ = ["doctor"]


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--warm", is_flag=True, help="Compile the rules ahead of the first long run, and say what was done.")
@click.option("--strategy", metavar="REF", help="With --warm: compile this strategy as well.")
@click.pass_obj
def doctor(outcome: Outcome, /, *, as_json: bool, warm: bool, strategy: str | None) -> None:
    """Look at Python, packages, plug-ins, settings, store, catalogue, calendars, clock, folders; say how to mend them.

    Exit code 1 where something fails. With --warm nothing is looked at.
    """
    if warm or strategy is not None:
        _warm(strategy, as_json=as_json)
        return
    from tradewright.bootstrap.checks import State, all_checks

    from .outcome import FAILED, OK
    from .output import print_json, print_table

    checks = all_checks(Path.cwd(), dt.datetime.now(dt.UTC), os.environ)
    failed = [check for check in checks if check.state is State.FAIL]
    outcome.code = FAILED if failed else OK
    if as_json:
        fields = ("name", "state", "detail", "fix")
        print_json({"ok": not failed, "checks": [{name: getattr(each, name) for name in fields} for each in checks]})
        return
    rows = [[check.name, str(check.state), check.detail, check.fix or ""] for check in checks]
    print_table(["What", "State", "How it is", "What to do"], rows)
    click.echo("Everything needed is here." if not failed else f"To fix: {', '.join(each.name for each in failed)}.")


def _warm(reference: str | None, *, as_json: bool) -> None:
    """Make machine code and print what was made."""
    from tradewright.face.warming import warm

    from .output import print_json

    strategy = None
    if reference is not None:
        from tradewright.strategy.registry import load_strategy

        strategy = load_strategy(reference)
    done = []
    for sentence in warm(strategy, lambda each: click.echo(each, err=True)):
        done.append(sentence)
        if not as_json:
            click.echo(sentence)
    if as_json:
        print_json({"warmed": done})
