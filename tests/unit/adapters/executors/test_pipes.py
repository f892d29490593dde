"""Pipes: a frame goes whole and comes whole, at once where the answer is there, through the loop where it is not."""

from __future__ import annotations

import asyncio
import os
import struct
import threading
from types import SimpleNamespace

import pytest

from tradewright.adapters.executors import pipes
from tradewright.adapters.executors.pipes import Pipes

DEADLINE_S = 120.0


def framed(content):
    return struct.pack("<Q", len(content)) + content


class Other:
    """The other end: what it was sent, and what it answers."""

    def __init__(self):
        self.sent, to_process = os.pipe()
        from_process, self.answers = os.pipe()
        self.process = SimpleNamespace(stdin=os.fdopen(to_process, "wb", 0), stdout=os.fdopen(from_process, "rb", 0))
        self._left = {self.sent, self.answers}

    def read(self, count):
        found = b""
        while len(found) < count and (chunk := os.read(self.sent, count - len(found))):
            found += chunk
        return found

    def say(self, content):
        os.write(self.answers, content)

    def leave(self):
        for handle in self._left:
            os.close(handle)
        self._left = set()

    def close(self):
        self.leave()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def other():
    made = Other()
    yield made
    made.close()


def through_the_loop(asked):
    async def run():
        async with asyncio.timeout(DEADLINE_S):
            await asked.answered()

    asyncio.run(run())


def test_an_answer_that_is_there_is_had_at_once(other):
    asked = Pipes(other.process)
    asked.send(b"question")
    assert other.read(8 + 8) == framed(b"question")
    other.say(framed(b"answer"))
    assert (asked.is_answered_at_once(), asked.answer) == (True, b"answer")


def test_one_frame_follows_another(other):
    asked, found = Pipes(other.process), []
    for content in (b"one", b"", b"three"):
        asked.send(content)
        assert other.read(8 + len(content)) == framed(content)
        other.say(framed(content * 2))
        asked.is_answered_at_once()
        found.append(asked.answer)
    assert found == [b"oneone", b"", b"threethree"]


def test_an_answer_that_is_not_there_in_time_comes_through_the_loop(other, monkeypatch):
    monkeypatch.setattr(pipes, "PATIENCE_S", 0.0)
    asked = Pipes(other.process)
    asked.send(b"question")
    was_there = asked.is_answered_at_once()
    other.say(framed(b"answer")[:11])
    was_whole = asked.is_answered_at_once()
    other.say(framed(b"answer")[11:])
    through_the_loop(asked)
    assert (was_there, was_whole, asked.answer) == (False, False, b"answer")


def test_a_frame_that_does_not_fit_into_the_pipe_arrives_whole(other):
    asked, content = Pipes(other.process), bytes(range(256)) * 8_192
    got = []

    def work():
        got.append(other.read(8 + len(content)))
        other.say(framed(b"answer"))

    reading = threading.Thread(target=work)
    asked.send(content)
    at_once = asked.is_answered_at_once()
    reading.start()
    through_the_loop(asked)
    reading.join(DEADLINE_S)
    assert (at_once, got == [framed(content)], asked.answer) == (False, True, b"answer")


@pytest.mark.parametrize("said", [b"", b"\x05\x00\x00", framed(b"answer")[:-1]])
def test_an_end_that_goes_away_before_it_has_answered_gives_none(other, said):
    asked = Pipes(other.process)
    asked.send(b"question")
    if said:
        other.say(said)
    other.leave()
    assert (asked.is_answered_at_once(), asked.answer) == (True, None)


def test_an_end_that_is_gone_before_it_is_asked_gives_none(other):
    asked = Pipes(other.process)
    other.leave()
    asked.send(b"question")
    through_the_loop(asked)
    assert asked.answer is None
