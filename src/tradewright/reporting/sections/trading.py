"""What the trades look like: on the price, as a distribution, on their way, and how much was at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.quant.undefined import Undefined
from tradewright.reporting import curves, formatting, shares, wording
from tradewright.reporting.activity import activity
from tradewright.reporting.blocks import changed, pane, picker, text_table
from tradewright.reporting.figures.price import MOST_CANDLES, MOST_MARKED, price_figure
from tradewright.reporting.figures.series import activity_figure
from tradewright.reporting.figures.trades import MOST_DOTS, excursion_figure, trade_figure
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.section_registry import report_section

if TYPE_CHECKING:
    from typing import Any

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.shares import Share

__all__ = ["at_work", "distribution", "excursions", "on_price"]

MOST_PICTURES = 12
"""Symbols drawn with their trades; the others are named."""

_NO_TRADES = "there are no closed trades"


@report_section("price", title="Trades on the price", after="drawdowns")
def on_price(findings: Findings) -> Markup:
    """Entries and exits on the price of each symbol; with many symbols of those that mattered most."""
    record = findings.record
    if len(record.timeline) <= record.timeline.first_row:
        raise Undefined("no bar was traded on")
    symbols = {name: number for number, name in enumerate(record.symbols)}
    ranked = [symbols[name] for name in _by_weight(record)]
    drawn = [(number, figure) for number in ranked[:MOST_PICTURES] if (figure := price_figure(record, number))]
    if not drawn:
        # Bars that a kept run could not get again say why.
        raise Undefined(getattr(record.bars, "absence", "") or "the record carries no prices")
    figures = [(_option(record, number), figure) for number, figure in drawn]
    left = tuple(_by_weight(record)[MOST_PICTURES:])
    return picker("price", "Symbol", figures, _price_caption(record, [number for number, _ in drawn], left))


@report_section("distribution", title="Returns of the trades", after="price")
def distribution(findings: Findings) -> Markup:
    """How the returns are spread, and how they go with the time held."""
    record, metrics = findings.record, findings.metrics
    if not metrics["trades"]:
        raise Undefined(_NO_TRADES)
    median = float(np.median(record.trades["return"]))
    caption = (
        f"{wording.plural(metrics['trades'] or 0, 'closed trade')} after costs:"
        f" best {formatting.returns(metrics['best_trade'])}, worst {formatting.returns(metrics['worst_trade'])}."
        f" Solid line: mean {formatting.returns(metrics['expectancy_return'])};"
        f" dotted: median {formatting.returns(median)}."
    )
    head = [("Bars held", False), ("Trades", True), ("Win rate", True), ("Mean return", True), ("Median return", True),
            (f"Net, {record.config.currency}", True)]  # fmt: skip
    rows = [_holding(share, record.config.currency) for share in shares.by_holding(record)]
    held = text_table(head, rows, "Returns by holding time", "narrow")
    return join(pane("trades", trade_figure(record), caption), tag("h3", "By holding time", class_="apart"), held)


@report_section("excursions", title="On the way: MAE and MFE", after="distribution")
def excursions(findings: Findings) -> Markup:
    """How far trades went against and for their holder before they ended."""
    record = findings.record
    count = len(record.trades["net"])
    if not count:
        raise Undefined(_NO_TRADES)
    sampled = f" {MOST_DOTS:,} of {count:,} trades, the extremes among them." if count > MOST_DOTS else ""
    caption = (
        "Each mark is a trade, as a fraction of its entry price. Left, the worst it went against its holder (MAE):"
        " gains far to the left would have met a tighter stop. Right, the best it stood at (MFE): losses far to the"
        f" right gave a profit back.{sampled}"
    )
    return pane("excursions", excursion_figure(record), caption)


@report_section("activity", title="Exposure and turnover", after="excursions")
def at_work(findings: Findings) -> Markup:
    """How much was at work, and how much was dealt."""
    record, metrics = findings.record, findings.metrics
    if not len(record.timeline.session_closes()):
        raise Undefined("no bar was traded on")
    if not metrics["fills"]:
        raise Undefined("nothing was traded, so there was neither exposure nor turnover")
    found = activity(metrics.inputs)
    caption = (
        f"In the market {formatting.percent(metrics['exposure'])} of the bars; gross exposure"
        f" {formatting.percent(metrics['gross_exposure'])} of equity on average, at most"
        f" {formatting.percent(float(np.max(found.exposure)))} at a session close. Turnover"
        f" {formatting.number(metrics['turnover'], 1)} times equity a year."
    )
    return pane("activity", activity_figure(record, found), caption)


def _by_weight(record: RunRecord) -> list[str]:
    """Symbols by the size of what they gained or lost; among equals those with trades, then as they were given."""
    found = shares.by_symbol(record)
    return [share.name for share in sorted(found, key=lambda share: (-abs(share.total), -share.trades))]


def _option(record: RunRecord, number: int) -> str:
    own = record.trades["book"].astype(np.int64) % len(record.instruments) == number
    net = formatting.money(float(record.trades["net"][own].sum()), record.config.currency, sign=True)
    return f"{record.symbols[number]} · {wording.plural(int(own.sum()), 'trade')} · {net} {record.config.currency}"


def _price_caption(record: RunRecord, numbers: list[int], left: tuple[str, ...]) -> str:
    sizes = [curves.candle_size(len(held), MOST_CANDLES) for held in _with_highs(record, numbers)]
    together = f" Each is up to {max(sizes):,} bars." if max(sizes, default=1) > 1 else ""
    sentence = (
        f"Candles, hollow where they rose and filled where they fell.{together}"
        if sizes
        else "Closes; the record carries no highs and lows."
    )
    most = max(int((record.trades["book"].astype(np.int64) % len(record.instruments) == n).sum()) for n in numbers)
    marked = f" Marked: the {MOST_MARKED} trades that gained or lost most." if most > MOST_MARKED else ""
    rest = f" Not drawn, for they mattered less: {wording.listed(left, 40)}." if left else ""
    return sentence + marked + rest


def _with_highs(record: RunRecord, numbers: list[int]) -> list[Any]:
    held = [record.bars.get(record.symbols[number]) for number in numbers]
    return [each for each in held if hasattr(each, "high")]


def _holding(share: Share, currency: str) -> tuple[Any, ...]:
    return (
        share.name,
        formatting.count(share.trades),
        formatting.percent(share.win_rate),
        changed(share.mean_return, formatting.returns(share.mean_return)),
        changed(share.median_return, formatting.returns(share.median_return)),
        changed(share.net, formatting.money(share.net, currency, sign=True)),
    )
