"""Sessions as whoever watches sees them, without being in the way of a session that begins."""

from __future__ import annotations

import subprocess
import sys

from tradewright.adapters.storage.sessions.liveness import is_alive
from tradewright.bootstrap.session_logs import session_logs
from tradewright.bootstrap.session_readings import SessionReadings, disk_readings

HELD = """
import sys
from tradewright.bootstrap.session_logs import session_logs
log = session_logs(sys.argv[1]).create("alpha", {"mode": "live"})
log.measure({"equity": 5.0, "state": "running"})
print("held", flush=True)
sys.stdin.read()
"""


def test_the_process_of_a_session_is_seen_to_live_and_to_die(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HELD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    with holder:
        assert holder.stdout.readline() == "held\n"
        (seen,) = SessionReadings(tmp_path).all()
        assert (seen.name, seen.mode, seen.state, seen.is_alive) == ("alpha", "live", "running", True)
        holder.kill()
        holder.wait(30)
    (seen,) = SessionReadings(tmp_path).all()
    assert (seen.state, seen.is_alive) == ("running", False)


def test_who_looks_does_not_hold_the_lock(tmp_path):
    session_logs(tmp_path).create("alpha", {}).close()
    readings = SessionReadings(tmp_path)
    readings.all()
    session_logs(tmp_path).open("alpha").close()


def test_of_another_host_nothing_is_said(tmp_path):
    for words in ("", "12\nelsewhere\n345\n", "x\ny\nz\n", "12\n"):
        (tmp_path / "lock").write_text(words)
        assert is_alive(tmp_path / "lock") is None
    assert is_alive(tmp_path / "none") is None


def test_a_house_without_sessions_has_none(tmp_path):
    assert SessionReadings(tmp_path).all() == []
    assert not (tmp_path / "sessions").exists()


def test_a_damaged_session_counts_nothing(tmp_path):
    session_logs(tmp_path).create("alpha", {}).close()
    readings = SessionReadings(tmp_path)
    (seen,) = readings.all()
    (tmp_path / "sessions" / "alpha" / "record.log").write_bytes(b"no record at all, and long enough to be read as one")
    assert readings.rate(seen, 60.0, 10**18) == 0


def test_the_disk_of_a_folder_that_is_not_there_yet_is_that_above(tmp_path):
    (disk,) = disk_readings(tmp_path / "not" / "yet")
    assert 0 < disk.free <= disk.total
