"""`tradewright summary`: the day summed up, for the terminal and for the channels of alerts."""

from __future__ import annotations

import os
import time

import click

from .lazy import Command

__all__ = ["summary"]

_JOB = "TRADEWRIGHT_JOB"


@click.command(cls=Command, epilog="Example: summary --tell")
@click.option("--tell", is_flag=True, help="Send it to the channels of alerts, as the rule daily_summary.")
@click.option("--json", "as_json", is_flag=True, help="Print it with all of its metrics as JSON.")
def summary(*, tell: bool, as_json: bool) -> None:
    """Sum up the day: what paper and live sessions came to, jobs of 24 hours, alerts that are open.

    Each mode and currency by itself, of its latest session date within a week. With --tell whoever looks after alerts
    (`tradewright serve`, or a worker) sends it.
    """
    from tradewright.app.day_summary import summary_words
    from tradewright.bootstrap.day_summary import sum_up, tell_summary

    from .output import print_json

    found = sum_up(time.time_ns())
    told = tell_summary(found, os.environ.get(_JOB)) if tell else None
    if as_json:
        print_json(found.to_dict() | {"alert": None if told is None else told.id})
        return
    click.echo(summary_words(found))
    if tell and told is None:
        click.echo("Nobody is told: the rule daily_summary is switched off.", err=True)
