"""Every cell of the state table, written out a second time: what evidence does to an order in each state."""

from __future__ import annotations

import itertools

import pytest

from tradewright.app.orders.table import COLUMNS, TABLE, Facts, Row, Step, column_of, follow
from tradewright.domain.errors import OrderStateError
from tradewright.domain.live.order import ENDED, OPEN_STATES, Lifecycle

P, S, U, W, F, C, E, X, R, N = Lifecycle
ALL = (P, S, U, W, F, C, E, X, R, N)
NONE = Facts()
FULL = Facts(is_full=True, has_fills=True)
PART = Facts(has_fills=True)
OVER = Facts(is_full=True, is_over=True, has_fills=True)
EXPIRED = Facts(ended=E)

# row → what each state becomes, in the order of ALL; None where it cannot happen, "!" behind it where a person is told
EXPECTED = {
    (Row.HANDED_OVER, NONE): (S, None, None, None, None, None, None, None, None, None),
    (Row.ACKNOWLEDGED, NONE): (W, W, W, W, F, C, E, X, "W!", "W!"),
    (Row.ACKNOWLEDGED, Facts(is_after_window=True)): (W, W, W, W, F, "W!", "W!", "W!", "W!", "W!"),
    (Row.NO_ANSWER, NONE): (None, U, U, W, F, C, E, X, R, N),
    (Row.REFUSED, NONE): (None, R, R, R, "F!", C, E, X, R, N),
    (Row.REFUSED, PART): (None, R, R, C, "F!", C, E, X, R, N),
    (Row.DUPLICATE_ID, NONE): (None, U, U, W, F, C, E, X, "R!", "W!"),
    (Row.FILL_NEW, PART): ("W!", W, W, W, F, C, E, X, "W!", "W!"),
    (Row.FILL_NEW, FULL): ("F!", F, F, F, F, F, F, F, "F!", "F!"),
    (Row.FILL_NEW, OVER): ("F!", "F!", "F!", "F!", "F!", "F!", "F!", "F!", "F!", "F!"),
    (Row.FILL_KNOWN, NONE): ALL,
    (Row.ENDED, EXPIRED): (E, E, E, E, F, C, E, X, R, E),
    (Row.CANCEL_REFUSED, NONE): ALL,
    (Row.CANCEL_REFUSED, Facts(is_unknown_order=True)): (P, S, U, "W!", F, C, E, X, R, N),
    (Row.FOUND_TERMINAL, EXPIRED): (E, E, E, E, F, C, E, X, "R!", "E!"),
    (Row.FOUND_TERMINAL, Facts(ended=F)): (F, F, F, F, F, C, E, X, "R!", "F!"),
    (Row.NOT_FOUND_SETTLED, NONE): (N, None, N, "W!", F, C, E, X, R, N),
    (Row.NOT_FOUND_SETTLED, Facts(send_again=True)): (N, None, S, "W!", F, C, E, X, R, N),
    (Row.PROCESS_START, NONE): (U, U, U, U, F, C, E, X, R, N),
}  # fmt: skip
CASES = [
    (row, facts, state, after)
    for (row, facts), states in EXPECTED.items()
    for state, after in zip(ALL, states, strict=True)
]


@pytest.mark.parametrize(("row", "facts", "state", "after"), CASES)
def test_cell(row, facts, state, after):
    if after is None:
        with pytest.raises(OrderStateError, match=row.value):
            follow(state, row, facts)
        return
    step = follow(state, row, facts)
    alarm = isinstance(after, str) and after.endswith("!")
    assert (step.to, step.alarm) == (Lifecycle(str(after).rstrip("!")), alarm)


def test_no_cell_is_left_out():
    assert set(TABLE) == {(row, column) for row in Row for column in COLUMNS}
    assert {(row, state) for row, _, state, _ in CASES} == set(itertools.product(Row, Lifecycle))


def test_every_state_stands_in_one_column():
    assert [column_of(state) for state in ALL] == ["P", "S", "U", "W", "F", "CEX", "CEX", "CEX", "R", "N"]
    assert set(ALL) == OPEN_STATES | ENDED


def test_an_old_picture_does_not_reopen_what_the_venue_took_and_threw_out():
    assert follow(R, Row.ACKNOWLEDGED, Facts(was_taken=True)) == Step(R)
    assert follow(R, Row.ACKNOWLEDGED, Facts(was_taken=True, is_after_window=True)).to is W


def test_a_stray_order_is_cancelled():
    assert follow(N, Row.ACKNOWLEDGED, NONE) == Step(W, alarm=True, stray=True)


def test_an_over_fill_freezes_its_symbol():
    assert all(follow(state, Row.FILL_NEW, OVER).freeze for state in (S, U, W, F, C))


def test_a_refused_cancel_is_looked_up_and_ends_nothing():
    assert follow(W, Row.CANCEL_REFUSED, NONE) == Step(W, ask=True)


def test_a_working_order_that_nothing_shows_freezes_its_symbol():
    assert follow(W, Row.NOT_FOUND_SETTLED, NONE).freeze


def test_a_late_fill_unsettles_what_was_read_of_an_end():
    assert all(follow(state, Row.FILL_NEW, PART).unsettle for state in (F, C, E, X))


def test_more_shown_than_booked_unsettles_an_end():
    assert follow(C, Row.FOUND_TERMINAL, Facts(ended=C, has_more=True)).unsettle
    assert not follow(C, Row.FOUND_TERMINAL, Facts(ended=C)).unsettle


@pytest.mark.parametrize("state", sorted(ENDED - {R, N}))
def test_an_old_picture_does_not_reopen_an_order(state):
    assert follow(state, Row.ACKNOWLEDGED, NONE) == Step(state)
