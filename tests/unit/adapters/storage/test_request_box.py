"""What is asked of a running session: each request is taken once, in order, and answered once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.adapters.storage.sessions.box import FileRequestBox
from tradewright.domain.errors import StorageError
from tradewright.ports.request_box import Reply


def test_requests_come_out_once_and_in_order(tmp_path: Path) -> None:
    asker, session = FileRequestBox(tmp_path / "box"), FileRequestBox(tmp_path / "box")
    asked = [{"command": f"c{number}"} for number in range(12)]
    posted = [asker.post(each) for each in asked]
    assert session.take() == list(zip(posted, asked, strict=True))
    assert session.take() == []


def test_an_answer_is_read_once_by_whoever_asked(tmp_path: Path) -> None:
    box = FileRequestBox(tmp_path)
    request, other = box.post({"command": "end"}), box.post({"command": "pause"})
    assert box.answer(request) is None
    box.reply(request, Reply(True, "It ends."))
    assert (box.answer(other), box.answer(request), box.answer(request)) == (None, Reply(True, "It ends."), None)


def test_a_request_that_nobody_took_can_be_taken_back(tmp_path: Path) -> None:
    box = FileRequestBox(tmp_path)
    first, second = box.post({"command": "close_all"}), box.post({"command": "end"})
    assert box.withdraw(first)
    assert [request for request, _ in box.take()] == [second]
    assert not box.withdraw(second)


def test_a_request_that_is_being_written_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "00000001-a.request.aside").write_text("{")
    assert FileRequestBox(tmp_path).take() == []


def test_a_box_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be read or written"):
        FileRequestBox(tmp_path / "file" / "box").post({})
