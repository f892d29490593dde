"""Rows as binary COPY writes them: what was written is what is read, and nothing else is taken for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stores import days, minutes

from tradewright.adapters.storage.market_data.wire import HEADER, TRAILER, columns_in, rows_of, written
from tradewright.adapters.storage.segmented.segments import COLUMNS, columns_of

NAMES = ("segment", *COLUMNS)
COLUMNS_OF_FOUR = columns_of(minutes(2, 2))
ROW = 2 + 9 * 4 + 8 * 8 + 4


def test_a_row_is_as_long_as_the_manual_says() -> None:
    """PostgreSQL manual, COPY, Binary Format: a count, and each field with its length before it."""
    content = b"".join(written(7, columns_of(days(3))))
    assert len(content) == len(HEADER) + 3 * ROW + len(TRAILER)
    assert content[len(HEADER) : len(HEADER) + 14] == (9).to_bytes(2) + (8).to_bytes(4) + (7).to_bytes(8)


@given(st.tuples(*[st.floats(allow_nan=False)] * 4))
def test_every_number_comes_back_to_the_last_bit(volumes: tuple[float, ...]) -> None:
    columns = {**COLUMNS_OF_FOUR, "volume": np.array(volumes)}
    found = columns_in(rows_of(b"".join(written(1, columns)), NAMES), COLUMNS)
    assert {name: column.tobytes() for name, column in found.items()} == {
        name: column.tobytes() for name, column in columns.items()
    }


def test_rows_that_come_in_another_order_are_put_into_that_of_their_times() -> None:
    columns = columns_of(days(5))
    shuffled = {name: column[[3, 0, 4, 1, 2]] for name, column in columns.items()}
    found = columns_in(rows_of(b"".join(written(1, shuffled)), NAMES), COLUMNS)
    assert found["close"].tolist() == columns["close"].tolist()
    assert found["open_time"].tolist() == columns["open_time"].tolist()


def test_a_time_that_stands_twice_is_refused() -> None:
    columns = {name: column[[0, 1, 1]] for name, column in columns_of(days(2)).items()}
    with pytest.raises(ValueError, match="a time stands in it twice"):
        columns_in(rows_of(b"".join(written(1, columns)), NAMES), COLUMNS)


@pytest.mark.parametrize(
    ("at", "byte", "sentence"),
    [(0, 0, "not made of rows"), (-1, 0, "not made of rows"), (len(HEADER) + 1, 8, "a field of it is missing"),
     (len(HEADER) + 5, 4, "a field of it is missing")],
)  # fmt: skip
def test_what_is_not_made_of_such_rows_is_refused(at: int, byte: int, sentence: str) -> None:
    content = bytearray(b"".join(written(1, columns_of(days(2)))))
    content[at] = byte
    with pytest.raises(ValueError, match=sentence):
        rows_of(bytes(content), NAMES)


def test_what_was_cut_off_is_refused() -> None:
    content = b"".join(written(1, columns_of(days(2))))
    with pytest.raises(ValueError, match="not made of rows"):
        rows_of(content[: -ROW // 2] + TRAILER, NAMES)
