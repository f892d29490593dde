"""What a reader sees first of a search: the best with its trials, DSR and PBO, the verdict, what the numbers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import formatting, wording
from tradewright.reporting.blocks import missing, number, text_table
from tradewright.reporting.catalog import BY_KEY
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.search import texts
from tradewright.reporting.search.meanings import NOT_COMPUTED
from tradewright.reporting.verdict import saying

if TYPE_CHECKING:
    from tradewright.reporting.search.findings import SearchFindings

__all__ = ["headline", "honesty_table", "tiles"]

_OF_THE_BEST = ("total_return", "max_drawdown", "trades")

Tile = tuple[str, Markup, str | None]


def tiles(findings: SearchFindings) -> list[Tile]:
    """Label, number and small print of one row: the best, and beside it its trials, DSR and PBO."""
    honesty, own = findings.honesty, len(findings.record.trials)
    earlier = f"{own:,} in this search" if honesty.trials != own else "all in this search"
    splits = f"of overfitting, {wording.plural(honesty.pbo_splits, 'split')}" if honesty.pbo_splits else None
    return [
        _first(findings),
        ("Trials", _said(findings, "trials"), earlier),
        (
            "Deflated Sharpe",
            _said(findings, "deflated_sharpe"),
            _why(findings, "deflated_sharpe") or "DSR; 0.95 is asked for",
        ),
        ("PBO", _said(findings, "pbo"), _why(findings, "pbo") or splits),
    ]


def headline(findings: SearchFindings) -> Markup:
    """The numbers a search is introduced with; a failing trust state adds the word."""
    shown = [*tiles(findings), *_of_the_best(findings)]
    cells = [
        tag("div", tag("dt", label),
            tag("dd", tag("span", text, class_="value"), tag("span", aside, class_="aside") if aside else None))
        for label, text, aside in shown
    ]  # fmt: skip
    class_ = "headline four unreliable" if findings.is_unreliable else "headline four"
    best = f"Best: {texts.parameters(findings.best)}" if findings.best is not None else None
    return join(
        tag("dl", *cells, class_=class_),
        tag("p", best, class_="sub best") if best else None,
        saying(findings.verdict, findings.trust),
    )


def honesty_table(findings: SearchFindings) -> Markup:
    """Every number about luck with what it means, or why it is absent."""
    head = [("", False), ("Value", True), ("What it means", False)]
    rows = [
        (row.label, missing(row.reason) if row.reason else number(row.text, row.number),
         row.meaning if row.reason is None else f"{row.meaning} – {_absent(row.reason)}")
        for row in findings.honesty_rows
    ]  # fmt: skip
    return text_table(head, rows, "How likely the best is luck", "meanings")


def _first(findings: SearchFindings) -> Tile:
    """The first objective of the best, and small its Sharpe ratio where something else was looked for."""
    best, objective = findings.best, findings.record.objectives[0]
    label = f"Best {texts.objective_label(objective)}"
    if best is None:
        return label, missing("no trial has a value"), "no trial has a value"
    beside = "" if objective.name == "sharpe" else f", Sharpe {formatting.ratio(findings.honesty.best_sharpe)}"
    return label, number(findings.written(best.value), best.value), f"in sample{beside}"


def _of_the_best(findings: SearchFindings) -> list[Tile]:
    honesty = findings.honesty
    found: list[Tile] = [("Sharpe of luck", _said(findings, "expected_best_sharpe"), "best of so many without skill")]
    if findings.best is None:
        return found
    objectives = findings.record.objectives
    for place, (objective, value) in enumerate(zip(objectives[1:], findings.best.values[1:], strict=False), 1):
        found.append((texts.objective_label(objective), number(findings.written(value, place), value), "of the best"))
    looked_for = {objective.name for objective in objectives}
    currency = findings.record.config.currency
    for key in _OF_THE_BEST:
        value = findings.best.metrics.get(key)
        if key in looked_for or value is None:
            continue
        found.append((BY_KEY[key].label, number(texts.metric_text(key, value, currency), value), "of the best"))
    benchmark = None if findings.best_result is None else findings.best_result.metrics["benchmark_return"]
    if benchmark is not None:
        found.append(
            (BY_KEY["benchmark_return"].label, number(formatting.returns(benchmark), benchmark), "buy and hold")
        )
    if honesty.break_even_bps is not None:
        found.append(("Break-even", number(formatting.bps(honesty.break_even_bps)), "cost per traded value"))
    return found


def _absent(reason: str) -> str:
    return reason if reason == NOT_COMPUTED else f"{NOT_COMPUTED}: {reason}"


def _why(findings: SearchFindings, field: str) -> str | None:
    """Why a number is absent."""
    return next(row.reason for row in findings.honesty_rows if row.field == field)


def _said(findings: SearchFindings, field: str) -> Markup:
    row = next(row for row in findings.honesty_rows if row.field == field)
    return missing(row.reason) if row.reason else number(row.text, row.number)
