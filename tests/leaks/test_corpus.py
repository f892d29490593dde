"""Every planted leak is found with its kind and its line, and nothing is found in a clean strategy."""

from __future__ import annotations

import pytest

import tradewright as tw

from .beforehand import BEFOREHAND
from .clean import CLEAN
from .markets import Case
from .planted import LEAKS as PLANTED

LEAKS = [*PLANTED, *BEFOREHAND]

CUTS = 20
QUICK = 10


def spread(cases: list[Case], count: int) -> list[Case]:
    """Some of the cases, from all over the list."""
    return cases[:: max(1, len(cases) // count)][:count]


def checked(case: Case) -> tw.CheckReport:
    return tw.check(case.make(case.bars), case.bars, cuts=CUTS, **case.policies)


def assert_found(case: Case) -> None:
    report = checked(case)
    found = [(finding.kind, finding.line) for finding in report.failures]
    assert case.kind in {kind for kind, _ in found}, report.summary()
    assert case.lines & {line for kind, line in found if kind == case.kind}, report.summary()


@pytest.mark.parametrize("case", spread(LEAKS, QUICK), ids=lambda case: case.name)
def test_some_planted_leaks_are_found(case: Case) -> None:
    assert_found(case)


@pytest.mark.parametrize("case", spread(CLEAN, QUICK), ids=lambda case: case.name)
def test_some_clean_strategies_pass(case: Case) -> None:
    report = checked(case)
    assert report.passed, report.summary()


@pytest.mark.slow
@pytest.mark.parametrize("case", LEAKS, ids=lambda case: case.name)
def test_every_planted_leak_is_found_with_its_kind_and_line(case: Case) -> None:
    assert_found(case)


@pytest.mark.slow
@pytest.mark.parametrize("case", CLEAN, ids=lambda case: case.name)
def test_every_clean_strategy_passes(case: Case) -> None:
    report = checked(case)
    assert report.passed, report.summary()


def test_the_corpus_is_large_enough() -> None:
    assert len(LEAKS) >= 40
    assert len(CLEAN) >= 40
    assert all(case.lines for case in LEAKS)
