"""The kill switch's memory outlives the process, and what cannot be read is a latch."""

from __future__ import annotations

import pytest

from tradewright.adapters.storage.journal.latch_file import FileLatch
from tradewright.domain.errors import StorageError
from tradewright.domain.live.latch import LatchOrder

ORDER = LatchOrder("drawdown", "risk", flatten=True, cancel_all=False)


def test_what_was_told_is_read_by_the_next_process(tmp_path):
    FileLatch(tmp_path / "a" / "latch").set(ORDER)
    assert FileLatch(tmp_path / "a" / "latch").read() == ORDER


def test_nothing_was_told(tmp_path):
    latch = FileLatch(tmp_path / "latch")
    assert latch.read() is None
    latch.clear()
    latch.set(ORDER)
    latch.clear()
    assert latch.read() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"reason": 1}', b"\xff"])
def test_a_damaged_file_is_a_latch(tmp_path, content):
    (tmp_path / "latch").write_bytes(content)
    assert FileLatch(tmp_path / "latch").read().reason == "The latch file cannot be read."


def test_a_folder_in_its_place_is_a_latch_and_cannot_be_set(tmp_path):
    (tmp_path / "latch").mkdir()
    assert FileLatch(tmp_path / "latch").read() is not None
    with pytest.raises(StorageError, match="cannot be written"):
        FileLatch(tmp_path / "latch").set(ORDER)
    with pytest.raises(StorageError, match="cannot be taken away"):
        FileLatch(tmp_path / "latch").clear()
