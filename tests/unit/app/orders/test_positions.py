"""Differences of positions that nothing explains."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.faults.drills import _fill, _order

from tradewright.app.orders.positions import ratio_like
from tradewright.domain.live.order import Lifecycle


@pytest.fixture
def auditor(trader):
    async def answered():
        return True

    trader.road.witness.fill_seen(_fill(_order(trader, Lifecycle.WORKING), Decimal(2)))
    auditor = trader.road.auditor
    auditor._fetched_again = answered
    auditor.quiet = lambda: {"AAA"}
    return auditor


def explain(auditor, held, **settings):
    office = auditor.office
    office.settings = replace(office.settings, **settings)
    auditor.switch.office.settings = office.settings
    loop = auditor.office.watcher.world.loop
    loop.run(auditor._explain("AAA", Decimal(held)))
    return office.book


def test_nobody_invents_a_fill(auditor):
    book = explain(auditor, 7)
    assert "AAA" in book.frozen
    assert book.positions["AAA"] == 2


def test_a_difference_above_the_limit_is_a_latch(auditor):
    assert explain(auditor, 7, largest_break=Decimal(4)).latch.is_set


def test_a_difference_up_to_the_limit_is_none(auditor):
    assert not explain(auditor, 7, largest_break=Decimal(5)).latch.is_set


def test_paper_may_accept_a_difference_by_itself(auditor):
    book = explain(auditor, 7, adjusts=True)
    assert book.positions["AAA"] == 7
    assert not book.frozen


@pytest.mark.parametrize("held", [4, 1, 3, 20])
def test_what_looks_like_a_split_is_accepted_by_nobody(auditor, held):
    book = explain(auditor, held, adjusts=True)
    assert book.positions["AAA"] == 2
    assert "as a split" in book.frozen["AAA"]


@pytest.mark.parametrize(
    ("held", "known", "ratio"),
    [(20, 10, 2), (2, 10, Fraction(1, 5)), (15, 10, Fraction(3, 2)), (17, 10, None), (-10, 10, None), (0, 10, None)],
)
def test_ratios_of_splits(held, known, ratio):
    assert ratio_like(Decimal(held), Decimal(known)) == ratio
