"""Runs side by side: what differs in their choices, their data and their metrics, and their equity over common time.

A comparison is made from the JSON documents of results (`docs/reference/result-json.md`), so that runs in hand, kept
ones and files compare alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.reporting.catalog import CATALOG
from tradewright.reporting.comparison_views import ABSENT
from tradewright.reporting.presentation import MONEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ChoiceRow", "Comparison", "MetricRow", "Period"]

_ERRORS = {"sharpe": "sharpe_se"}
"""Metrics that have a standard error, with the metric that it is."""

_DATA = ("symbol", "timeframe", "first", "last", "rows", "adjustment", "source", "synthetic", "fingerprint")
_NEEDED = {"hash": str, "config": dict, "strategies": list, "data": list, "metrics": dict, "equity": dict}


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One choice, or one thing about the data, of every run; `ABSENT` where a run has none."""

    path: str
    values: tuple[Any, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs are not of one mind."""
        return any(repr(value) != repr(self.values[0]) for value in self.values)


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of every run, None where it is undefined.

    Parameters
    ----------
    key, unit : str
    values : tuple of float or None
    differences : tuple of float or None
        To the first run; the first is None, and so is money in another currency than the first run's.
    errors : tuple of float or None
        Standard errors of the differences, √(se₁² + se₂²), as of independent samples; None for metrics without one and
        for the same run as the first.
    own_errors : tuple of float or None
        Standard error of each value; None for metrics without one.
    """

    key: str
    unit: str
    values: tuple[float | None, ...]
    differences: tuple[float | None, ...]
    errors: tuple[float | None, ...]
    own_errors: tuple[float | None, ...]

    @property
    def differs(self) -> bool:
        """Whether any run has another value than the first."""
        return any(value != self.values[0] for value in self.values)


@dataclass(frozen=True, slots=True)
class Period:
    """What became of equity over the sessions that all runs have.

    Parameters
    ----------
    first, last : str
        Session dates.
    sessions : int
    returns, drawdowns : tuple of float or None
        Total return between the closes of the two dates, and deepest fall of the closes between them, fractions.
    """

    first: str
    last: str
    sessions: int
    returns: tuple[float | None, ...]
    drawdowns: tuple[float | None, ...]


@dataclass(frozen=True)
class Comparison:
    """Two or more runs side by side.

    Parameters
    ----------
    names : tuple of str
        What each run is called here.
    documents : tuple of mapping
        `Result.to_dict` of each.
    """

    names: tuple[str, ...]
    documents: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, named: Sequence[tuple[str, Mapping[str, Any]]]) -> Comparison:
        """Compare named documents.

        Raises
        ------
        ConfigError
            When one is not the document of a result.
        """
        for name, document in named:
            wrong = next((key for key, kind in _NEEDED.items() if not isinstance(document.get(key), kind)), None)
            if wrong:
                fault = f"its '{wrong}' is of another kind" if wrong in document else f"it has no '{wrong}'"
                raise ConfigError(f"{name} is not the result of a run: {fault}.", hint="Name a result.json file.")
        return cls(tuple(name for name, _ in named), tuple(document for _, document in named))

    @property
    def is_same(self) -> bool:
        """Whether all are the same run: every decision, fill and mark."""
        return len({document["hash"] for document in self.documents}) == 1

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """The account currency of each run."""
        return tuple(document["config"].get("currency", "") for document in self.documents)

    @cached_property
    def choices(self) -> tuple[ChoiceRow, ...]:
        """Settings, strategies and their parameters, by dotted path."""
        return _rows([_choices(document) for document in self.documents])

    @cached_property
    def data(self) -> tuple[ChoiceRow, ...]:
        """What the runs saw, symbol by symbol."""
        return _rows([_data(document) for document in self.documents])

    @cached_property
    def metrics(self) -> tuple[MetricRow, ...]:
        """Every metric that some run has, standard errors inside the rows of what they belong to."""
        known = [info.key for info in CATALOG]
        found = {key for document in self.documents for key in document["metrics"]} - set(_ERRORS.values())
        order = sorted(found, key=lambda key: (known.index(key) if key in known else len(known), key))
        return tuple(_metric_row(key, self.documents) for key in order)

    @cached_property
    def period(self) -> Period | None:
        """Equity over the common sessions, where the runs do not have the same; None where they do, or share none."""
        curves = [
            dict(zip(each["equity"]["session"], each["equity"]["equity"], strict=True)) for each in self.documents
        ]
        if all(curve.keys() == curves[0].keys() for curve in curves):
            return None
        common = sorted(set.intersection(*(set(curve) for curve in curves)))
        if len(common) < 2:
            return None
        values = [[curve[session] for session in common] for curve in curves]
        returns = tuple(_growth(each) for each in values)
        return Period(common[0], common[-1], len(common), returns, tuple(map(_deepest, values)))

    def to_dict(self, *, everything: bool = False) -> dict[str, Any]:
        """Plain values for JSON: what differs, or everything."""
        return {
            "runs": [
                {"name": name, "hash": document["hash"], "config_hash": document.get("config_hash")}
                for name, document in zip(self.names, self.documents, strict=True)
            ],
            "same": self.is_same,
            "config": {row.path: list(row.values) for row in self.choices if everything or row.differs},
            "data": {row.path: list(row.values) for row in self.data if everything or row.differs},
            "metrics": {
                row.key: {
                    "unit": row.unit,
                    "values": list(row.values),
                    "differences": list(row.differences),
                    "standard_errors": list(row.errors),
                }
                for row in self.metrics
                if everything or row.differs
            },
            "common_period": None if self.period is None else _fields(self.period),
        }

    def text(self, *, everything: bool = False) -> str:
        """Aligned tables of what differs, or of everything."""
        from tradewright.reporting import comparison_views

        return comparison_views.text(self, everything=everything)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from tradewright.reporting import comparison_views

        return comparison_views.html(self)


