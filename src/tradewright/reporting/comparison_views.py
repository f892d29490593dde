"""A comparison as text and as a piece of a page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from tradewright.reporting import formatting
from tradewright.reporting.catalog import BY_KEY, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradewright.reporting.comparison import ChoiceRow, Comparison, MetricRow

__all__ = ["ABSENT", "html", "text"]

ABSENT = "–"
"""What stands where a run has no such choice, or no difference can be given."""

_POINTS = frozenset({Unit.RETURN, Unit.FRACTION, Unit.PROBABILITY})
"""Units whose differences are percentage points."""

_MONEY = frozenset({Unit.MONEY, Unit.PROFIT})
_HASH_SHOWN, _TEXT_SHOWN = 12, 48

Table = tuple[str, list[str], list[list[str]]]


def text(comparison: Comparison, *, everything: bool = False) -> str:
    """Aligned tables under their headings."""
    lines = [_headline(comparison)]
    for heading, columns, rows in _tables(comparison, everything=everything):
        lines += ["", heading, *_aligned([columns, *rows])]
    return "\n".join(lines)


def html(comparison: Comparison) -> str:
    """The same as tables of a page."""
    parts = [f"<p>{escape(_headline(comparison))}</p>"]
    for heading, columns, rows in _tables(comparison, everything=False):
        head = "".join(f"<th>{escape(column)}</th>" for column in columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        parts.append(f"<h4>{escape(heading)}</h4><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    return "<div>" + "".join(parts) + "</div>"


def _headline(comparison: Comparison) -> str:
    count = len(comparison.names)
    if comparison.is_same:
        return (
            f"{' and '.join(comparison.names)} are the same run: hash {comparison.documents[0]['hash'][:_HASH_SHOWN]}."
        )
    where = [name for name, rows in (("choices", comparison.choices), ("data", comparison.data)) if _any_differs(rows)]
    if not where:
        return f"{count} runs with the same choices and data, and different results."
    return f"{count} runs; they differ in {' and '.join(where)}."


def _any_differs(rows: Sequence[ChoiceRow]) -> bool:
    return any(row.differs for row in rows)


def _tables(comparison: Comparison, *, everything: bool) -> Iterator[Table]:
    names = list(comparison.names)
    for heading, found in (("Choices", comparison.choices), ("Data", comparison.data)):
        rows = [[row.path, *map(_shown, row.values)] for row in found if everything or row.differs]
        if rows:
            yield heading, ["", *names], rows
    measured = [_metric(comparison, row) for row in comparison.metrics if everything or row.differs]
    if measured:
        others = [f"{name} − {names[0]}" for name in names[1:]]
        yield "Metrics", ["", *names, *others], measured
    if comparison.period is not None:
        yield _period(comparison, names)


def _period(comparison: Comparison, names: list[str]) -> Table:
    period = comparison.period
    assert period is not None  # noqa: S101 - asked by the caller
    heading = f"Equity over the {period.sessions:,} sessions they share, {period.first} to {period.last}"
    rows = [
        ["Total return", *map(formatting.returns, period.returns)],
        ["Deepest fall of the closes", *map(formatting.returns, period.drawdowns)],
    ]
    return heading, ["", *names], rows


def _metric(comparison: Comparison, row: MetricRow) -> list[str]:
    info = BY_KEY.get(row.key)
    values = [
        _value(row.unit, value, document["config"].get("currency", ""))
        for value, document in zip(row.values, comparison.documents, strict=True)
    ]
    differences = [_difference(row, at) for at in range(1, len(row.values))]
    return [info.label if info else row.key, *values, *differences]


def _value(unit: str, value: float | None, currency: str) -> str:
    if value is None:
        return "n/a"
    if unit in _MONEY:
        return formatting.money(value, currency, sign=unit == Unit.PROFIT)
    if unit == Unit.RETURN:
        return formatting.returns(value)
    if unit in _POINTS:
        return formatting.percent(value)
    return formatting.count(int(value)) if unit == Unit.COUNT else f"{value:,.2f}"


def _difference(row: MetricRow, at: int) -> str:
    value, error = row.differences[at], row.errors[at]
    if value is None:
        return ABSENT
    shown = f"{value * 100:+,.2f} pp" if row.unit in _POINTS else f"{value:+,.{0 if row.unit == Unit.COUNT else 2}f}"
    return shown.replace("-", "−") + (f" ± {error:.2f}" if error is not None else "")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    words = {None: "none", True: "yes", False: "no"}
    shown = words[value] if value is None or isinstance(value, bool) else str(value)
    if len(shown) == 64 and all(sign in "0123456789abcdef" for sign in shown):
        return shown[:_HASH_SHOWN]
    return shown if len(shown) <= _TEXT_SHOWN else f"…{shown[-_TEXT_SHOWN + 1 :]}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines
