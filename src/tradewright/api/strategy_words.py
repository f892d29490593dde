"""Strategies of the catalogue as documents."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.catalogue_change import entry_digest
from tradewright.bootstrap.catalogue_report import described_entry
from tradewright.bootstrap.entry_fields import entry_fields
from tradewright.bootstrap.strategy_standing import standing_of
from tradewright.domain.errors import TradewrightError
from tradewright.reporting.exports import plain

from .schemas.strategies import (
    ChangedValue,
    Compiled,
    EntryField,
    IdentityChange,
    ListedStrategy,
    StrategyChangePreview,
    StrategyDetail,
    StrategyParam,
)

if TYPE_CHECKING:
    from tradewright.bootstrap.catalogue import CatalogueEntry
    from tradewright.bootstrap.catalogue_change import EntryChange
    from tradewright.bootstrap.strategy_change import IdentityChange as Identity

    from .strategy_ways import Way

__all__ = ["class_name_of", "detailed_strategy", "listed_strategy", "told_change"]

_TYPES = {"int": "integer", "float": "number", "bool": "boolean", "str": "string"}


def listed_strategy(entry: CatalogueEntry, way: Way, *, shipped: bool) -> ListedStrategy:
    """A strategy as a list shows it."""
    return ListedStrategy(**_listed(entry, described_entry(entry), shipped=shipped), **way._asdict())


def detailed_strategy(entry: CatalogueEntry, way: Way, *, shipped: bool) -> StrategyDetail:
    """The whole of a strategy; one that cannot be loaded says why and has no parameters."""
    said = described_entry(entry)
    strategy, standing = _loaded(entry), standing_of(entry)
    params = [_param(name, values) for name, values in said["params"].items()]
    return StrategyDetail(
        **_listed(entry, said, shipped=shipped),
        **way._asdict(),
        doc=inspect.getdoc(strategy) or "" if strategy is not None else "",
        warmup_bars=standing.warmup_bars,
        compiled=Compiled.model_validate({"is": standing.is_compiled, "why": standing.why}),
        params=params,
        params_schema=_schema(params),
        choices=_choices(entry),
        source=_text(strategy),
        file=entry.file.name,
        line=entry.line,
        fields=[
            EntryField(key=each.key, value=plain(each.value), kind=each.kind, choices=list(each.choices))
            for each in entry_fields(entry)
        ],
        changeable=not shipped,
        digest=entry_digest(entry),
    )


def told_change(change: EntryChange, identity: Identity) -> StrategyChangePreview:
    """A change of an entry, and what it is to approvals."""
    return StrategyChangePreview(
        changes=[
            ChangedValue(key=each.key, before=plain(each.before), after=plain(each.after)) for each in change.values
        ],
        identity=IdentityChange(
            changed=identity.is_changed,
            lost=list(identity.lost),
            found=list(identity.found),
            sentence=identity.sentence,
        ),
    )


def class_name_of(entry: CatalogueEntry) -> str | None:
    """What runs of it are called; None where it cannot be loaded."""
    return getattr(_loaded(entry), "__name__", None)


def _listed(entry: CatalogueEntry, said: dict[str, Any], *, shipped: bool) -> dict[str, Any]:
    return {
        "id": entry.name,
        "name": entry.name,
        "class_name": class_name_of(entry),
        "description": said["description"],
        "status": entry.settings.status,
        "symbols": list(entry.settings.universe),
        "timeframe": entry.settings.timeframe,
        "shipped": shipped,
        "error": said["error"],
    }


def _loaded(entry: CatalogueEntry) -> Any:
    from tradewright.strategy.registry import load_strategy

    try:
        return load_strategy(entry.reference)
    except TradewrightError:
        # Its reason stands in what is said of the entry.
        return None


def _param(name: str, values: dict[str, Any]) -> StrategyParam:
    choices = values.get("choices")
    return StrategyParam(
        name=name,
        type=type(values.get("default")).__name__,
        default=plain(values.get("default")),
        value=plain(values.get("value")),
        low=values.get("low"),
        high=values.get("high"),
        step=values.get("step"),
        choices=None if choices is None else plain(choices),
        doc=str(values.get("doc", "")),
    )


def _schema(params: list[StrategyParam]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {param.name: _property(param) for param in params},
    }


def _property(param: StrategyParam) -> dict[str, Any]:
    said = {
        "type": _TYPES.get(param.type),
        "default": param.value,
        "minimum": param.low,
        "maximum": param.high,
        "enum": param.choices,
        "description": param.doc or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _choices(entry: CatalogueEntry) -> dict[str, Any]:
    """What the entry says about runs, without the places of files on this host."""
    found: dict[str, Any] = plain(entry.settings.choices())
    return found


def _text(strategy: Any) -> str | None:
    if strategy is None:
        return None
    try:
        file = inspect.getsourcefile(strategy)
        return None if file is None else Path(file).read_text(encoding="utf-8")
    except (OSError, TypeError, UnicodeDecodeError):
        return None
