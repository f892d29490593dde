"""A result as files for other programs: one canonical JSON document, or a folder of CSV tables."""

from __future__ import annotations

import csv
import io
import json
import math
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tradewright.domain.record import RunConfig
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.reporting import derived, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.metrics import Metrics
    from tradewright.reporting.tables import Columns

__all__ = [
    "SCHEMA_VERSION",
    "canonical",
    "chosen_text",
    "csv_text",
    "csv_writers",
    "document",
    "fields",
    "plain",
    "write_columns",
]

SCHEMA_VERSION = 2
"""Version of the JSON document (`docs/reference/result.schema.json`); it rises when a field comes, goes or changes."""

_DAILY_INDEX = "session"


def document(findings: Findings) -> dict[str, Any]:
    """The result as plain values: numbers as they are, times as ISO-8601 UTC, what is undefined as None."""
    record, metrics = findings.record, findings.metrics
    found: dict[str, Any] = plain(
        {
            "schema_version": SCHEMA_VERSION,
            "hash": record.hash,
            "config_hash": record.config_hash,
            "code_version": record.code_version,
            "config": {name: getattr(record.config, name) for name in RunConfig.__dataclass_fields__},
            "strategies": [fields(strategy) for strategy in record.strategies],
            "instruments": [instrument.to_dict() for instrument in record.instruments],
            "data": [_without(fields(key), "origin") for key in record.data],
            "synthetic": record.is_synthetic,
            "metrics": {info.key: _metric(metrics, info.key) for info in metrics.infos},
            "warnings": [fields(warning) for warning in findings.warnings],
            "trust": [fields(chip) for chip in findings.trust],
            "unreliable": findings.is_unreliable,
            "quality": None if findings.quality is None else [report.to_dict() for report in findings.quality],
            **_derived(record, metrics),
            "equity": _equity(record),
            "trades": _texts(tables.trades(record)),
            "open_positions": [fields(position) for position in record.open_positions],
        }
    )
    return found


def canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces, one line: the same result gives the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"


def csv_writers(record: RunRecord, metrics: Metrics) -> dict[str, Callable[[Path], object]]:
    """The tables by file name, each with what writes it."""
    extra = _derived(record, metrics)
    return {
        "trades.csv": lambda path: write_columns(path, _texts(tables.trades(record))),
        "fills.csv": lambda path: write_columns(path, _texts(tables.fills(record))),
        "orders.csv": lambda path: write_columns(path, _texts(tables.orders(record))),
        "equity.csv": lambda path: write_columns(path, _texts(_labelled(record))),
        **{f"{name}.csv": partial(write_columns, columns=columns) for name, columns in extra.items()},
        "metrics.csv": lambda path: _write_rows(path, _metric_rows(metrics)),
    }


def _derived(record: RunRecord, metrics: Metrics) -> dict[str, Columns]:
    """The tables of the report, by name."""
    return {
        "monthly": derived.monthly(record),
        "yearly": derived.yearly(record, metrics),
        "drawdowns": _texts(derived.drawdown_table(record)),
        "cost_scenarios": derived.cost_table(metrics),
        "contributions": derived.contributions(record),
    }


def _metric(metrics: Metrics, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {"value": metrics[key], "unit": metrics.unit(key)}
    reason = metrics.reason(key)
    return found if reason is None else {**found, "reason": reason}


def _metric_rows(metrics: Metrics) -> list[list[Any]]:
    head = ["key", "value", "unit", "reason", "convention"]
    rows = [
        [info.key, _cell(metrics[info.key]), str(info.unit), metrics.reason(info.key) or "", info.convention]
        for info in metrics.infos
    ]
    return [head, *rows]


def _equity(record: RunRecord) -> Columns:
    """Equity at session closes: label, close time, equity, drawdown of the equity marked at every bar."""
    line = record.timeline
    rows = line.session_closes()
    columns = tables.equity(record)
    chosen = rows - line.first_row
    days = (line.sessions.row_labels(len(line))[rows]).astype("datetime64[D]")
    return {
        "session": np.datetime_as_string(days).astype(object),
        "close_time": _instants(columns["close_time"][chosen]),
        "equity": columns["equity"][chosen],
        "drawdown": columns["drawdown"][chosen],
    }


def _labelled(record: RunRecord) -> Columns:
    columns = tables.equity(record)
    index = columns.pop("index")
    if record.timeline.intraday:
        return {"time": index, **columns}
    days = (index // NS_PER_DAY).astype("datetime64[D]")
    return {_DAILY_INDEX: np.datetime_as_string(days).astype(object), **columns}


def _texts(columns: Columns) -> Columns:
    """The columns with their times as ISO-8601 text."""
    return {name: _instants(column) if name in tables.TIME_COLUMNS else column for name, column in columns.items()}


def _instants(column: NDArray[Any]) -> NDArray[Any]:
    """Nanoseconds UTC as ``2024-03-01T21:00:00Z``, with as many decimals as the column needs; absent as None."""
    unit: Literal["s", "ns"] = "s" if not (column[column != tables.NAT] % 1_000_000_000).any() else "ns"
    instants: NDArray[np.datetime64] = column.astype("datetime64[ns]")
    stamps = np.datetime_as_string(instants, unit=unit, timezone="UTC").astype(object)
    stamps[column == tables.NAT] = None
    return stamps


def _without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """The fields but one: where a file lies differs between machines, and the document must not."""
    return {key: value for key, value in fields.items() if key != name}


def fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass by name."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def plain(value: Any) -> Any:
    """A value in JSON's own types; NaN and infinities become None, what JSON has no word for its text."""
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    return _plain_container(value)


def _plain_container(value: Any) -> Any:
    if hasattr(value, "items"):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | range):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return [plain(item) for item in sorted(value)]
    return plain(value.item()) if isinstance(value, np.generic) else repr(value)


def write_columns(path: Path, columns: Columns) -> None:
    """Write columns of equal length as CSV: the shortest text that reads back as the same number."""
    _write_rows(path, chain([tuple(columns)], _lines(columns)))


def csv_text(columns: Columns) -> str:
    """Columns of equal length as the text of a CSV file."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(chain([tuple(columns)], _lines(columns)))
    return stream.getvalue()


def chosen_text(columns: Columns, rows: NDArray[np.int64]) -> str:
    """Some rows of a table as the text of a CSV file, each as it stands in the file of the whole."""
    return csv_text({name: column[rows] for name, column in _texts(columns).items()})


def _lines(columns: Columns) -> Iterable[Sequence[Any]]:
    return zip(*map(_cells, columns.values()), strict=True)


def _cells(column: NDArray[Any]) -> list[Any]:
    """A column of CSV cells; a million floats are told apart once, not one by one."""
    values = column.tolist()
    if column.dtype.kind != "f":
        return [_cell(value) for value in values] if column.dtype == object else values
    return ["" if value != value else repr(value) for value in values]  # noqa: PLR0124 - only NaN differs from itself


def _write_rows(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def _cell(value: Any) -> Any:
    """A CSV cell: the shortest text that reads back as the same number, nothing for what is missing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(value) if isinstance(value, float) else value
