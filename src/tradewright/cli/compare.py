"""`tradewright compare`: runs side by side."""

from __future__ import annotations

import click

from .lazy import Command

__all__ = ["compare"]


@click.command(cls=Command)
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
@click.option("--all", "everything", is_flag=True, help="Show what is equal, too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def compare(runs: tuple[str, ...], *, everything: bool, as_json: bool) -> None:
    """Compare two or more RUNs: choices, data and metrics that differ, each beside the first run's.

    RUN is the id of a kept run or its first digits, a result.json file, or a folder that holds one.
    """
    from tradewright.face.runs import compare as side_by_side

    from .output import print_json

    found = side_by_side(*runs)
    if as_json:
        print_json(found.to_dict(everything=everything))
    else:
        click.echo(found.text(everything=everything))
