"""What happened to the money: equity and drawdown, months, years, rolling ratios, the worst drawdowns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.quant.rolling import rolling_sharpe, rolling_volatility
from tradewright.quant.undefined import Undefined
from tradewright.reporting import curves, drawdowns, formatting
from tradewright.reporting.blocks import changed, pane, table, text_table
from tradewright.reporting.figures.equity import equity_figure, wants_log
from tradewright.reporting.figures.layout import MOST_POINTS
from tradewright.reporting.figures.series import rolling_figure
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.section_registry import report_section
from tradewright.reporting.times import Times

if TYPE_CHECKING:
    from tradewright.domain.record import RunRecord
    from tradewright.reporting.curves import Year
    from tradewright.reporting.drawdowns import Drawdown
    from tradewright.reporting.findings import Findings

__all__ = ["equity", "monthly", "rolling", "rolling_window", "worst_drawdowns", "yearly"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FULL_WASH = 0.10
_SHORT_WINDOW, _LONG_WINDOW = 126, 252
_LONG_FROM = 3 * _LONG_WINDOW
_NOT_TRADED = "no bar was traded on"


@report_section("equity", title="Equity and drawdown", after="warnings")
def equity(findings: Findings) -> Markup:
    """Equity with benchmark and drawdown on one axis, a choice of scales, and the sentence."""
    record, metrics = findings.record, findings.metrics
    rows = _rows(record)
    currency = record.config.currency
    sentence = (
        f"Equity went from {formatting.money(record.config.cash, currency)} to"
        f" {formatting.money(metrics['final_equity'], currency)} {currency}; its deepest drawdown was"
        f" {formatting.percent(metrics['max_drawdown'])} and the longest took"
        f" {formatting.duration((metrics['max_drawdown_duration'] or 0.0) * 86_400)}."
    )
    sampled = f" {rows:,} bars, drawn with the lowest and highest of each stretch." if rows > MOST_POINTS else ""
    compared = (
        " Dashed: the benchmark from the same cash."
        if metrics.benchmark is not None
        else f" No benchmark: {metrics.reason('benchmark_return')}."
    )
    figure = equity_figure(record, metrics.benchmark)
    return pane("equity", figure, sentence + compared + sampled, scales=wants_log(record) is not None)


@report_section("monthly", title="Monthly returns", after="equity")
def monthly(findings: Findings) -> Markup:
    """Returns by month and year, newest year first."""
    _rows(findings.record)
    head = [("Year", False), *((month, True) for month in _MONTHS), ("Total", True)]
    rows = [_year(year) for year in reversed(curves.months(findings.record))]
    note = "In percent, from session close to session close; the first month starts from the cash."
    return join(table(head, rows, "Monthly returns", "months"), tag("p", note, class_="note"))


@report_section("yearly", title="Yearly returns", after="monthly")
def yearly(findings: Findings) -> Markup:
    """The strategy's, the benchmark's and the difference, by year."""
    record, metrics = findings.record, findings.metrics
    _rows(record)
    own = curves.months(record)
    prices = metrics.benchmark
    held = {} if prices is None else {year.year: year.total for year in curves.months_of(record, prices)}
    head = [("Year", False), ("Strategy", True), *([("Benchmark", True), ("Difference, points", True)] if held else [])]
    rows = [(str(year.year), *_compared(year.total, held.get(year.year))[: len(head) - 1]) for year in reversed(own)]
    why = "" if prices is not None else f" No benchmark: {metrics.reason('benchmark_return')}."
    note = f"The first and last year are as long as the run is in them.{why}"
    return join(text_table(head, rows, "Yearly returns", "narrow"), tag("p", note, class_="note"))


@report_section("rolling", title="Rolling Sharpe and volatility", after="yearly")
def rolling(findings: Findings) -> Markup:
    """Sharpe and volatility over a window that moves along the session closes."""
    record, run = findings.record, findings.metrics.inputs
    _rows(record)
    returns = run.returns
    window, unit = rolling_window(len(returns)), "sessions" if run.periods > 52 else "bars"
    if len(returns) <= window:
        raise Undefined(f"the run has {len(returns):,} returns and the window is {window} {unit}")
    sharpe = rolling_sharpe(returns, window, run.periods, run.risk_free)
    volatility = rolling_volatility(returns, window, run.periods)
    defined = sharpe[np.isfinite(sharpe)]
    if not len(defined):
        raise Undefined(f"in no window of {window} {unit} do the returns vary")
    caption = (
        f"Sharpe a year over {window} {unit}, from {formatting.ratio(float(defined.min()))} to"
        f" {formatting.ratio(float(defined.max()))}, at the end {formatting.ratio(float(sharpe[-1]))}."
        " Gaps: before the first whole window, and where returns do not vary."
    )
    return pane("rolling", rolling_figure(record, sharpe, volatility, f"{window} {unit}"), caption)


def rolling_window(returns: int) -> int:
    """Half a year of sessions, or a whole one from three years on."""
    return _LONG_WINDOW if returns >= _LONG_FROM else _SHORT_WINDOW


@report_section("drawdowns", title="Worst drawdowns", after="rolling")
def worst_drawdowns(findings: Findings) -> Markup:
    """The ten deepest: peak, valley, recovery, depth, lengths; open ones said."""
    record = findings.record
    _rows(record)
    found = drawdowns.worst(record)
    if not found:
        raise Undefined("equity never fell below a peak")
    times = Times(record)
    zone = f", {times.city}" if times.intraday else ""
    head = [("#", True), ("Depth", True), (f"Peak{zone}", False), (f"Valley{zone}", False), (f"Recovery{zone}", False),
            ("Length", True), ("Valley to recovery", True)]  # fmt: skip
    rows = [_drawdown(rank, each, times) for rank, each in enumerate(found, 1)]
    return text_table(head, rows, "Worst drawdowns")


def _drawdown(rank: int, each: Drawdown, times: Times) -> tuple[str, ...]:
    peak, valley = times.points(np.array([each.peak, each.valley]))
    back = "open at the end" if each.recovery is None else times.points(np.array([each.recovery]))[0]
    rise = each.days_to_recover
    return (
        str(rank),
        changed(each.depth, formatting.percent(each.depth)),
        peak,
        valley,
        back,
        _length(each.days, times) + (" so far" if each.recovery is None else ""),
        "–" if rise is None else _length(rise, times),
    )


def _length(days: float, times: Times) -> str:
    """Days as a length; of whole sessions in whole days, for an hour of daylight saving says nothing."""
    return formatting.duration((days if times.intraday else float(round(days))) * 86_400)


def _rows(record: RunRecord) -> int:
    """Rows that were traded on; nothing below can be shown without one."""
    rows = len(record.timeline) - record.timeline.first_row
    if rows <= 0:
        raise Undefined(_NOT_TRADED)
    return rows


def _compared(own: float, held: float | None) -> tuple[Markup, Markup, Markup]:
    difference = None if held is None else own - held
    points = formatting.number(None if difference is None else difference * 100, 2, sign=True)
    return (
        changed(own, formatting.returns(own)),
        changed(held, formatting.returns(held)),
        changed(difference, points),
    )


def _year(year: Year) -> Markup:
    cells = [_month(value) for value in year.months]
    full = repr(year.total) if np.isfinite(year.total) else None
    total = tag("td", _bare_percent(year.total), class_=f"num total {_tone(year.total)}", title=full)
    return tag("tr", tag("th", str(year.year), scope="row"), *cells, total)


def _month(value: float | None) -> Markup:
    if value is None or not np.isfinite(value):
        return tag("td", "" if value is None else formatting.NOT_AVAILABLE, class_="num")
    tint = "--gain-wash" if value >= 0 else "--loss-tint"
    strength = min(abs(value) / _FULL_WASH, 1.0) * 0.30
    style = f"background: rgba(var({tint}), {strength:.2f})"
    return tag("td", _bare_percent(value), class_="num", style=style, title=repr(value))


def _bare_percent(value: float) -> str:
    return formatting.percent(value, sign=True).removesuffix(" %")


def _tone(value: float) -> str:
    return "gain" if value > 0 else "loss" if value < 0 else ""
