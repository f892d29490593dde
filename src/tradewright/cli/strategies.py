"""`tradewright strategies`: what the catalogue holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command

if TYPE_CHECKING:
    from tradewright.bootstrap.catalogue import CatalogueEntry

__all__ = ["strategies"]


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def strategies(*, as_json: bool) -> None:
    """List the strategies of the catalogue with their parameters.

    The catalogue is the nearest strategies.yaml or strategies/*.yaml upward from the working folder; without one it is
    the examples that come with the package.
    """
    from tradewright.bootstrap.catalogue import find_catalogue

    from .output import print_json, print_table

    catalogue = find_catalogue(Path.cwd())
    found = [_described(entry) for entry in catalogue]
    if as_json:
        print_json({"place": str(catalogue.place), "shipped": catalogue.shipped, "strategies": found})
        return
    which = "Examples that come with the package" if catalogue.shipped else "Catalogue"
    click.echo(f"{which}: {catalogue.place}")
    rows = [[each["name"], _params_text(each), each["error"] or each["description"]] for each in found]
    print_table(["Strategy", "Parameters", "What it does"], rows)


def _described(entry: CatalogueEntry) -> dict[str, Any]:
    """An entry as plain values; one that cannot be loaded says why."""
    from tradewright.domain.errors import TradewrightError
    from tradewright.strategy.registry import load_strategy

    said = {"name": entry.name, "class": entry.settings.class_, "file": str(entry.file), "line": entry.line}
    try:
        strategy = load_strategy(entry.reference)
    except TradewrightError as error:
        return {**said, "description": "", "params": {}, "error": str(error)}
    params = _params(strategy, entry.settings.params)
    text = entry.settings.description or (getattr(strategy, "__doc__", None) or "").strip().partition("\n")[0]
    return {**said, "description": text, "params": params, "error": None}


def _params(strategy: Any, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    from tradewright.strategy.params import params_of

    declared = params_of(strategy) if isinstance(strategy, type) else {}
    described = {name: param.describe() for name, param in declared.items()}
    for name, values in described.items():
        values["value"] = given.get(name, values.get("default"))
    return described


def _params_text(described: dict[str, Any]) -> str:
    return ", ".join(f"{name}={values['value']}" for name, values in described["params"].items())
