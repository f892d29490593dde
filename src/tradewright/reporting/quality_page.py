"""Quality reports as one self-contained page: a strip of months or days for each series, and every finding."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.quality import Gravity
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe
from tradewright.reporting.blocks import text_table
from tradewright.reporting.markup import Markup, fill, join, tag, template
from tradewright.reporting.quality_text import MARKS, WORDS, extent, period, problem_text, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.domain.quality import QualityFinding, QualityReport

__all__ = ["quality_page"]

_SHOWN = 500
"""Findings of one series that the page lists; the JSON holds all."""

_SHORT_DAYS = 98
"""Up to so many days the strip shows days in weeks, beyond it months in years."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RANKS = {gravity: rank for rank, gravity in enumerate(Gravity)}
_FIRST_MONDAY = 4
_HEAD = (("", False), ("Problem", False), ("When", False), ("Rows", True), ("Line", True), ("What it is", False))

Cells = dict[int, list["QualityFinding"]]


def quality_page(reports: Sequence[QualityReport]) -> str:
    """A whole page: opens offline, light and dark, on a phone and on a wall."""
    named = reports[0].instrument if len(reports) == 1 else f"{len(reports)} series"
    return fill(
        "quality.html",
        title=f"Data quality · {named}",
        style=Markup(template("report.css") + template("quality.css")),
        heading=f"Data quality of {named}",
        overview=_overview(reports) if len(reports) > 1 else "",
        body=join(*(_series(number, report) for number, report in enumerate(reports))),
    )


def _overview(reports: Sequence[QualityReport]) -> Markup:
    rows = [
        (
            tag("a", report.instrument, href=f"#series-{number}"),
            f"{report.timeframe} {report.adjustment}",
            period(report, report.first_ns, report.last_ns),
            extent(report),
            _state(report.gravity),
            verdict(report),
        )
        for number, report in enumerate(reports)
    ]
    head = [(name, False) for name in ("Series", "Bars", "Period", "There", "State", "Found")]
    return text_table(head, rows, "All series", "overview")


def _series(number: int, report: QualityReport) -> Markup:
    zone = " UTC" if Timeframe.parse(report.timeframe).is_intraday else ""
    facts = f"{period(report, report.first_ns, report.last_ns)}{zone} · {report.adjustment} prices · {report.source}"
    return tag(
        "section",
        tag("h2", f"{report.instrument} · {report.timeframe} ", _state(report.gravity)),
        tag("p", facts, class_="sub"),
        tag("p", f"{extent(report)}: {verdict(report)}.", class_="extent"),
        _strip(report),
        _findings(report),
        id=f"series-{number}",
    )


def _state(gravity: Gravity | None) -> Markup:
    """The gravest finding as sign and word."""
    if gravity is None:
        return tag("span", "✓ ok", class_="state ok")
    return tag("span", f"{MARKS[gravity]} {gravity}", class_=f"state {gravity}")


def _findings(report: QualityReport) -> Markup:
    if report.is_clean:
        return tag("p", "No row was left out, no bar is missing, and no price stands out.", class_="note")
    rows = [_finding(report, finding) for finding in report.findings[:_SHOWN]]
    listed = text_table(_HEAD, rows, f"Findings of {report.instrument}", "findings")
    more = len(report.findings) - _SHOWN
    return join(listed, tag("p", f"{more:,} more findings are in the JSON.", class_="note") if more > 0 else None)


def _finding(report: QualityReport, finding: QualityFinding) -> tuple[str, ...]:
    sign = tag("span", MARKS[finding.gravity], class_=f"state {finding.gravity}", aria_hidden="true")
    return (
        join(sign, tag("span", WORDS[finding.gravity], class_="hidden")),
        problem_text(finding.problem),
        tag("span", period(report, finding.first_ns, finding.last_ns), class_="when"),
        join(f"{finding.count:,}", tag("span", " row" if finding.count == 1 else " rows", class_="unit")),
        "" if finding.line is None else str(finding.line),
        finding.sentence,
    )


# ---------------------------------------------------------------- the strip


def _strip(report: QualityReport) -> Markup:
    days = report.first_ns // NS_PER_DAY, report.last_ns // NS_PER_DAY
    return _weeks(report, days) if days[1] - days[0] <= _SHORT_DAYS else _years(report, days)


def _weeks(report: QualityReport, days: tuple[int, int]) -> Markup:
    """A row for each week, a cell for each day."""
    cells = _by_cell(report, lambda day: day)
    first = (days[0] - _FIRST_MONDAY) // 7
    weeks = range(first, (days[1] - _FIRST_MONDAY) // 7 + 1)
    rows = [(_date(week * 7 + _FIRST_MONDAY), [week * 7 + _FIRST_MONDAY + day for day in range(7)]) for week in weeks]
    return _grid(rows, days, cells, _WEEKDAYS, _date)


def _years(report: QualityReport, days: tuple[int, int]) -> Markup:
    """A row for each year, a cell for each month."""
    cells = _by_cell(report, _month)
    months = _month(days[0]), _month(days[1])
    rows = [
        (str(1970 + year), [year * 12 + month for month in range(12)])
        for year in range(months[0] // 12, months[1] // 12 + 1)
    ]
    return _grid(rows, months, cells, _MONTHS, lambda month: f"{1970 + month // 12}-{month % 12 + 1:02d}")


def _by_cell(report: QualityReport, cell_of: Callable[[int], int]) -> Cells:
    """Findings by every day or month that they touch."""
    cells: Cells = {}
    for finding in report.findings:
        if finding.first_ns is None or finding.last_ns is None:
            continue
        for cell in range(cell_of(finding.first_ns // NS_PER_DAY), cell_of(finding.last_ns // NS_PER_DAY) + 1):
            cells.setdefault(cell, []).append(finding)
    return cells


def _month(day: int) -> int:
    return int(np.datetime64(day, "D").astype("datetime64[M]").astype(int))


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))


def _grid(
    rows: list[tuple[str, list[int]]],
    bounds: tuple[int, int],
    cells: Cells,
    heads: tuple[str, ...],
    name_of: Callable[[int], str],
) -> Markup:
    first, last = bounds
    lines = [
        tag(
            "tr",
            tag("th", name, scope="row"),
            *(_cell(name_of(cell), cells.get(cell, []), is_inside=first <= cell <= last) for cell in line),
        )
        for name, line in rows
    ]
    head = tag("tr", tag("td", ""), *(tag("th", name, scope="col") for name in heads))
    table = tag("table", tag("thead", head), tag("tbody", *lines), class_="strip", aria_label="Where the findings are")
    legend = [_state(None), *(_state(gravity) for gravity in Gravity)]
    return tag("figure", table, tag("figcaption", *legend, class_="legend"))


def _cell(name: str, findings: list[QualityFinding], *, is_inside: bool) -> Markup:
    if not findings:
        text = "nothing found" if is_inside else "no data"
        return tag(
            "td",
            tag("span", text, class_="hidden"),
            class_="clear" if is_inside else None,
            title=name if is_inside else None,
        )
    worst = max((finding.gravity for finding in findings), key=_RANKS.__getitem__)
    counted = Counter(problem_text(finding.problem) for finding in findings)
    said = ", ".join(f"{count} × {problem}" if count > 1 else problem for problem, count in counted.items())
    mark = tag("span", MARKS[worst], aria_hidden="true")
    return tag("td", mark, tag("span", said, class_="hidden"), class_=str(worst), title=f"{name}: {said}")
