"""Instants keep every nanosecond on their way to RFC 3339 and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.adapters.wire.instants import instant_from, instant_text


@given(st.integers(0, 4_000_000_000_000_000_000))
def test_what_was_written_is_read(nanoseconds):
    assert instant_from(instant_text(nanoseconds)) == nanoseconds


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("2020-01-07T14:30:00Z", 1_578_407_400_000_000_000),
        ("2020-01-07T14:30:00.5Z", 1_578_407_400_500_000_000),
        ("2020-01-07T14:30:00.123456789Z", 1_578_407_400_123_456_789),
        ("2020-01-07T14:30:00.1234567899Z", 1_578_407_400_123_456_789),
        ("2020-01-07T09:30:00-05:00", 1_578_407_400_000_000_000),
    ],
)
def test_every_form_is_read(text, nanoseconds):
    assert instant_from(text) == nanoseconds


@pytest.mark.parametrize("text", ["", "2020-01-07", "2020-01-07T14:30:00", "yesterday", "2020-13-01T00:00:00Z"])
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(ValueError, match=r"instant|month|day"):
        instant_from(text)
