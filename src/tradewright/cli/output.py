"""What commands print: tables and JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["open_in_browser", "print_json", "print_table"]

_NO_LIMIT = 1_000
"""Columns of the page where no terminal says how wide it is: nothing is cut or folded in a file."""


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print an aligned table.

    Parameters
    ----------
    columns : sequence of str
    rows : sequence of sequences of str
    right : sequence of int
        Positions of the columns of numbers, aligned to the right.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        table.add_column(name, justify="right" if number in right else "left", no_wrap=number in right)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console() if sys.stdout.isatty() else Console(width=_NO_LIMIT)
    with console.capture() as text:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in text.get().splitlines()))


def print_json(value: Any) -> None:
    """Print plain values as one JSON document, keys sorted."""
    click.echo(json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=2))


def open_in_browser(path: Path) -> None:
    """Show a file in the browser of the desktop, if there is one."""
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        click.echo(f"No browser could be started; open {path} yourself.", err=True)
