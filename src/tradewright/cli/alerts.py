"""`tradewright alerts`: whether those who are to be told are reached."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from .lazy import Command, CommandSet

if TYPE_CHECKING:
    from .outcome import Outcome

__all__ = ["alerts", "try_all"]

alerts = CommandSet(
    "alerts",
    help="The channels by which people are told of alerts.",
    commands={"test": ("tradewright.cli.alerts:try_all", "Send a message to each channel of the settings.")},
)


@click.command("test", cls=Command, epilog="Example: alerts test desk")
@click.argument("channel", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def try_all(outcome: Outcome, /, channel: str | None, *, as_json: bool) -> None:
    """Send a message to each channel of the settings, or to CHANNEL alone, quiet hours or not.

    Exit code 1 where one did not take it.
    """
    from tradewright.bootstrap.alert_trial import try_channels

    from .outcome import FAILED, OK
    from .output import print_json

    tried = try_channels(time.time_ns(), channel)
    outcome.code = FAILED if any(each.problem for each in tried) else OK
    if as_json:
        print_json([{"channel": each.channel, "ok": each.problem is None, "problem": each.problem} for each in tried])
        return
    for each in tried:
        click.echo(f"{each.channel}: {each.problem or 'the message was taken.'}")
