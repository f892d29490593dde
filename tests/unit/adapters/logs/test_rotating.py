"""A log file that several processes write: no line is lost or torn, and it does not grow beyond what was said."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from tradewright.adapters.logs.rotating import SharedLogFile

WRITER = """
import logging, sys
from pathlib import Path
from tradewright.adapters.logs.rotating import SharedLogFile
file = SharedLogFile(Path(sys.argv[1]), 4000, 50)
for number in range(300):
    file.handle(logging.makeLogRecord({"msg": f"{sys.argv[2]}-{number:04}-" + "x" * 40}))
file.close()
"""


@pytest.fixture
def made():
    files = []

    def made(path, most_bytes=100, keep=2):
        files.append(SharedLogFile(path, most_bytes, keep))
        return files[-1]

    yield made
    for each in files:
        each.close()


def say(file, text):
    file.handle(logging.makeLogRecord({"msg": text}))


def test_a_file_that_is_full_is_changed_and_the_oldest_goes(tmp_path, made):
    file = made(tmp_path / "logs" / "a.log")
    for letter in "abcdefgh":
        say(file, letter * 40)
    names = sorted(each.name for each in (tmp_path / "logs").iterdir())
    assert names == ["a.log", "a.log.1", "a.log.2", "a.log.lock"]
    assert (tmp_path / "logs" / "a.log").read_text() == "g" * 40 + "\n" + "h" * 40 + "\n"
    assert (tmp_path / "logs" / "a.log.2").read_text().startswith("c")


def test_a_line_longer_than_a_file_is_written_all_the_same(tmp_path, made):
    say(made(tmp_path / "a.log"), "x" * 500)
    assert len((tmp_path / "a.log").read_text()) == 501


def test_nothing_is_kept_where_nothing_is_to_be(tmp_path, made):
    file = made(tmp_path / "a.log", keep=0)
    for letter in "abc":
        say(file, letter * 60)
    assert (tmp_path / "a.log").read_text() == "c" * 60 + "\n"


def test_who_finds_the_file_gone_begins_it_again(tmp_path, made):
    file = made(tmp_path / "a.log")
    (tmp_path / "a.log").unlink()
    say(file, "again")
    assert (tmp_path / "a.log").read_text() == "again\n"


def test_a_file_is_the_users_own(tmp_path, made):
    made(tmp_path / "a.log")
    assert (tmp_path / "a.log").stat().st_mode & 0o077 == 0


def test_processes_that_write_one_file_lose_no_line_when_it_is_changed(tmp_path):
    path = tmp_path / "a.log"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "abc"]
    assert [each.wait(60) for each in writers] == [0, 0, 0]
    lines = [line for each in tmp_path.glob("a.log*") for line in each.read_text().splitlines()]
    # A line that was on its way while another process changed the file goes into the one before: it is not lost.
    assert sorted(lines) == sorted(f"{name}-{number:04}-" + "x" * 40 for name in "abc" for number in range(300))
