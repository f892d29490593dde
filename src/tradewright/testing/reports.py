"""The promises of metrics and of report sections, whatever the run they are made for was like."""

from __future__ import annotations

import math
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

import tradewright.reporting.sections  # noqa: F401 - the built-in ones register there: a name taken twice is seen
from tradewright.reporting.curves import benchmark_closes
from tradewright.reporting.evidence import NO_EVIDENCE
from tradewright.reporting.inputs import Inputs
from tradewright.reporting.metric_registry import METRICS
from tradewright.reporting.section_registry import SECTIONS, shown

from .conformance import Conformance, require
from .runs import HOSTILE, SAMPLE_RUNS

if TYPE_CHECKING:
    from tradewright.domain.record import RunRecord
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.metric_registry import Metric
    from tradewright.reporting.section_registry import ReportSection

__all__ = ["MetricConformance", "ReportSectionConformance"]

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "line", "link", "meta", "path", "rect", "wbr", "circle"})
_OUTSIDE = re.compile(r"""(?:(?:src|href)\s*=|@import|url\()\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)


class MetricConformance(Conformance):
    """What every metric promises.

    Attributes
    ----------
    metric : Metric
        Made by ``tradewright.metric``.
    """

    metric: ClassVar[Metric]

    def test_is_known_by_its_key(self) -> None:
        """Results have it, and it has a label."""
        found: Metric = self.subject("metric")
        require(METRICS.name_of(found) == found.info.key, f"'{found.info.key}' is not registered under its key.")
        require(found.info.label.strip(), f"'{found.info.key}' has no label.")

    def test_is_a_finite_number_or_says_why_not(self) -> None:
        """On every run it is a number, or undefined for a reason that reads after "because"."""
        for name, run in SAMPLE_RUNS.items():
            value, reason = self._value(run().record)
            if value is None:
                require(reason and reason.strip(), self._says(name, "is undefined and does not say why."))
                require("failed with" not in str(reason), self._says(name, f"fails: {reason}"))
                require("and not a number" not in str(reason), self._says(name, f"is no number: {reason}"))
            else:
                plain = type(value) in (int, float) and math.isfinite(value)
                require(plain, self._says(name, f"is {value!r}, no finite number."))

    def test_is_the_same_every_time(self) -> None:
        """It hangs on the run alone."""
        for name, run in SAMPLE_RUNS.items():
            record = run().record
            require(self._value(record) == self._value(record), self._says(name, "is another number the second time."))

    def test_leaves_the_run_alone(self) -> None:
        """Nothing of the record changes while it is computed."""
        for name, run in SAMPLE_RUNS.items():
            record = run().record
            before = _columns(record)
            self._value(record)
            require(_same(before, _columns(record)), self._says(name, "changes the record."))

    def _value(self, record: RunRecord) -> tuple[float | int | None, str | None]:
        metric: Metric = self.subject("metric")
        return metric.contained(Inputs(record, 0.0, benchmark_closes(record, None), NO_EVIDENCE))

    def _says(self, run: str, what: str) -> str:
        return f"The metric '{self.subject('metric').info.key}' of a run that is {run!r} {what}"


class ReportSectionConformance(Conformance):
    """What every section of a report promises.

    Attributes
    ----------
    section : ReportSection
        Made by ``tradewright.report_section``.
    """

    section: ClassVar[ReportSection]

    def test_is_known_by_its_name(self) -> None:
        """Reports have it."""
        found: ReportSection = self.subject("section")
        require(SECTIONS.name_of(found) == found.name, f"The section '{found.name}' is not registered under its name.")

    def test_nothing_is_raised(self) -> None:
        """It is shown, left out, or says why there is nothing to show, for every run."""
        for name, run in SAMPLE_RUNS.items():
            text = self._shown(run().findings)
            require('class="fault"' not in text, self._says(name, f"fails: {_words(text)}"))

    def test_gives_the_same_bytes_every_time(self) -> None:
        """It hangs on the run alone."""
        for name, run in SAMPLE_RUNS.items():
            findings = run().findings
            same = self._shown(findings) == self._shown(findings)
            require(same, self._says(name, "gives other bytes the second time."))

    def test_escapes_what_it_is_given(self) -> None:
        """Names, parameters and log lines stay text."""
        text = self._shown(SAMPLE_RUNS["hostile names"]().findings)
        escaped = HOSTILE not in text and "<script>alert" not in text
        require(escaped, self._says("hostile names", "takes a name for markup."))

    def test_is_whole_markup(self) -> None:
        """Every tag it opens is closed, in order."""
        for name, run in SAMPLE_RUNS.items():
            checker = _Balance()
            checker.feed(self._shown(run().findings))
            left = checker.fault or ", ".join(checker.open)
            require(not left, self._says(name, f"leaves tags unbalanced: {left}."))

    def test_asks_nothing_of_the_network(self) -> None:
        """A report is one file."""
        for name, run in SAMPLE_RUNS.items():
            found = _OUTSIDE.search(self._shown(run().findings))
            require(not found, self._says(name, f"loads something from elsewhere: {found and found.group()}"))

    def test_leaves_the_run_alone(self) -> None:
        """Nothing of the record changes while it is written."""
        for name, run in SAMPLE_RUNS.items():
            result = run()
            before = _columns(result.record)
            self._shown(result.findings)
            require(_same(before, _columns(result.record)), self._says(name, "changes the record."))

    def _shown(self, findings: Findings) -> str:
        return str(shown(self.subject("section"), findings) or "")

    def _says(self, run: str, what: str) -> str:
        return f"The section '{self.subject('section').name}' of a run that is {run!r} {what}"


class _Balance(HTMLParser):
    """Follows the tags of a text and keeps the first that closes what was not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fault = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's shape
        """Remember what opens."""
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What closes itself leaves nothing open."""

    def handle_endtag(self, tag: str) -> None:
        """Close the last that opened."""
        if tag in _VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.fault = self.fault or f"</{tag}>"


def _columns(record: RunRecord) -> dict[str, Any]:
    """Copies of what a run left behind."""
    tables = {"events": record.events, "orders": record.orders, "trades": record.trades}
    copies = {f"{table}.{name}": values.copy() for table, rows in tables.items() for name, values in rows.items()}
    return {**copies, "equity": record.equity.copy(), "exposure": record.exposure.copy()}


def _same(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return before.keys() == after.keys() and all(
        np.array_equal(before[name], after[name], equal_nan=True) for name in before
    )


def _words(markup: str) -> str:
    return re.sub(r"<[^>]*>", " ", markup).strip()[:300]
