"""What nobody asks for any more is forgotten: events, answers, and what jobs printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.unit.api.conftest import NOW

from tradewright.api.housekeeping import EVENTS_NS, LOGS_NS, tidy
from tradewright.bootstrap.control_room import control_room
from tradewright.face.bars_again import OriginReader


def test_what_is_old_is_forgotten_and_what_is_not_stays(
    storage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    room = control_room("0.0.test", OriginReader, project=tmp_path, now_ns=lambda: NOW)
    for job, age_ns in (("old", LOGS_NS + 1), ("young", LOGS_NS - 1)):
        room.jobs.log.append(job, b"said\n")
        os.utime(storage / "jobs" / f"{job}.log", ns=(NOW - age_ns, NOW - age_ns))
        room.events.append("runs", job, {}, NOW - EVENTS_NS + (1 if job == "young" else -1))
    tidy(room)
    assert (room.jobs.log.read("old", 0, 9)[0], room.jobs.log.read("young", 0, 9)[0]) == (b"", b"said\n")
    assert [event.kind for event in room.events.after("runs", 0, 9)] == ["young"]