def _rows(flat: Sequence[Mapping[str, Any]]) -> tuple[ChoiceRow, ...]:
    paths = dict.fromkeys(path for each in flat for path in each)
    return tuple(ChoiceRow(path, tuple(each.get(path, ABSENT) for each in flat)) for path in paths)


def _choices(document: Mapping[str, Any]) -> dict[str, Any]:
    strategies = document["strategies"]
    flat: dict[str, Any] = {}
    for at, strategy in enumerate(strategies):
        place = "strategy" if len(strategies) == 1 else f"strategies.{at}"
        _flatten(place, {name: strategy.get(name) for name in ("name", "params", "source_hash")}, flat)
    _flatten("", document["config"], flat)
    flat["code_version"] = document.get("code_version")
    return flat


def _data(document: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key in document["data"]:
        flat |= {f"{key['symbol']}.{name}": key[name] for name in _DATA if name in key and name != "symbol"}
    return flat


def _flatten(place: str, value: Any, into: dict[str, Any]) -> None:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            _flatten(f"{place}.{name}" if place else str(name), inner, into)
    else:
        into[place] = value


def _metric_row(key: str, documents: Sequence[Mapping[str, Any]]) -> MetricRow:
    values = tuple(_value(document, key) for document in documents)
    unit = next((document["metrics"][key]["unit"] for document in documents if key in document["metrics"]), "")
    first = documents[0]
    differences = [
        _less(value, values[0]) if _comparable(unit, document, first) else None
        for value, document in zip(values[1:], documents[1:], strict=True)
    ]
    error = _ERRORS.get(key)
    own = tuple(
        None if error is None or value is None else _value(document, error)
        for value, document in zip(values, documents, strict=True)
    )
    errors = [
        None if document["hash"] == first["hash"] else _joint(one, own[0])
        for one, document in zip(own[1:], documents[1:], strict=True)
    ]
    return MetricRow(key, unit, values, (None, *differences), (None, *errors), own)


def _comparable(unit: str, document: Mapping[str, Any], first: Mapping[str, Any]) -> bool:
    """Whether one may be taken from the other: money only from money of the same currency."""
    return unit not in MONEY or document["config"].get("currency") == first["config"].get("currency")


def _value(document: Mapping[str, Any], key: str) -> float | None:
    found: float | None = document["metrics"].get(key, {}).get("value")
    return found


def _joint(error: float | None, first: float | None) -> float | None:
    return None if error is None or first is None else math.hypot(error, first)


def _less(value: float | None, first: float | None) -> float | None:
    return None if value is None or first is None else value - first


def _growth(values: Sequence[float]) -> float | None:
    return values[-1] / values[0] - 1.0 if values[0] else None


def _deepest(values: Sequence[float]) -> float | None:
    peak, deepest = values[0], 0.0
    for value in values:
        peak = max(peak, value)
        deepest = min(deepest, value / peak - 1.0) if peak > 0 else deepest
    return deepest


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
