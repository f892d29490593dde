"""The one-file HTML report and the notebook card: self-contained, the same bytes for the same run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tradewright.reporting import curves, figures, formatting, presentation, sections, trade_sections, wording
from tradewright.reporting.markup import Markup, fill, join, tag, template

if TYPE_CHECKING:
    from typing import Any

    from tradewright.quant.arrays import FloatArray
    from tradewright.reporting.findings import Findings

__all__ = ["card", "report"]

_CARD_METRICS = ("total_return", "cagr", "sharpe", "max_drawdown", "trades", "total_costs")
_SPARK_POINTS = 240


def report(findings: Findings, library: str) -> str:
    """A whole page: opens offline, light and dark, on a phone and on a wall.

    Parameters
    ----------
    findings : Findings
    library : str
        The text of plotly.js, inlined once.
    """
    record = findings.record
    body = join(
        _title(findings),
        sections.headline(findings),
        sections.chips(findings),
        sections.warnings(findings.warnings),
        _equity(findings),
        sections.monthly(record),
        sections.metric_cards(findings),
        sections.costs(findings),
        _distribution(findings),
        trade_sections.trades(record),
        sections.configuration(record),
    )
    return fill(
        "report.html",
        title=f"{wording.title(record)} · backtest",
        version=record.code_version,
        style=Markup(template("report.css")),
        synthetic=tag("span", "SYNTHETIC DATA", class_="badge synthetic") if record.is_synthetic else "",
        body=body,
        footer=_footer(findings),
        library=Markup(_inside_script(library)),
        script=Markup(template("report.js")),
    )


def card(findings: Findings) -> str:
    """A small self-contained card for notebooks: headline numbers, a line of equity, the warnings."""
    record, metrics = findings.record, findings.metrics
    currency = record.config.currency
    tiles = [
        tag("div", tag("div", metrics.info(key).label, class_="l"), tag("div", _card_number(findings, key), class_="v"))
        for key in _CARD_METRICS
    ]
    cash = f"{formatting.money(record.config.cash, currency)} {currency}"
    return fill(
        "card.html",
        title=wording.title(record),
        period=f"{wording.period(record)} · cash {cash} · costs {wording.costs(record.config)}",
        tiles=join(*tiles),
        spark=_spark(record.equity[record.timeline.first_row :]),
        warnings=sections.warnings(findings.warnings) or "",
        hash=record.hash[:12],
    )


def _card_number(findings: Findings, key: str) -> Markup:
    metrics = findings.metrics
    text = presentation.metric_text(metrics, key, findings.record.config.currency)
    if metrics.info(key).unit in presentation.CHANGES:
        return sections.changed(metrics[key], text)
    return tag("span", text, title=metrics.reason(key))


def _title(findings: Findings) -> Markup:
    record = findings.record
    named = [f"{strategy.name}({wording.parameters(strategy.params)})" for strategy in record.strategies]
    return join(
        tag("h1", wording.title(record)),
        tag("p", f"{wording.period(record)} · {' · '.join(named)}", class_="sub"),
    )


def _equity(findings: Findings) -> Markup:
    record, metrics = findings.record, findings.metrics
    rows = len(record.timeline) - record.timeline.first_row
    if rows <= 0:
        return tag("p", "There is no bar to draw.", class_="note")
    figure = figures.equity_figure(record, metrics.benchmark)
    currency = record.config.currency
    sentence = (
        f"Equity went from {formatting.money(record.config.cash, currency)} to"
        f" {formatting.money(metrics['final_equity'], currency)} {currency}; its deepest drawdown was"
        f" {formatting.percent(metrics['max_drawdown'])} and the longest took"
        f" {formatting.duration((metrics['max_drawdown_duration'] or 0.0) * 86_400)}."
    )
    sampled = (
        f" {rows:,} bars, drawn with the lowest and highest of each stretch." if rows > figures.MOST_POINTS else ""
    )
    compared = (
        " Dashed: the benchmark from the same cash." if metrics.benchmark is not None else _no_benchmark(findings)
    )
    return join(tag("h2", "Equity and drawdown"), _pane("equity", figure, sentence + compared + sampled))


def _no_benchmark(findings: Findings) -> str:
    return f" No benchmark: {findings.metrics.reason('benchmark_return')}."


def _distribution(findings: Findings) -> Markup | None:
    record, metrics = findings.record, findings.metrics
    if not metrics["trades"]:
        return None
    sentence = (
        f"{wording.plural(metrics['trades'] or 0, 'closed trade')}: best {formatting.returns(metrics['best_trade'])},"
        f" worst {formatting.returns(metrics['worst_trade'])},"
        f" mean {formatting.returns(metrics['expectancy_return'])} after costs."
    )
    return join(tag("h2", "Returns of the trades"), _pane("trades", figures.trade_figure(record), sentence))


def _pane(name: str, figure: dict[str, Any], caption: str) -> Markup:
    """A figure, its data beside it, and the sentence that says what it shows."""
    height = f"min-height: {figure['layout']['height']}px"
    written = json.dumps(figure, sort_keys=True, separators=(",", ":"), allow_nan=False)
    data = tag("script", Markup(_inside_script(written)), type="application/json", id=f"figure-{name}")
    drawing = tag("div", data_figure=f"figure-{name}", id=f"plot-{name}", class_="plot", style=height,
                  role="img", aria_label=caption)  # fmt: skip
    return join(data, tag("figure", drawing, tag("figcaption", caption)))


def _inside_script(text: str) -> str:
    """Text that cannot end the element it stands in."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _footer(findings: Findings) -> Markup:
    record = findings.record
    return join(
        f"Tradewright {record.code_version}. The same code, data, configuration and seed give the same bytes. Record ",
        tag("code", record.hash[:16]),
        f". Bars {len(record.timeline):,}, of which {record.timeline.first_row:,} warmed up.",
    )


def _spark(equity: FloatArray) -> Markup:
    """The equity as one line of an inline drawing."""
    if len(equity) < 2:
        return Markup("")
    rows = curves.keep_extremes((equity,), _SPARK_POINTS)
    low, high = float(equity.min()), float(equity.max())
    across = rows / (len(equity) - 1) * 600.0
    down = 76.0 - (equity[rows] - low) / ((high - low) or 1.0) * 72.0
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
    line = Markup(f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1.5"/>')
    return tag("svg", line, viewBox="0 0 600 80", preserveAspectRatio="none", role="img", aria_label="Equity")
