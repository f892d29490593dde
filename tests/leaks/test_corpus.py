"""Every planted leak is found with its kind and its line, and nothing is found in a clean strategy."""

from __future__ import annotations

from typing import Any

import pytest

import tradewright as tw

from .beforehand import BEFOREHAND
from .clean import CLEAN
from .markets import Case
from .planted import LEAKS as PLANTED

LEAKS = [*PLANTED, *BEFOREHAND]

CUTS = 20
QUICK = 10


REST = (pytest.mark.slow, pytest.mark.no_cover)
"""The others go over the same lines again, and watched they take nearly twice as long."""


def every(cases: list[Case]) -> list[Any]:
    """All of them; what is not among a few from all over the list is slow."""
    quick = cases[:: max(1, len(cases) // QUICK)][:QUICK]
    return [pytest.param(each, id=each.name, marks=() if each in quick else REST) for each in cases]


def checked(case: Case) -> tw.CheckReport:
    return tw.check(case.make(case.bars), case.bars, cuts=CUTS, **case.policies)


@pytest.mark.parametrize("case", every(LEAKS))
def test_every_planted_leak_is_found_with_its_kind_and_line(case: Case) -> None:
    report = checked(case)
    found = [(finding.kind, finding.line) for finding in report.failures]
    assert case.kind in {kind for kind, _ in found}, report.summary()
    assert case.lines & {line for kind, line in found if kind == case.kind}, report.summary()


@pytest.mark.parametrize("case", every(CLEAN))
def test_every_clean_strategy_passes(case: Case) -> None:
    report = checked(case)
    assert report.passed, report.summary()


def test_the_corpus_is_large_enough() -> None:
    assert len(LEAKS) >= 40
    assert len(CLEAN) >= 40
    assert all(case.lines for case in LEAKS)
