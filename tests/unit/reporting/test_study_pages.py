"""The reference lists exactly the sections of the pages of searches, walks and Monte Carlo studies."""

from __future__ import annotations

import re
from pathlib import Path

from tests.searches import honesty, made_search, made_trial, search_record
from tests.studies import bootstrapped
from tests.unit.reporting.search.test_search_page import with_splits
from tests.walks import made_walk

from tradewright.domain.search import Objective
from tradewright.reporting.monte_carlo import page as monte_carlo_page
from tradewright.reporting.search import page as search_page
from tradewright.reporting.search.result import SearchResult
from tradewright.reporting.walk import page as walk_page

UNLISTED = {"trust", "warnings", "configuration"}


def shown(text: str) -> list[str]:
    """Names of the sections of a page, but for those that every page has."""
    return [name for name in re.findall(r'<section id="section-(\w+)"', text) if name not in UNLISTED]


def listed(project: Path, page: str) -> list[str]:
    """Names of the sections that the reference lists for a page."""
    text = (project / "docs" / "reference" / "reports.md").read_text(encoding="utf-8")
    cells = re.findall(rf"^\| {page} \| (.*?) \|", text, flags=re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]


def with_two_objectives() -> SearchResult:
    trials = [made_trial(n, {"fast": n, "slow": 9}, 1.0, values=(1.0 + n, -n / 10)) for n in range(3)]
    objectives = (Objective("sharpe"), Objective("max_drawdown"))
    return made_search(search_record(trials, {"fast": range(3), "slow": [9]}, objectives=objectives), honesty())


def test_of_a_search(project: Path) -> None:
    one = set(shown(search_page.report(with_splits().findings, library="")))
    both = one | set(shown(search_page.report(with_two_objectives().findings, library="")))
    assert both == set(listed(project, "search"))


def test_of_a_walk(project: Path) -> None:
    assert set(shown(walk_page.report(made_walk().findings, library=""))) == set(listed(project, "walk-forward"))


def test_of_a_monte_carlo_study(project: Path) -> None:
    found = ["headline", *listed(project, "Monte Carlo")]
    assert shown(monte_carlo_page.report(bootstrapped().findings, library="")) == found
