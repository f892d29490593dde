"""A search as a text table: the best with its trials, DSR and PBO beside it, what they mean, and what to doubt."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from tradewright.reporting import formatting, wording
from tradewright.reporting.search import texts
from tradewright.reporting.search.meanings import in_a_row
from tradewright.reporting.search.space import dimension_text
from tradewright.reporting.search.trials import SHOWN_METRICS, ranked
from tradewright.reporting.summary import aligned, doubt_lines, trust_lines
from tradewright.reporting.verdict import verdict_line

if TYPE_CHECKING:
    from tradewright.domain.search import SearchRecord, Trial
    from tradewright.reporting.search.findings import SearchFindings

__all__ = ["best_line", "one_line", "summary"]

_LISTED = 10
_LABEL_WIDTH = 26
_VALUE_WIDTH = 8
_LINE = 118


def summary(findings: SearchFindings) -> str:
    """The whole search as aligned text; each section begins with its name."""
    blocks = [
        _head(findings.record),
        _best(findings),
        _honesty(findings),
        trust_lines(findings.trust),
        _top(findings),
        doubt_lines(findings.warnings),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def one_line(findings: SearchFindings) -> str:
    """Strategy, symbols, period and the best with what stands beside it, in one line."""
    record = findings.record
    best = "best " if findings.best is not None else ""
    return f"{texts.title(record)} · {texts.period(record)}: {best}{best_line(findings)}"


def best_line(findings: SearchFindings) -> str:
    """The best in a row with its trials, DSR and PBO, which are never left out."""
    best, row = findings.best, " · ".join(in_a_row(findings.honesty))
    if best is None:
        return f"nothing found · {row}"
    found = f"{texts.parameters(best)}: {_valued(findings, best)} in sample"
    return f"{found} · {row} · {findings.verdict.word}"


def _valued(findings: SearchFindings, trial: Trial) -> str:
    """What was looked for and, where that was something else, the Sharpe ratio."""
    record = findings.record
    parts = [
        f"{texts.objective_label(objective)} {findings.written(value, place)}"
        for place, (objective, value) in enumerate(zip(record.objectives, trial.values, strict=False))
    ]
    if all(objective.name != "sharpe" for objective in record.objectives):
        parts.append(f"Sharpe {formatting.ratio(findings.honesty.best_sharpe)}")
    return ", ".join(parts)


def _head(record: SearchRecord) -> list[str]:
    config = record.config
    looked_for = ", ".join(map(texts.objective_label, record.objectives))
    choices = {
        "Search": f"{texts.work(record)}, for {looked_for}, seed {record.seed}",
        **{f"  {name}": dimension_text(described) for name, described in record.space.items()},
        "Cash": f"{formatting.money(config.cash, config.currency)} {config.currency}",
        "Costs": wording.costs(config),
        "Fills": wording.fill_rule(config),
    }
    width = max(map(len, choices)) + 2
    lines = [f"  {name:<{width}}{text}" for name, text in choices.items()]
    return [texts.title(record), texts.period(record), "", "Choices", *lines]


def _best(findings: SearchFindings) -> list[str]:
    lines = ["Best", f"  {best_line(findings)}", f"  {verdict_line(findings.verdict)}"]
    if findings.best is None:
        return lines
    currency = findings.record.config.currency
    shown = [
        f"{(info.label if (info := texts.info_of(key)) else key).lower()}"
        f" {texts.metric_text(key, findings.best.metrics.get(key), currency)}"
        for key in SHOWN_METRICS
    ]
    return [*lines, f"  {', '.join(shown)}"]


def _honesty(findings: SearchFindings) -> list[str]:
    lines = ["Luck or not"]
    indent = " " * (_LABEL_WIDTH + _VALUE_WIDTH + 4)
    for row in findings.honesty_rows:
        said = row.meaning if row.reason is None else f"({row.reason})"
        head = f"  {row.label:<{_LABEL_WIDTH}}{row.text:>{_VALUE_WIDTH}}  "
        lines += wrap(said, _LINE, initial_indent=head, subsequent_indent=indent)
    return lines


def _top(findings: SearchFindings) -> list[str]:
    """The best few of the trials, under a heading that says of how many."""
    record, currency = findings.record, findings.record.config.currency
    found = ranked(record)[:_LISTED]
    if not found:
        return []
    keys = [key for key in SHOWN_METRICS if all(objective.name != key for objective in record.objectives)]
    head = ["trial", *record.space, *map(texts.objective_label, record.objectives), *map(_label, keys)]
    rows = [
        [str(trial.number), *(_param(trial, name) for name in record.space),
         *(texts.value_text(objective, value, currency)
           for objective, value in zip(record.objectives, trial.values, strict=False)),
         *(texts.metric_text(key, trial.metrics.get(key), currency) for key in keys)]
        for trial in found
    ]  # fmt: skip
    beside = " · ".join(in_a_row(findings.honesty))
    return [f"Best {len(found)} of {len(record.trials):,} in sample · {beside}", *aligned([head, *rows])]


def _label(key: str) -> str:
    info = texts.info_of(key)
    return key if info is None else info.label


def _param(trial: Trial, name: str) -> str:
    value = trial.params.get(name)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
