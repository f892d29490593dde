"""The choices of a run in words: costs, fill rule, sizing, limits, period; the same in every place they are shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tradewright.domain.record import RunConfig, RunRecord

__all__ = [
    "costs",
    "described",
    "fill_rule",
    "limits",
    "listed",
    "margin",
    "parameters",
    "period",
    "plural",
    "sizing",
    "strategies",
    "symbols",
    "title",
]

_FILL_AT = {"open": "at the next open", "close": "at the close of the deciding bar"}
_LIMIT_FILL = {"through": "limits fill when traded through", "touch": "limits fill when touched"}
_INTRABAR = {"worst": "worst case inside the bar", "ohlc": "open–extreme–extreme–close inside the bar"}
_SIZE_AT = {"decision": "quantities fixed when decided", "fill": "quantities from the fill price"}
_PHRASES = {
    "NoCommission": "none",
    "PerTrade": "{amount} per order",
    "PerShare": "{amount} per share",
    "Percent": "{rate} %",
    "MakerTaker": "{maker} % maker, {taker} % taker",
    "Tiered": "in tiers (from, rate): {tiers}",
    "NoSlippage": "none",
    "Bps": "{bps} bps",
    "EntryMarkup": "{bps} bps on entries",
    "Spread": "half of a spread of {spread}",
    "VolumeShareImpact": "impact {impact} × (share of volume)²",
    "SquareRootImpact": "impact {impact} × √(share of volume)",
}
_RATES = frozenset({"rate", "maker", "taker"})
_OTHER_COSTS = {
    "tax_buy": "tax on buys",
    "tax_sell": "tax on sells",
    "borrow_rate": "borrow a year",
    "interest_rate": "interest a year",
}
_INSUFFICIENT = {"reject": "what cannot be paid is refused", "clip": "what cannot be paid is cut down"}


def plural(count: float, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> plural(1, "trade"), plural(1200, "trade")
    ('1 trade', '1,200 trades')
    """
    return f"{count:,.0f} {noun}" if count == 1 else f"{count:,.0f} {noun}s"


def described(value: Any) -> str:
    """Any plain value as one line: its names and values, without underscores.

    Examples
    --------
    >>> described({"initial": 0.5, "shorts": True, "tiers": (1.0, 2.0)})
    'initial 0.5, shorts yes, tiers 1 + 2'
    """
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {described(item)}".replace("_", " ") for name, item in value.items()) or "none"
    if isinstance(value, (list, tuple)):
        return " + ".join(map(described, value)) or "none"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def _model(value: Any) -> str:
    """A cost model's description as a phrase, by its name where that is known."""
    if not isinstance(value, Mapping):
        return str(value)
    name = str(value.get("model", ""))
    numbers = {key: item for key, item in value.items() if key != "model"}
    if name in _PHRASES:
        return _PHRASES[name].format(**{key: _scaled(key, item) for key, item in numbers.items()}) + _bounds(numbers)
    return f"{name} ({described(numbers)})".strip() if numbers else name or "none"


def _bounds(numbers: Mapping[str, Any]) -> str:
    """What a commission charges per order besides, where it is not nothing."""
    fixed, least, most = (numbers.get(name, 0.0) for name in ("per_order", "at_least", "at_most"))
    parts = [f" + {described(fixed)} per order"] if fixed else []
    parts += [f", at least {described(least)} per order"] if least else []
    parts += [f", at most {described(most)} per order"] if most and math.isfinite(most) else []
    return "".join(parts)


def _scaled(name: str, value: Any) -> str:
    return f"{value * 100:g}" if name in _RATES else described(value)


def costs(config: RunConfig) -> str:
    """The cost models in one line; taxes and rates only where they are not zero.

    Examples
    --------
    Ten basis points and one unit of money an order read ``slippage 10 bps, commission 1 per order``.
    """
    given = config.costs
    parts = [f"{name} {_model(given[name])}" for name in ("slippage", "commission") if name in given]
    for name, label in _OTHER_COSTS.items():
        if given.get(name):
            parts.append(f"{label} {given[name] * 100:g} %")
    return ", ".join(parts) or described(given)


def fill_rule(config: RunConfig) -> str:
    """When and at what orders fill, in one line."""
    return "; ".join(
        (
            f"market orders {_FILL_AT.get(config.fill_at, config.fill_at)}",
            _LIMIT_FILL.get(config.limit_fill, config.limit_fill),
            _INTRABAR.get(config.intrabar, config.intrabar),
            f"at most {config.participation * 100:g} % of a bar's volume",
        )
    )


def sizing(config: RunConfig) -> str:
    """How quantities come about, in one line."""
    return "; ".join(
        (
            _SIZE_AT.get(config.size_at, config.size_at),
            _INSUFFICIENT.get(config.insufficient, config.insufficient),
            margin(config),
        )
    )


def margin(config: RunConfig) -> str:
    """Leverage and shorts, in a phrase."""
    given = config.margin
    initial = given.get("initial")
    if not isinstance(initial, float | int) or not initial:
        return described(given)
    shorts = "shorts on" if given.get("shorts") else "shorts off"
    if initial >= 1:
        return f"no leverage, {shorts}"
    maintenance = given.get("maintenance", 0.0)
    return f"margin {initial * 100:g} % initial, {maintenance * 100:g} % maintenance, {shorts}"


def limits(config: RunConfig) -> str:
    """Which limits were on, in one line."""
    name = str(config.limits.get("name", "none"))
    rest = {key: value for key, value in config.limits.items() if key != "name" and value is not None}
    return f"{name} ({described(rest)})" if rest else name


def listed(names: tuple[str, ...], most: int = 6) -> str:
    """Names with commas, the rest counted."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def symbols(record: RunRecord) -> str:
    """The symbols and the timeframe traded."""
    frames = tuple(dict.fromkeys(key.timeframe for key in record.data))
    return f"{listed(record.symbols)} · {listed(frames)}" if frames else listed(record.symbols)


def strategies(record: RunRecord) -> str:
    """The strategies' names."""
    return listed(tuple(strategy.name for strategy in record.strategies))


def parameters(values: Mapping[str, Any]) -> str:
    """Parameters as they would be written in a call."""
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def period(record: RunRecord) -> str:
    """First and last session date of the traded rows."""
    line = record.timeline
    if line.first_row >= len(line):
        return "no bars"
    days = line.sessions.row_labels(len(line))
    first, last = (np.datetime64(int(days[row]), "D") for row in (line.first_row, len(line) - 1))
    return f"{first} … {last}"


def title(record: RunRecord) -> str:
    """Strategies, symbols and timeframe."""
    lead = "SYNTHETIC · " if record.is_synthetic else ""
    return f"{lead}{strategies(record)} · {symbols(record)}"
