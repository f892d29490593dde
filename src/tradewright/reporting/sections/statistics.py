"""Every metric in its group: conventions on hover, reasons in words, what users added beside the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import metric_registry, presentation, section_registry
from tradewright.reporting.blocks import changed, number
from tradewright.reporting.catalog import BY_KEY
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.section_registry import report_section

if TYPE_CHECKING:
    from tradewright.reporting.catalog import MetricInfo
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.metrics import Metrics

__all__ = ["faults", "metric_cards", "metric_row"]

_CARDS = ("Return", "Risk-adjusted", "Trades", "Risk", "Activity", "Benchmark")


@report_section("metrics", title="Metrics", after="other_costs")
def metric_cards(findings: Findings) -> Markup:
    """Every metric in its group; those of costs stand in their own section."""
    metrics, currency = findings.metrics, findings.record.config.currency
    cards = [_card(name, infos, metrics, currency) for name, infos in _shown()]
    return tag("div", *cards, class_="cards")


@report_section("faults", title="Parts that could not be used", after="configuration")
def faults(findings: Findings) -> Markup | None:  # noqa: ARG001 - every section is called alike
    """Metrics and sections of users and packages that cannot be loaded; nothing where all can."""
    found = metric_registry.METRICS.faults() + section_registry.SECTIONS.faults()
    if not found:
        return None
    return tag("ul", *(tag("li", f"✕ {sentence}") for sentence in found), class_="fault")


def metric_row(metrics: Metrics, key: str, currency: str, *, class_: str | None = None) -> Markup:
    """One metric as a row: label, number, unit, and the reason where there is no number."""
    info, value = metrics.info(key), metrics[key]
    text = presentation.metric_text(metrics, key, currency)
    unit = presentation.unit_text(info, currency)
    shown = changed(value, text) if info.unit in presentation.CHANGES else number(text, value)
    with_unit = join(shown, tag("span", unit, class_="unit") if unit and value is not None else None)
    reason = metrics.reason(key)
    why = tag("span", reason, class_="why") if reason else None
    return tag("tr", tag("th", info.label, scope="row", title=info.convention), tag("td", with_unit, why, class_="num"),
               class_=class_)  # fmt: skip


def _shown() -> list[tuple[str, list[MetricInfo]]]:
    groups = dict(presentation.groups())
    ordered = [(name, groups[name]) for name in _CARDS]
    added = [(name, [info for info in infos if info.key not in BY_KEY])
             for name, infos in groups.items() if name not in _CARDS]  # fmt: skip
    return ordered + [(name, infos) for name, infos in added if infos]


def _card(name: str, infos: list[MetricInfo], metrics: Metrics, currency: str) -> Markup:
    rows = [metric_row(metrics, info.key, currency) for info in infos]
    return tag("div", tag("h3", name), tag("table", *rows), class_="card")
