"""The one-file HTML report and the notebook card: self-contained, the same bytes for the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import curves, formatting, presentation, section_registry, wording, zones
from tradewright.reporting.blocks import changed, headline_tiles
from tradewright.reporting.markup import Markup, fill, join, tag
from tradewright.reporting.page import Page, Part, render
from tradewright.reporting.sections import BUILT_IN
from tradewright.reporting.sections.head import chip_list, verdict, warning_list
from tradewright.reporting.times import Times

if TYPE_CHECKING:
    from tradewright.quant.arrays import FloatArray
    from tradewright.reporting.findings import Findings

__all__ = ["card", "report", "sections", "spark"]

_CARD_METRICS = ("total_return", "cagr", "sharpe", "max_drawdown", "trades", "total_costs")
_SPARK_POINTS = 240


def report(findings: Findings, library: str) -> str:
    """A whole page: opens offline, light and dark, on a phone and on a wall, and prints to A4.

    Parameters
    ----------
    findings : Findings
    library : str
        The text of plotly.js, inlined once.
    """
    record = findings.record
    ordered = section_registry.arranged(sections())
    contents = [(section, section_registry.shown(section, findings)) for section in ordered]
    return render(
        Page(
            title=f"{wording.title(record)} · backtest",
            badge="BACKTEST",
            version=record.code_version,
            is_synthetic=record.is_synthetic,
            head=_title(findings),
            parts=[Part(each.name, each.title, content) for each, content in contents if content is not None],
            footer=_footer(findings),
            printed=f"{wording.title(record)} · {wording.period(record)} · record {record.hash[:16]}",
            scripts=("report.js", "trades.js"),
        ),
        library,
    )


def sections() -> list[section_registry.ReportSection]:
    """The built-in sections in the order of their chain, then those of users and packages by name."""
    return [*BUILT_IN, *(each for each in section_registry.SECTIONS.values().values() if each not in BUILT_IN)]


def card(findings: Findings) -> str:
    """A small self-contained card for notebooks: headline numbers, a line of equity, the warnings."""
    record, metrics = findings.record, findings.metrics
    currency = record.config.currency
    tiles = ((metrics.info(key).label, _card_number(findings, key)) for key in _CARD_METRICS)
    cash = f"{formatting.money(record.config.cash, currency)} {currency}"
    return fill(
        "card.html",
        title=wording.title(record),
        period=f"{wording.period(record)} · cash {cash} · costs {wording.costs(record.config)}",
        tiles=headline_tiles(tiles),
        spark=spark(record.equity[record.timeline.first_row :]),
        reliability="n unreliable" if findings.is_unreliable else "n",
        verdict=verdict(findings) or "",
        chips=chip_list(findings.trust),
        warnings=warning_list(findings.warnings) or "",
        identity=f"record {record.hash[:12]}",
    )


def _card_number(findings: Findings, key: str) -> Markup:
    metrics = findings.metrics
    text = presentation.metric_text(metrics, key, findings.record.config.currency)
    if metrics.info(key).unit in presentation.CHANGES:
        return changed(metrics[key], text)
    unit = presentation.unit_text(metrics.info(key), findings.record.config.currency)
    return tag("span", f"{text} {unit}".rstrip(), title=metrics.reason(key))


def _title(findings: Findings) -> Markup:
    record = findings.record
    named = [f"{strategy.name}({wording.parameters(strategy.params)})" for strategy in record.strategies]
    return join(
        tag("h1", wording.title(record)),
        tag("p", f"{wording.period(record)} · {' · '.join(named)}", class_="sub"),
    )


def _clock(times: Times) -> str:
    return "Times are UTC. " if times.zone == zones.UTC else f"Times are those of {times.city}, with UTC beside them. "


def _footer(findings: Findings) -> Markup:
    record = findings.record
    times = Times(record)
    clock = "Dates are sessions. " if not times.intraday else _clock(times)
    return join(
        clock,
        f"Tradewright {record.code_version}. The same code, data, configuration and seed give the same bytes. Record ",
        tag("code", record.hash[:16]),
        f". Bars {len(record.timeline):,}, of which {record.timeline.first_row:,} warmed up.",
    )


def spark(equity: FloatArray) -> Markup:
    """A curve as one line of an inline drawing."""
    if len(equity) < 2:
        return Markup("")
    rows = curves.keep_extremes((equity,), _SPARK_POINTS)
    low, high = float(equity.min()), float(equity.max())
    across = rows / (len(equity) - 1) * 600.0
    down = 76.0 - (equity[rows] - low) / ((high - low) or 1.0) * 72.0
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
    line = Markup(f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1.5"/>')
    return tag("svg", line, viewBox="0 0 600 80", preserveAspectRatio="none", role="img", aria_label="Equity")
