"""Bytes that are no record are refused in a sentence."""

from __future__ import annotations

import pytest
from tests.builders import run_record

from tradewright.domain import packed_record
from tradewright.domain.errors import DataError
from tradewright.domain.packed_record import packed, unpacked


@pytest.mark.parametrize("content", [b"", b"nothing", packed(run_record([1.0, 2.0]))[:-40]])
def test_damaged_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(DataError, match="no run record, or a damaged one"):
        unpacked(content)


def test_a_later_layout_is_refused_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_record, "FORMAT", 2)
    content = packed(run_record([1.0, 2.0]))
    monkeypatch.setattr(packed_record, "FORMAT", 1)
    with pytest.raises(DataError, match="has layout 2, and this version reads up to 1"):
        unpacked(content)
