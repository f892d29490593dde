"""Books of sessions that grow while they are looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.app.live.books import SessionBooks
from tradewright.domain.bars import Bar
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.live.session import Happened, Placed, Row

MINUTE = 60_000_000_000
ABOUT = {"fills": "simulated", "instruments": [{"symbol": "ACME"}], "policies": {"cash": 1000.0}}


def row(number: int, close: float) -> Row:
    """A row of one bar."""
    bar = Bar("ACME", number * MINUTE, (number + 1) * MINUTE, close, close, close, close, 1.0)
    return Row(bar.open_time, bar.close_time, (bar,), 0, (0,))


def test_what_a_record_grows_by_is_read_and_nothing_counts_twice(tmp_path: Path) -> None:
    logs = FileSessionLogs(tmp_path)
    log = logs.create("s", ABOUT)
    books = SessionBooks(logs)
    log.note(log.take(row(1, 10.0)), [Placed(1, 0, "ACME", 1, 5.0, "market", "day")])
    assert [each.equity for each in books.of("s").money] == [1000.0]
    log.note(log.take(row(2, 12.0)), [Happened("fill", 1, 0, "ACME", 5.0, 11.0, 1.0)])
    for number in range(3, 100):
        log.take(row(number, 13.0))
        books.of("s")
    log.close()
    book = books.of("s")
    assert (len(book.money), len(book.orders.executions), book.purse.costs) == (99, 1, 1.0)
    assert book.money[-1].equity == pytest.approx(1000.0 + 5 * 2.0 - 1.0)


def test_an_answer_that_comes_after_its_input_was_seen_counts(tmp_path: Path) -> None:
    logs = FileSessionLogs(tmp_path)
    log = logs.create("s", ABOUT)
    books = SessionBooks(logs)
    number = log.take(row(1, 10.0))
    assert books.of("s").orders.tickets == {}
    log.note(number, [Placed(1, 0, "ACME", 1, 5.0, "market", "day")])
    log.close()
    assert list(books.of("s").orders.tickets) == [1]


def test_a_session_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataNotAvailableError):
        SessionBooks(FileSessionLogs(tmp_path)).of("none")
