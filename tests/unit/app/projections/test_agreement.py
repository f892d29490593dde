"""The rows of a session and the curves that are drawn of its record are worth the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.app.projections.books import SessionBooks
from tradewright.domain.bars import Bar
from tradewright.domain.live.session import Happened, Row
from tradewright.reporting.session.book import book_of

S = 1_000_000_000
ABOUT = {
    "fills": "simulated", "strategies": [{"name": "Cross", "params": {}}, {"name": "Fade", "params": {}}],
    "instruments": [{"symbol": "ACME", "currency": "USD", "multiplier": 5.0}],
    "policies": {"cash": 10_000.0, "currency": "USD"},
}  # fmt: skip

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("fill", "fill", "fill", "dividend", "borrow")), st.integers(0, 1),
        st.integers(-20, 20).filter(bool), st.integers(80, 120), st.integers(0, 3),
    ),
    max_size=30,
)  # fmt: skip


@given(EVENTS)
def test_a_session_is_worth_the_same_in_both(events):
    books, book = SessionBooks("alpha", ABOUT), book_of(ABOUT)
    last = None
    for at, (event, strategy, quantity, price, fee) in enumerate(events, start=1):
        bar = Bar("ACME", (at - 1) * S, at * S, float(price), float(price), float(price), float(price), 1.0)
        row = Row(bar.open_time, bar.close_time, (bar,), 20_000, (20_000,))
        output = Happened(
            event, at, strategy, "ACME", float(quantity), float(price), float(fee if event == "fill" else 0)
        )
        book.take(row, (output,))
        last = books.advance([(at, row, (output,))]).days[20_000]
    if last is not None:
        assert last.equity == pytest.approx(book.money[-1].equity)
        assert last.exposure == pytest.approx(book.money[-1].gross)
