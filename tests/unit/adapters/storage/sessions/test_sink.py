"""A record that keeps nothing leaves what it is written into as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tradewright.adapters.storage.sessions.sink import sink_log


def test_what_is_measured_takes_no_files_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = tmp_path / "nowhere"
    nowhere.touch()
    monkeypatch.setattr(os, "devnull", str(nowhere))
    log = sink_log()
    before = nowhere.stat()
    log.measure({"cash": 1.0})
    assert nowhere.stat() == before
    assert list(tmp_path.iterdir()) == [nowhere]
