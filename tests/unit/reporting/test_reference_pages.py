"""The reference pages list exactly what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.builders import random_walk, round_trips, run_record

from tradewright.reporting import html, warnings
from tradewright.reporting.catalog import CATALOG
from tradewright.reporting.result import Result
from tradewright.reporting.section_registry import arranged


@pytest.fixture
def result() -> Result:
    closes = random_walk(60)
    return Result(run_record(closes, round_trips(closes)))


def rows(text: str) -> list[list[str]]:
    """The cells of every table row of a page, but for heads and rules."""
    lines = [line.replace("\\|", "¦") for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip().replace("¦", "|") for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_metrics_page_lists_exactly_the_metrics(project: Path) -> None:
    page = (project / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8").partition("## Frame columns")[0]
    listed = [tuple(cell.strip("` ") for cell in row) for row in rows(page)]
    assert listed == [(info.key, info.label, str(info.unit), info.convention, info.source) for info in CATALOG]


@pytest.mark.parametrize("frame", ["trades", "fills", "orders", "events", "equity"])
def test_the_metrics_page_lists_exactly_the_columns_of_each_frame(project: Path, result: Result, frame: str) -> None:
    page = (project / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
    section = re.split(r"^### ", page.partition(f"### `result.{frame}`")[2], flags=re.MULTILINE)[0]
    assert [row[0].strip("`") for row in rows(section)] == list(getattr(result, frame).columns)


def test_the_json_page_lists_exactly_the_fields_of_the_document(project: Path, result: Result) -> None:
    page = (project / "docs" / "reference" / "result-json.md").read_text(encoding="utf-8")
    assert sorted(row[0].strip("`") for row in rows(page)) == sorted(json.loads(result.to_json()))


def test_the_report_page_lists_exactly_the_built_in_sections_in_their_order(project: Path) -> None:
    page = (project / "docs" / "reference" / "reports.md").read_text(encoding="utf-8").partition("## Trust states")[0]
    shown = [section.name for section in arranged(html.sections()) if section.is_own]
    assert [row[0].strip("`") for row in rows(page)] == shown


def test_the_report_page_names_every_warning(project: Path) -> None:
    page = (project / "docs" / "reference" / "reports.md").read_text(encoding="utf-8").partition("## Trust states")[2]
    room = Path(warnings.__file__).parent
    text = (room / "warnings.py").read_text(encoding="utf-8") + (room / "data_doubts.py").read_text(encoding="utf-8")
    codes = re.findall(r'ResultWarning\(\s*"(\w+)"', text)
    assert len(codes) >= 16
    assert [code for code in codes if f"`{code}`" not in page] == []
