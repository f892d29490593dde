"""What a source was asked for is known by source and series, in stretches that grow together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.stores import key

from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.domain.freshness import Asked
from tradewright.domain.spans import Spans

NOW = 1_763_700_000_123_456_789


@pytest.fixture
def book(state: Database) -> SqlCoverageBook:
    return SqlCoverageBook(state)


def test_nothing_is_known_at_first(book: SqlCoverageBook) -> None:
    assert book.covered("alpaca iex", key()) == Spans()


def test_stretches_that_meet_become_one(book: SqlCoverageBook) -> None:
    for first, stop in ((10, 20), (30, 40), (20, 25), (24, 30), (50, 51)):
        book.mark("alpaca iex", key(), first, stop, NOW)
    assert book.covered("alpaca iex", key()).pairs == ((10, 40), (50, 51))


def test_each_source_and_each_series_is_known_for_itself(book: SqlCoverageBook) -> None:
    book.mark("alpaca iex", key(), 10, 20, NOW)
    others = [key("OTHER"), key(timeframe="1m"), key(adjustment="split"), replace(key(), instrument="XNAS:ACME")]
    assert [book.covered("alpaca iex", each) for each in others] == [Spans()] * 4
    assert book.covered("alpaca sip", key()) == Spans()


def test_what_is_forgotten_is_forgotten_of_every_source_and_of_one_series(book: SqlCoverageBook) -> None:
    for source in ("alpaca iex", "ib"):
        for series in (key(), key("OTHER")):
            book.mark(source, series, 10, 20, NOW)
    book.forget(key())
    assert [book.covered(source, key()) for source in ("alpaca iex", "ib")] == [Spans(), Spans()]
    assert book.covered("ib", key("OTHER")).pairs == ((10, 20),)


def test_what_is_forgotten_before_a_day_stays_known_from_it_on(book: SqlCoverageBook) -> None:
    for first, stop in ((10, 20), (30, 40)):
        book.mark("ib", key(), first, stop, NOW)
    book.forget(key(), before=15)
    assert book.covered("ib", key()).pairs == ((15, 20), (30, 40))
    book.forget(key(), before=30)
    assert book.covered("ib", key()).pairs == ((30, 40),)


def test_all_that_was_asked_is_told_by_series_the_latest_source_first(book: SqlCoverageBook) -> None:
    assert book.asked() == {}
    book.mark("ib", key(), 10, 20, NOW)
    book.mark("alpaca iex", key(), 10, 20, NOW, 900.0)
    book.mark("alpaca iex", key(), 30, 40, NOW + 1, 900.0)
    book.mark("ib", key("OTHER"), 10, 20, NOW)
    assert book.asked() == {
        key(): (
            Asked("alpaca iex", Spans.of([(10, 20), (30, 40)]), NOW + 1, 900.0),
            Asked("ib", Spans.of([(10, 20)]), NOW),
        ),
        key("OTHER"): (Asked("ib", Spans.of([(10, 20)]), NOW),),
    }
