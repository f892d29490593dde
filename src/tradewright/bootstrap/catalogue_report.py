"""What the catalogue holds, as plain values: for the terminal and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewright.bootstrap.catalogue import CatalogueEntry

__all__ = ["described_entry"]


def described_entry(entry: CatalogueEntry) -> dict[str, Any]:
    """An entry as plain values; one that cannot be loaded says why."""
    from tradewright.domain.errors import TradewrightError
    from tradewright.strategy.registry import load_strategy

    said = {
        "name": entry.name,
        "status": entry.settings.status,
        "mode": entry.settings.mode,
        "class": entry.settings.class_,
        "file": str(entry.file),
        "line": entry.line,
    }
    try:
        strategy = load_strategy(entry.reference)
    except TradewrightError as error:
        return {**said, "description": entry.settings.description, "params": {}, "error": str(error)}
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
