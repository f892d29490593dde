"""A result as a text table: what ran, under which choices, what came out, and what to doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import formatting, presentation, wording
from tradewright.reporting.doubt import Severity
from tradewright.reporting.formatting import NOT_AVAILABLE
from tradewright.reporting.trust import STATE_WORDS, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.catalog import MetricInfo
    from tradewright.reporting.doubt import ResultWarning
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.metrics import Metrics
    from tradewright.reporting.trust import Chip

__all__ = ["aligned", "doubt_lines", "one_line", "summary", "trust_lines"]

_MARKS = {Severity.NOTICE: "·", Severity.WARN: "!", Severity.FAIL: "✕"}
_LABEL_WIDTH = 27
_VALUE_WIDTH = 16


def summary(findings: Findings) -> str:
    """The whole result as aligned text; each section begins with its name."""
    record, metrics = findings.record, findings.metrics
    blocks = [
        _head(record),
        _choices(record),
        trust_lines(findings.trust),
        *(_group(metrics, name, infos, record.config.currency) for name, infos in presentation.groups()),
        doubt_lines(findings.warnings),
    ]
    return "\n\n".join("\n".join(block) for block in blocks)


def one_line(findings: Findings) -> str:
    """Strategy, symbols, period and the headline numbers in one line."""
    record, metrics = findings.record, findings.metrics
    currency = record.config.currency
    shown = [
        f"{metrics.info(key).label.lower()} {presentation.metric_text(metrics, key, currency)}"
        for key in ("total_return", "sharpe", "max_drawdown", "trades")
    ]
    return f"{wording.title(record)} · {wording.period(record)}: {', '.join(shown)}"


def _head(record: RunRecord) -> list[str]:
    lines = [wording.title(record), wording.period(record)]
    named = [(strategy.name, wording.parameters(strategy.params)) for strategy in record.strategies if strategy.params]
    return lines + [f"{name}({params})" for name, params in named]


def _choices(record: RunRecord) -> list[str]:
    config = record.config
    cash = f"{formatting.money(config.cash, config.currency)} {config.currency}"
    choices = {
        "Cash": cash,
        "Costs": wording.costs(config),
        "Fills": wording.fill_rule(config),
        "Sizing": wording.sizing(config),
        "Limits": wording.limits(config),
        "Seed": str(config.seed),
    }
    return ["Choices", *(f"  {name:<10}{text}" for name, text in choices.items())]


def trust_lines(chips: Sequence[Chip]) -> list[str]:
    """The eight states, as the trust bar of the report has them."""
    failing = ", ".join(chip.label.lower() for chip in chips if chip.state is State.FAIL)
    return ["Trust", *map(_chip, chips), *([f"  ✕ unreliable: {failing}"] if failing else [])]


def _chip(chip: Chip) -> str:
    value = "" if chip.state is State.NOT_COMPUTED else chip.value
    return f"  {chip.label:<16}{STATE_WORDS[chip.state]:<10}{value}".rstrip()


def _group(metrics: Metrics, name: str, infos: list[MetricInfo], currency: str) -> list[str]:
    lines = [name]
    for info in infos:
        value = presentation.metric_text(metrics, info.key, currency)
        reason = metrics.reason(info.key)
        tail = f"({reason})" if value == NOT_AVAILABLE and reason else presentation.unit_text(info, currency)
        lines.append(f"  {info.label:<{_LABEL_WIDTH}}{value:>{_VALUE_WIDTH}} {tail}".rstrip())
    return lines


def doubt_lines(warnings: Sequence[ResultWarning]) -> list[str]:
    """The warnings, each with its mark."""
    if not warnings:
        return ["Warnings", "  none"]
    return ["Warnings", *(f"  {_MARKS[warning.severity]} {warning.sentence}" for warning in warnings)]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines, every column set to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
