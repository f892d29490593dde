"""`tradewright strategies`: what the catalogue holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .lazy import Command

__all__ = ["strategies"]


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def strategies(*, as_json: bool) -> None:
    """List the strategies of the catalogue with their parameters.

    The catalogue is the nearest strategies.yaml or strategies/*.yaml upward from the working folder; without one it is
    the examples that come with the package.
    """
    from tradewright.bootstrap.catalogue import find_catalogue
    from tradewright.bootstrap.catalogue_report import described_entry

    from .output import print_json, print_table

    catalogue = find_catalogue(Path.cwd())
    found = [described_entry(entry) for entry in catalogue]
    if as_json:
        print_json({"place": str(catalogue.place), "shipped": catalogue.shipped, "strategies": found})
        return
    which = "Examples that come with the package" if catalogue.shipped else "Catalogue"
    click.echo(f"{which}: {catalogue.place}")
    rows = [[each["name"], _params_text(each), each["error"] or each["description"]] for each in found]
    print_table(["Strategy", "Parameters", "What it does"], rows)


def _params_text(described: dict[str, Any]) -> str:
    return ", ".join(f"{name}={values['value']}" for name, values in described["params"].items())
