"""A walk-forward as a text table: what came out of sample, fold by fold, and what to doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.reporting import formatting, presentation, wording
from tradewright.reporting.search.space import number_text
from tradewright.reporting.summary import aligned, doubt_lines, trust_lines
from tradewright.reporting.verdict import verdict_line
from tradewright.reporting.walk.folds import fold_return, parameter_names, positive_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.walk import Fold
    from tradewright.reporting.walk.findings import WalkFindings
    from tradewright.reporting.walk.numbers import Steadiness

__all__ = [
    "cells", "efficiency_text", "fold_head", "one_line", "settings_text", "settings_words", "stability_row",
    "stability_rows", "summary",
]  # fmt: skip

_SHOWN = ("total_return", "benchmark_return", "cagr", "sharpe", "max_drawdown", "trades", "total_costs")


def summary(findings: WalkFindings) -> str:
    """The whole walk as aligned text; each section begins with its name."""
    blocks = [
        _head(findings),
        _out_of_sample(findings),
        _folds(findings),
        _stability(findings),
        trust_lines(findings.trust),
        doubt_lines(findings.warnings),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def one_line(findings: WalkFindings) -> str:
    """Strategy, symbols, period and what came out of sample, in one line."""
    record, metrics = findings.result.record, findings.result.metrics
    good, folds = positive_share(findings.record)
    shown = ", ".join(
        f"{metrics.info(key).label.lower()} {presentation.metric_text(metrics, key, findings.currency)}"
        for key in ("total_return", "sharpe", "max_drawdown")
    )
    return (
        f"{wording.title(record)} · {wording.period(record)} out of sample: {shown}, {good} of {folds} folds with a"
        f" gain, efficiency {efficiency_text(findings)} · {findings.verdict.word}"
    )


def efficiency_text(findings: WalkFindings) -> str:
    """Overall efficiency in percent."""
    return formatting.percent(findings.numbers.efficiency)


def settings_text(findings: WalkFindings) -> str:
    """The windows as they were asked for."""
    return settings_words(findings.record.settings)


def settings_words(settings: Mapping[str, Any]) -> str:
    """Windows in words."""
    return ", ".join(f"{name} {wording.described(value)}" for name, value in settings.items())


def fold_head(findings: WalkFindings) -> list[str]:
    """Heads of `cells`."""
    what = findings.objective
    return ["Fold", "Train", "Test", *parameter_names(findings.record), "Trials", f"{what}, train", f"{what}, test",
            "Efficiency", "Return, test", "Trades"]  # fmt: skip


def cells(findings: WalkFindings, fold: Fold) -> list[str]:
    """A fold as text; what has no value reads n/a."""
    window = fold.window
    chosen = fold.params or {}
    return [
        f"{window.number}",
        f"{window.train_start} … {window.train_end}",
        f"{window.test_start} … {window.test_end}{' (part)' if window.is_partial else ''}",
        *(number_text(chosen[name]) if name in chosen else "–" for name in parameter_names(findings.record)),
        f"{len(fold.search.trials):,}",
        findings.written(fold.train_value),
        findings.written(fold.test_value),
        formatting.percent(fold.efficiency),
        formatting.returns(fold_return(fold)),
        f"{0 if fold.test is None else len(fold.test.trades['net']):,}",
    ]


def stability_rows(findings: WalkFindings) -> list[list[str]]:
    """Name, usual choice with its share, share of changes, dispersion or why there is none."""
    return list(map(stability_row, findings.numbers.stability))


def stability_row(each: Steadiness) -> list[str]:
    """The same of one parameter."""
    return [
        each.name,
        f"{number_text(each.usual)} ({formatting.percent(each.usual_share)})" if each.usual is not None else "–",
        formatting.percent(each.changes),
        formatting.number(each.dispersion, 2),
        each.reason or "",
    ]


def _head(findings: WalkFindings) -> list[str]:
    record = findings.result.record
    config = record.config
    choices = {
        "Walk": f"{wording.plural(len(findings.record.folds), 'fold')}, {settings_text(findings)}",
        "Chosen by": f"{findings.objective}, in training",
        "Cash": f"{formatting.money(config.cash, config.currency)} {config.currency}",
        "Costs": wording.costs(config),
        "Fills": wording.fill_rule(config),
    }
    lines = [f"  {name:<12}{text}" for name, text in choices.items()]
    return [wording.title(record), f"{wording.period(record)}, out of sample", "", "Choices", *lines]


def _out_of_sample(findings: WalkFindings) -> list[str]:
    metrics = findings.result.metrics
    lines = ["Out of sample", f"  {verdict_line(findings.verdict)}"]
    for key in _SHOWN:
        text = presentation.metric_text(metrics, key, findings.currency)
        unit = presentation.unit_text(metrics.info(key), findings.currency)
        tail = f" ({metrics.reason(key)})" if metrics[key] is None else unit
        lines.append(f"  {metrics.info(key).label:<22}{text:>14} {tail}".rstrip())
    said = "annual return out of sample ÷ in training"
    reason = findings.numbers.efficiency_reason
    tail = said if findings.numbers.efficiency is not None else f"({reason or 'not computed'})"
    return [*lines, f"  {'Efficiency':<22}{efficiency_text(findings):>14}  {tail}"]


def _folds(findings: WalkFindings) -> list[str]:
    rows = [cells(findings, fold) for fold in findings.record.folds]
    reasons = [f"  fold {fold.window.number}: {fold.reason}" for fold in findings.record.folds if fold.reason]
    return ["Folds", *aligned([fold_head(findings), *rows]), *reasons]


def _stability(findings: WalkFindings) -> list[str]:
    rows = stability_rows(findings)
    if not rows:
        return []
    head = ["", "usual", "changed", "dispersion", ""]
    note = "  dispersion: 0 never moved, 0.29 is what chance would do, 0.5 jumps between the ends"
    return ["Parameters over the folds", *(line.rstrip() for line in aligned([head, *rows])), note]
