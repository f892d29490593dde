"""What a reader sees first of a search: the best with its trials, DSR and PBO, the verdict, what the numbers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import formatting, wording
from tradewright.reporting.blocks import missing, number, text_table
from tradewright.reporting.catalog import BY_KEY
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.search import texts
from tradewright.reporting.trust import STATE_WORDS, State

if TYPE_CHECKING:
    from tradewright.reporting.search.findings import SearchFindings

__all__ = ["headline", "honesty_table", "saying", "tiles"]

_OF_THE_BEST = ("total_return", "max_drawdown", "trades")

Tile = tuple[str, Markup, str | None]


def tiles(findings: SearchFindings) -> list[Tile]:
    """Label, number and small print: the best, and in the same row its trials, DSR and PBO."""
    honesty, own = findings.honesty, len(findings.record.trials)
    by_field = {row.field: row for row in findings.honesty_rows}
    found = _objectives(findings)
    if all(objective.name != "sharpe" for objective in findings.record.objectives):
        found.append(("Sharpe", _said(findings, "best_sharpe"), "in sample"))
    earlier = f"{own:,} in this search" if honesty.trials != own else "in this search"
    found.append(("Trials", number(by_field["trials"].text), earlier))
    found.append(("Deflated Sharpe", _said(findings, "deflated_sharpe"), "DSR; 0.95 is asked for"))
    splits = wording.plural(honesty.pbo_splits, "split") if honesty.pbo_splits else None
    found.append(("PBO", _said(findings, "pbo"), splits))
    return found


def headline(findings: SearchFindings) -> Markup:
    """The numbers a search is introduced with; a failing trust state adds the word."""
    shown = [*tiles(findings), *_of_the_best(findings)]
    cells = [
        tag("div", tag("dt", label),
            tag("dd", tag("span", text, class_="value"), tag("span", aside, class_="aside") if aside else None))
        for label, text, aside in shown
    ]  # fmt: skip
    class_ = "headline unreliable" if findings.is_unreliable else "headline"
    return join(tag("dl", *cells, class_=class_), saying(findings))


def saying(findings: SearchFindings) -> Markup:
    """The verdict as mark, word and sentence."""
    verdict = findings.verdict
    mark = STATE_WORDS[verdict.state].split()[0]
    failing = [chip.label.lower() for chip in findings.trust if chip.state is State.FAIL]
    beside = f" Unreliable: {', '.join(failing)}." if failing else ""
    word = tag("span", f"{mark} {verdict.word}", class_="word")
    return tag("p", word, verdict.sentence + beside, class_=f"saying {_class(verdict.state)}")


def honesty_table(findings: SearchFindings) -> Markup:
    """Every number about luck with what it means, or why it is absent."""
    head = [("", False), ("Value", True), ("What it means", False)]
    rows = [
        (row.label, missing(row.reason) if row.reason else number(row.text, row.number),
         row.meaning if row.reason is None else f"{row.meaning} – not computed: {row.reason}")
        for row in findings.honesty_rows
    ]  # fmt: skip
    return text_table(head, rows, "How likely the best is luck", "prose narrow-first")


def _objectives(findings: SearchFindings) -> list[Tile]:
    best, record = findings.best, findings.record
    if best is None:
        return [(texts.objective_label(record.objectives[0]), missing("no trial has a value"), "no trial has a value")]
    params = texts.parameters(best)
    found: list[Tile] = []
    for place, (objective, value) in enumerate(zip(record.objectives, best.values, strict=False)):
        shown = findings.written(value, place)
        aside = f"in sample, {params}" if place == 0 else "of the same trial"
        found.append(
            (f"{'Best ' if place == 0 else ''}{texts.objective_label(objective)}", number(shown, value), aside)
        )
    return found


def _of_the_best(findings: SearchFindings) -> list[Tile]:
    honesty = findings.honesty
    found: list[Tile] = [("Sharpe of luck", _said(findings, "expected_best_sharpe"), "best of so many without skill")]
    if findings.best is None:
        return found
    looked_for = {objective.name for objective in findings.record.objectives}
    currency = findings.record.config.currency
    for key in _OF_THE_BEST:
        value = findings.best.metrics.get(key)
        if key in looked_for or value is None:
            continue
        found.append((BY_KEY[key].label, number(texts.metric_text(key, value, currency), value), "of the best"))
    if honesty.break_even_bps is not None:
        found.append(("Break-even", number(formatting.bps(honesty.break_even_bps)), "cost per traded value"))
    return found


def _said(findings: SearchFindings, field: str) -> Markup:
    row = next(row for row in findings.honesty_rows if row.field == field)
    return missing(row.reason) if row.reason else number(row.text, row.number)


def _class(state: State) -> str:
    return "none" if state is State.NOT_COMPUTED else str(state)
