"""What a reader sees first of a search: the best with its trials, DSR and PBO, the verdict, what the numbers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.reporting import formatting, wording
from tradewright.reporting.blocks import missing, number, text_table
from tradewright.reporting.catalog import BY_KEY
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.search import texts
from tradewright.reporting.search.meanings import NOT_COMPUTED
from tradewright.reporting.trust import State, pbo_chip, trials_chip
from tradewright.reporting.verdict import saying

if TYPE_CHECKING:
    from tradewright.domain.honesty import SearchHonesty
    from tradewright.domain.search import Tried
    from tradewright.reporting.search.findings import SearchFindings

__all__ = ["Tile", "headline", "honesty_table", "out_of_sample", "tiles", "tiles_so_far", "written"]

_OF_THE_BEST = ("total_return", "max_drawdown", "trades")


class Tile(NamedTuple):
    """One number that a search is introduced with: how it is written, its small print, or why it is absent.

    `state` is that of a number that passes or fails; None of one that only tells.
    """

    key: str
    label: str
    text: str
    number: float | None
    aside: str | None
    reason: str | None = None
    state: State | None = None


def tiles(findings: SearchFindings) -> list[Tile]:
    """One row: the best, and beside it its trials, DSR and PBO."""
    honesty, own = findings.honesty, len(findings.record.trials)
    earlier = f"{own:,} in this search" if honesty.trials != own else "all in this search"
    splits = f"of overfitting, {wording.plural(honesty.pbo_splits, 'split')}" if honesty.pbo_splits else None
    deflated = trials_chip(honesty.trials, honesty.deflated_sharpe, honesty.reasons.get("deflated_sharpe"))
    chosen = pbo_chip(honesty.pbo, honesty.reasons.get("pbo", NOT_COMPUTED))
    return [
        _first(findings),
        _of(findings, "trials", "Trials", earlier),
        _of(findings, "deflated_sharpe", "Deflated Sharpe", "DSR; 0.95 is asked for", deflated.state),
        _of(findings, "pbo", "PBO", splits, chosen.state),
    ]


def out_of_sample(findings: SearchFindings) -> Tile:
    """What choosing the best was worth, which stands beside the best wherever there is room."""
    aside = "Sharpe of the chosen, in the other half of the time"
    return _of(findings, "out_of_sample_sharpe", "Out of sample, median", aside)


def tiles_so_far(tried: Tried, total: int | None) -> list[Tile]:
    """The same of a search that is under way: the best so far, and that nothing is known of luck yet."""
    objective, best, done = tried.objectives[0], tried.best, len(tried.trials)
    label, waiting = f"Best {texts.objective_label(objective)} so far", "it is computed of all trials at the end"
    value = None if best is None else best.value
    text = texts.value_text(objective, value, tried.currency)
    of = "how many there will be is not known" if total is None else f"of {total:,}"
    first = Tile("best", label, text, value, "in sample, so far", None if best else "no trial has a value yet")
    luck = (("deflated_sharpe", "Deflated Sharpe"), ("pbo", "PBO"), ("out_of_sample_sharpe", "Out of sample, median"))
    absent = [
        Tile(key, said, formatting.NOT_AVAILABLE, None, waiting, waiting, State.NOT_COMPUTED) for key, said in luck
    ]
    return [first, Tile("trials", "Trials", formatting.count(done), done, of), *absent]


def headline(findings: SearchFindings) -> Markup:
    """The numbers a search is introduced with; a failing trust state adds the word."""
    shown = [*tiles(findings), *_of_the_best(findings)]
    cells = [
        tag("div", tag("dt", tile.label), tag("dd", tag("span", written(tile), class_="value"),
                                              tag("span", tile.aside, class_="aside") if tile.aside else None))
        for tile in shown
    ]  # fmt: skip
    class_ = "headline four unreliable" if findings.is_unreliable else "headline four"
    best = f"Best: {texts.parameters(findings.best)}" if findings.best is not None else None
    return join(
        tag("dl", *cells, class_=class_),
        tag("p", best, class_="sub best") if best else None,
        saying(findings.verdict, findings.trust),
    )


def written(tile: Tile) -> Markup:
    """The number of a tile in a page."""
    return missing(tile.reason) if tile.reason else number(tile.text, tile.number)


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
        return Tile("best", label, formatting.NOT_AVAILABLE, None, "no trial has a value", "no trial has a value")
    beside = "" if objective.name == "sharpe" else f", Sharpe {formatting.ratio(findings.honesty.best_sharpe)}"
    return Tile("best", label, findings.written(best.value), best.value, f"in sample{beside}")


def _of_the_best(findings: SearchFindings) -> list[Tile]:
    honesty = findings.honesty
    luck = _of(findings, "expected_best_sharpe", "Sharpe of luck", "best of so many without skill")
    found: list[Tile] = [out_of_sample(findings), luck._replace(aside="best of so many without skill")]
    if findings.best is None:
        return found
    objectives = findings.record.objectives
    for place, (objective, value) in enumerate(zip(objectives[1:], findings.best.values[1:], strict=False), 1):
        label = texts.objective_label(objective)
        found.append(Tile(objective.name, label, findings.written(value, place), value, "of the best"))
    looked_for = {objective.name for objective in objectives}
    currency = findings.record.config.currency
    for key in _OF_THE_BEST:
        value = findings.best.metrics.get(key)
        if key in looked_for or value is None:
            continue
        found.append(Tile(key, BY_KEY[key].label, texts.metric_text(key, value, currency), value, "of the best"))
    return found + _beside(findings, honesty)


def _beside(findings: SearchFindings, honesty: SearchHonesty) -> list[Tile]:
    found, key = [], "benchmark_return"
    benchmark = None if findings.best_result is None else findings.best_result.metrics[key]
    if benchmark is not None:
        found.append(Tile(key, BY_KEY[key].label, formatting.returns(benchmark), benchmark, "buy and hold"))
    if honesty.break_even_bps is not None:
        text = formatting.bps(honesty.break_even_bps)
        found.append(Tile("break_even_bps", "Break-even", text, honesty.break_even_bps, "cost per traded value"))
    return found


def _absent(reason: str) -> str:
    return reason if reason == NOT_COMPUTED else f"{NOT_COMPUTED}: {reason}"


def _of(findings: SearchFindings, field: str, label: str, aside: str | None, state: State | None = None) -> Tile:
    row = next(row for row in findings.honesty_rows if row.field == field)
    return Tile(field, label, row.text, row.number, row.reason or aside, row.reason, state)
