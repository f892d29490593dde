"""Every choice of the run, the data it saw with what was found in it, and every hash needed to run it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import formatting, wording
from tradewright.reporting.blocks import text_table
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.section_registry import report_section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.quality import QualityReport
    from tradewright.domain.record import RunRecord
    from tradewright.reporting.findings import Findings

__all__ = ["configuration", "data"]

_MOST_SOURCES = 60
_MOST_FINDINGS = 40
_MOST_HASHES = 5
_MARKS = {"notice": "· notice", "warn": "! warn", "fail": "✕ fail"}


@report_section("data", title="Data", after="trades")
def data(findings: Findings) -> Markup:
    """Each series with its fingerprint, and what the quality check found in them."""
    record = findings.record
    head = [("Series", False), ("Rows", True), ("From", False), ("To", False), ("Prices", False), ("Source", False),
            ("Fingerprint", False)]  # fmt: skip
    keys = record.data
    rows = [
        (f"{key.symbol} {key.timeframe}", f"{key.rows:,}", _stamp(key.first), _stamp(key.last), key.adjustment,
         key.source, tag("code", key.fingerprint[:12], title=key.fingerprint))
        for key in keys[:_MOST_SOURCES]
    ]  # fmt: skip
    left = f"{len(keys) - _MOST_SOURCES:,} more series are in result.json." if len(keys) > _MOST_SOURCES else None
    return join(
        text_table(head, rows, "Data"), tag("p", left, class_="note") if left else None, *_quality(findings.quality)
    )


@report_section("configuration", title="Configuration", after="data")
def configuration(findings: Findings) -> Markup:
    """Every choice of the run and its hashes."""
    record = findings.record
    config = record.config
    facts: list[tuple[str, str]] = [
        *((strategy.name, wording.parameters(strategy.params) or "no parameters") for strategy in record.strategies),
        ("Cash", f"{formatting.money(config.cash, config.currency)} {config.currency}"),
        ("Costs", wording.costs(config)),
        ("Fills", wording.fill_rule(config)),
        ("Sizing", wording.sizing(config)),
        ("Limits", wording.limits(config)),
        ("Open at the end", "closed at the last close" if config.finalize else "left open and marked"),
        ("Warm-up", f"{record.timeline.first_row:,} bars; metrics from {config.metrics_from}"),
        ("Seed", str(config.seed)),
        ("Code version", record.code_version),
    ]  # fmt: skip
    rows = [_fact(name, text) for name, text in facts]
    rows += [_fact(name, tag("code", text)) for name, text in _hashes(record)]
    return tag("table", *rows, class_="facts")


def _hashes(record: RunRecord) -> list[tuple[str, str]]:
    found = [("Configuration hash", record.config_hash), ("Record hash", record.hash)]
    sources = [(f"Source of {each.name}", each.source_hash) for each in record.strategies]
    found += [(name, value) for name, value in sources if value]
    return found + [(f"Data {key.symbol} {key.timeframe}", key.fingerprint) for key in record.data[:_MOST_HASHES]]


def _quality(reports: Sequence[QualityReport] | None) -> list[Markup]:
    title = tag("h3", "What the quality check found", class_="apart")
    if reports is None:
        return [title, tag("p", "The data was not checked.", class_="note")]
    found = [(report, finding) for report in reports for finding in report.findings]
    if not found:
        rows = sum(report.rows for report in reports)
        return [title, tag("p", f"Nothing in {wording.plural(rows, 'bar')}.", class_="note")]
    ranks = {"fail": 0, "warn": 1, "notice": 2}
    found.sort(key=lambda pair: ranks[pair[1].gravity])
    head = [("Series", False), ("", False), ("Problem", False), ("Line", True), ("Finding", False)]
    lines = [
        (f"{report.instrument} {report.timeframe}", _MARKS[each.gravity], str(each.problem).replace("_", " "),
         "–" if each.line is None else f"{each.line:,}", each.sentence)
        for report, each in found[:_MOST_FINDINGS]
    ]  # fmt: skip
    rest = len(found) - _MOST_FINDINGS
    more = [tag("p", f"{rest:,} more findings are in result.json.", class_="note")] if rest > 0 else []
    return [title, text_table(head, lines, "Findings of the quality check", "prose"), *more]


def _stamp(text: str) -> str:
    """A stamp of the record: the date of a session, else the minute in UTC."""
    date, _, time = text.partition("T")
    return date if not time or time.startswith("00:00:00") else f"{date} {time[:5]} UTC"


def _fact(name: str, text: str) -> Markup:
    return tag("tr", tag("th", name, scope="row"), tag("td", text))
