"""Quality reports shown: as text, as a document that keeps to its schema, as a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE
from tradewright.reporting.quality_page import quality_page
from tradewright.reporting.quality_text import quality_document, quality_text

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
FIRST = 10_957 * NS_PER_DAY  # 2000-01-01


def at(day: int) -> int:
    return FIRST + day * NS_PER_DAY


def finding(
    day: int, problem: Problem = Problem.GAP, gravity: Gravity = Gravity.WARN, *, line: int | None = None, to: int = 0
) -> QualityFinding:
    return QualityFinding(problem, gravity, 1 + to, at(day), at(day + to), line, f"The {problem} of day {day}.")


def report(
    *findings: QualityFinding, days: int = 800, expected: int | None = 800, timeframe: str = "1d"
) -> QualityReport:
    return QualityReport(
        "XNAS:AAPL", timeframe, "raw", "AAPL.csv", 799, expected, FIRST, FIRST + days * NS_PER_DAY, findings
    )


SPLIT = finding(300, Problem.SPLIT, Gravity.FAIL, line=302)
NOTICE = finding(5, Problem.ZERO_VOLUME, Gravity.NOTICE)
TIMELESS = QualityFinding(Problem.IMPOSSIBLE, Gravity.WARN, 1, None, None, 9, "Line 9 has no time.")

# ---------------------------------------------------------------- text


def test_text_tells_what_there_is_and_each_finding_with_its_line() -> None:
    assert quality_text([report(SPLIT, finding(10), NOTICE)]).splitlines() == [
        "XNAS:AAPL 1d, raw prices, from AAPL.csv",
        "  799 of 800 bars (99.87 %), 2000-01-01 … 2002-03-11: 1 failure, 1 warning, 1 notice",
        "  ✕ split            line 302    The split of day 300.",
        "  ! gap                          The gap of day 10.",
        "  · zero volume                  The zero_volume of day 5.",
    ]


def test_text_of_a_clean_series_says_so() -> None:
    assert quality_text([report(expected=None)]).splitlines()[1] == "  799 bars, 2000-01-01 … 2002-03-11: nothing found"


def test_coverage_is_never_rounded_up_to_complete() -> None:
    nearly = QualityReport("X:Y", "1d", "raw", "y.csv", 99_999, 100_000, FIRST, FIRST, ())
    assert "(99.99 %)" in quality_text([nearly])


def test_text_shows_twenty_findings_of_a_kind_and_counts_the_others() -> None:
    lines = quality_text([report(*(finding(day) for day in range(30)), SPLIT)]).splitlines()
    assert len(lines) == 2 + 20 + 1 + 1
    assert lines[22].strip() == "… and 10 more findings of this kind about 10 rows."


def test_series_stand_apart() -> None:
    assert quality_text([report(), report()]).count("\n\n") == 1


def test_bars_shorter_than_a_day_are_told_by_the_minute() -> None:
    minute = QualityReport("X:Y", "1m", "raw", "y.csv", 9, 9, FIRST, FIRST + 90 * NS_PER_MINUTE, ())
    assert "2000-01-01 00:00 … 2000-01-01 01:30 UTC" in quality_text([minute])


# ---------------------------------------------------------------- the document


def test_the_document_keeps_to_its_schema_and_gives_the_reports_back() -> None:
    reports = [report(SPLIT, TIMELESS), report(expected=None, timeframe="1m")]
    document = json.loads(json.dumps(quality_document(reports), allow_nan=False))
    schema = json.loads((REFERENCE / "data-quality.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    assert [QualityReport.from_dict(each) for each in document["reports"]] == reports


def test_the_schema_refuses_what_is_none() -> None:
    schema = json.loads((REFERENCE / "data-quality.schema.json").read_text(encoding="utf-8"))
    for broken in ({}, {"schema_version": 1, "gravity": "bad", "reports": []}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)


@pytest.mark.parametrize(
    ("findings", "gravity"),
    [((), None), ((NOTICE,), "notice"), ((NOTICE, TIMELESS), "warn"), ((SPLIT, NOTICE), "fail")],
)
def test_the_document_tells_the_gravest_finding(findings: tuple[QualityFinding, ...], gravity: str | None) -> None:
    document = quality_document([report(), report(*findings)])
    assert (document["gravity"], document["reports"][1]["gravity"]) == (gravity, gravity)
    assert document["reports"][0]["coverage"] == 799 / 800


# ---------------------------------------------------------------- the page


class Cells(HTMLParser):
    """The cells of every strip, by their titles."""

    def __init__(self) -> None:
        super().__init__()
        self.titles: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)
        if tag == "td" and said.get("title"):
            self.titles.append(said["title"] or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def cells(page: str) -> list[str]:
    parser = Cells()
    parser.feed(page)
    assert parser.open == []
    return parser.titles


def test_a_long_series_has_a_cell_for_each_of_its_months() -> None:
    titles = cells(quality_page([report(SPLIT, finding(10, to=40))]))
    assert len(titles) == 27
    assert [title for title in titles if ":" in title] == ["2000-01: gap", "2000-02: gap", "2000-10: split"]


def test_a_short_series_has_a_cell_for_each_of_its_days() -> None:
    titles = cells(quality_page([report(finding(10), finding(10, Problem.SPIKE), days=20)]))
    assert len(titles) == 21
    assert [title for title in titles if ":" in title] == ["2000-01-11: gap, spike"]


def test_no_state_is_told_by_colour_alone() -> None:
    page = quality_page([report(SPLIT, TIMELESS, NOTICE)])
    for sign, word in (("✕", "failure"), ("!", "warning"), ("·", "notice")):
        assert f'aria-hidden="true">{sign}</span><span class="hidden">{word}</span>' in page


def test_the_page_lists_findings_with_their_lines_and_escapes_what_comes_from_files() -> None:
    evil = QualityFinding(Problem.SPIKE, Gravity.WARN, 1, at(1), at(1), 17, "<script>alert(1)</script>")
    page = quality_page([report(evil)])
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert '<td class="num">17</td>' in page


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = quality_page([report(SPLIT), report()])
    assert not re.search(r"https?:|src=|@import|url\(", page)


def test_several_series_begin_with_an_overview_that_links_to_each() -> None:
    page = quality_page([report(SPLIT), report()])
    assert re.findall(r'href="#(series-\d)"', page) == re.findall(r'id="(series-\d)"', page) == ["series-0", "series-1"]
    assert 'href="#series' not in quality_page([report()])


def test_the_overview_tells_raw_and_adjusted_prices_of_a_symbol_apart() -> None:
    raw = report()
    page = quality_page([raw, replace(raw, adjustment="split")])
    assert (page.count("<td>1d raw</td>"), page.count("<td>1d split</td>")) == (1, 1)


def test_the_page_lists_five_hundred_findings_and_counts_the_others() -> None:
    page = quality_page([report(*(finding(day) for day in range(600)))])
    assert page.count("The gap of day") == 500
    assert "100 more findings are in the JSON." in page


def test_the_same_reports_give_the_same_bytes() -> None:
    assert quality_page([report(SPLIT)]) == quality_page([report(SPLIT)])
