"""Requests of a session that does not answer are taken back, or their outcome is said to be unknown."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tradewright.adapters.storage.journal.latch_file import FileLatch
from tradewright.bootstrap.desk_acts import DeskActs
from tradewright.bootstrap.session_logs import request_box, session_logs
from tradewright.bootstrap.session_restarts import refuse_halted
from tradewright.domain.errors import ApprovalError, ConflictError
from tradewright.domain.live.latch import LatchOrder

ASKED = {"command": "pause", "who": "ann", "reason": "lunch"}


def test_what_nobody_took_is_taken_back_and_nothing_was_done(tmp_path: Path) -> None:
    with pytest.raises(ConflictError, match="nothing was done"):
        DeskActs(tmp_path, tmp_path, answer_s=0.05).ask("night", ASKED)
    assert request_box("night", tmp_path).take() == []


def test_what_was_taken_and_not_answered_has_an_unknown_outcome(tmp_path: Path) -> None:
    acts = DeskActs(tmp_path, tmp_path, answer_s=1.0, wait_s=0.0)
    with _TakesAtOnce(tmp_path), pytest.raises(ConflictError, match="Outcome unknown"):
        acts.ask("night", ASKED)


class _TakesAtOnce:
    """Takes what is posted, in a thread of its own, and never answers."""

    def __init__(self, home: Path) -> None:
        self._box, self._ends = request_box("night", home), threading.Event()
        self._thread = threading.Thread(target=self._take)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def _take(self) -> None:
        while not self._ends.is_set() and not self._box.take():
            self._ends.wait(0.001)


def test_a_session_whose_account_is_latched_is_not_begun_again(tmp_path: Path) -> None:
    about = {"mode": "paper", "fills": "venue", "account": "DU1"}
    session_logs(tmp_path).create("night", about).close()
    refuse_halted("night", tmp_path)
    place = tmp_path / "accounts" / "paper" / "DU1"
    place.mkdir(parents=True)
    FileLatch(place / "latch").set(LatchOrder("drawdown", "night"))
    with pytest.raises(ApprovalError, match="latched"):
        refuse_halted("night", tmp_path)
    refuse_halted("never began", tmp_path)
