"""A comparison as text and as a piece of a page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from tradewright.reporting import formatting, presentation
from tradewright.reporting.metric_registry import all_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradewright.reporting.comparison import ChoiceRow, Comparison, MetricRow

__all__ = ["ABSENT", "html", "text"]

ABSENT = "–"
"""What stands where a run has no such choice, or no difference can be given."""

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
    currencies = comparison.currencies
    units = [_unit(row.unit, currency, several=len(set(currencies)) > 1) for currency in currencies]
    known = zip(row.values, currencies, row.own_errors, units, strict=True)
    values = [
        presentation.value_text(value, row.unit, currency, error) + (unit if value is not None else "")
        for value, currency, error, unit in known
    ]
    differences = [_difference(row, at, currencies[0]) for at in range(1, len(row.values))]
    return [_label(row, currencies), *values, *differences]


def _label(row: MetricRow, currencies: tuple[str, ...]) -> str:
    """What the metric is called, with the currency where there is one for all."""
    label = next((info.label for info in all_metrics() if info.key == row.key), row.key)
    return f"{label}, {currencies[0]}" if row.unit in presentation.MONEY and len(set(currencies)) == 1 else label


def _unit(unit: str, currency: str, *, several: bool) -> str:
    """What stands behind each number: what is counted, and the currency where the runs have several."""
    word = (currency if several else "") if unit in presentation.MONEY else presentation.COUNTED.get(unit, "")
    return f" {word}" if word else ""


def _difference(row: MetricRow, at: int, currency: str) -> str:
    value = row.differences[at]
    return ABSENT if value is None else presentation.difference_text(value, row.unit, currency, row.errors[at])


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
