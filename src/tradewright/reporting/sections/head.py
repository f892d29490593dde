"""What a reader sees first: the headline, the trust bar, the warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import formatting, presentation
from tradewright.reporting.blocks import changed, number
from tradewright.reporting.doubt import Severity
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.section_registry import report_section
from tradewright.reporting.trust import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradewright.reporting.doubt import ResultWarning
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.metrics import Metrics
    from tradewright.reporting.trust import Chip

__all__ = ["chip_list", "headline", "trust", "verdict", "warning_list", "warnings"]

_CHIP_ICONS = {
    State.OK: "✓ ok",
    State.NOTICE: "· notice",
    State.WARN: "! warn",
    State.FAIL: "✕ fail",
    State.NOT_COMPUTED: "–",
}
_MARKS = {Severity.NOTICE: "·", Severity.WARN: "!", Severity.FAIL: "✕"}
_WORDS = {Severity.NOTICE: "notice", Severity.WARN: "warning", Severity.FAIL: "failure"}


@report_section("headline", title="")
def headline(findings: Findings) -> Markup:
    """The numbers a result is introduced with; a failing trust state adds the word."""
    metrics, currency = findings.metrics, findings.record.config.currency
    tiles = [_tile(metrics, key, currency) for key in presentation.HEADLINE]
    return join(tag("dl", *tiles, class_=_headline_class(findings)), verdict(findings))


@report_section("trust", title="", after="headline")
def trust(findings: Findings) -> Markup:
    """The trust bar."""
    return chip_list(findings.trust)


@report_section("warnings", title="", after="trust")
def warnings(findings: Findings) -> Markup | None:
    """Each warning with its mark; nothing where there is none."""
    return warning_list(findings.warnings)


def verdict(findings: Findings) -> Markup | None:
    """The word that stands with a headline that cannot be relied on, and what fails."""
    failing = ", ".join(chip.label.lower() for chip in findings.trust if chip.state is State.FAIL)
    return tag("p", f"✕ unreliable: {failing}", class_="verdict") if failing else None


def chip_list(found: Iterable[Chip]) -> Markup:
    """Chips in their order, each icon, word and value."""
    items = [
        tag(
            "li",
            tag("div", tag("span", chip.label), tag("span", _CHIP_ICONS[chip.state], class_="word"), class_="ask"),
            tag("div", chip.value, class_="answer"),
            class_=f"chip {'none' if chip.state is State.NOT_COMPUTED else chip.state}",
            title=chip.sentence,
        )
        for chip in found
    ]
    return tag("ul", *items, class_="chips", aria_label="Trust")


def warning_list(found: tuple[ResultWarning, ...]) -> Markup | None:
    """Warnings as a list, each mark with its word for those who cannot see it."""
    if not found:
        return None
    items = [
        tag(
            "li",
            tag("span", _MARKS[warning.severity], class_="mark", aria_hidden="true"),
            tag("span", f"{_WORDS[warning.severity]}: ", class_="hidden"),
            warning.sentence,
            class_=str(warning.severity),
        )
        for warning in found
    ]
    return tag("ul", *items, class_="warnings", aria_label="Warnings")


def _headline_class(findings: Findings) -> str:
    return "headline unreliable" if findings.is_unreliable else "headline"


def _tile(metrics: Metrics, key: str, currency: str) -> Markup:
    info, value = metrics.info(key), metrics[key]
    text = presentation.metric_text(metrics, key, currency)
    shown = changed(value, text) if info.unit in presentation.CHANGES else number(text, value)
    aside = _aside(metrics, key)
    return tag(
        "div",
        tag("dt", info.label),
        tag("dd", tag("span", shown, class_="value"), tag("span", aside, class_="aside") if aside else None),
    )


def _aside(metrics: Metrics, key: str) -> str | None:
    """What stands small below a headline number."""
    reason = metrics.reason(key)
    if reason:
        return reason
    if key == "max_drawdown":
        longest = metrics["max_drawdown_duration"]
        return f"longest {formatting.duration(None if longest is None else longest * 86_400)}"
    if key == "trades":
        return f"win rate {formatting.percent(metrics['win_rate'])}" if metrics["win_rate"] is not None else None
    if key == "sharpe":
        return f"PSR {formatting.probability(metrics['psr'])}" if metrics["psr"] is not None else None
    return "buy and hold" if key == "benchmark_return" else None
