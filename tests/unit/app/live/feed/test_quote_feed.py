"""A feed of quotes keeps the latest of each symbol, over lost and mute connections, and says how it goes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from tests.feed_stage import NS, at, is_within

from tradewright.app.live.feed.quotes import QuoteFeed
from tradewright.domain import errors
from tradewright.domain.errors import AuthenticationError
from tradewright.domain.live.feed import FeedKind, Pulse, RefusedQuote
from tradewright.domain.quote import Quote
from tradewright.risk.collars import Collars
from tradewright.risk.quotes import QuoteBook
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

START = at("2020-02-05T15:00")


@dataclass
class ScriptedQuotes:
    """Says each event at its second while it is neither out nor mute; a pulse with every heartbeat."""

    clock: VirtualClock
    said: list
    out: tuple = ()
    mute: tuple = ()
    heartbeat_s: float = 5.0
    feed: FeedKind = field(default_factory=lambda: FeedKind("scripted"))
    connects: int = 0
    refuses: bool = False

    async def connect(self):
        if self.refuses:
            raise AuthenticationError("The keys are wrong.")
        self.connects += 1
        if is_within(self.out, self.clock.now_ns()):
            raise errors.ConnectionError("The feed is away.")

    async def subscribe(self, symbols):
        self.symbols = tuple(symbols)

    async def events(self):
        pulses = [(START + round(beat * self.heartbeat_s * NS), None) for beat in range(1, 200)]
        script = [(START + round(second * NS), event) for second, event in self.said]
        for when, event in sorted(script + pulses, key=lambda each: each[0]):
            if when < self.clock.now_ns():
                continue
            await asyncio.sleep((when - self.clock.now_ns()) / NS)
            if is_within(self.out, when):
                raise errors.ConnectionError("The feed went away.")
            if not is_within(self.mute, when):
                yield Pulse(when) if event is None else event

    async def disconnect(self):
        pass


class Hours:
    def open_since(self, at_ns):
        return START - 3600 * NS


def quote(second, bid=99.0, ask=101.0, symbol="ACME"):
    return Quote(symbol, START + round(second * NS), bid, ask)


def run(said, seconds=60, is_beside=False, **script):
    """The feed after so many seconds, its stream, and what it handed on."""
    loop = VirtualTimeLoop(most_steps=200_000)
    clock = VirtualClock(loop, START)
    spans = {name: tuple((START + first * NS, START + last * NS) for first, last in script.pop(name, ()))
             for name in ("out", "mute")}  # fmt: skip
    stream, heard = ScriptedQuotes(clock, said, **spans, **script), []
    feed = QuoteFeed(stream, ["ACME"], QuoteBook(Collars()), Hours(), clock=clock, each=heard.append)

    async def follow():
        task = asyncio.create_task(feed.run_beside() if is_beside else feed.run())
        await asyncio.wait([task], timeout=seconds)
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and task.exception() is not None:
            raise task.exception()

    loop.run(follow())
    return feed, stream, heard


def test_the_latest_quote_is_kept_and_what_comes_late_is_counted():
    feed, _, heard = run([(1, quote(1)), (2, quote(2, 98.0)), (3, quote(1.5, 97.0))])
    assert (feed.book.last("ACME"), heard) == (quote(2, 98.0), [quote(1), quote(2, 98.0)])
    assert (feed.status.taken, feed.status.late, feed.status.is_connected) == (2, 1, True)


def test_what_is_no_quote_ends_the_trust_in_the_one_before():
    feed, _, heard = run([(1, quote(1)), (2, RefusedQuote("ACME", "It is none."))])
    assert (feed.book.last("ACME"), heard, feed.status.refused) == (None, [quote(1)], 1)


def test_a_quote_that_nobody_asked_for_is_refused():
    feed, _, heard = run([(1, quote(1, symbol="BOLT"))])
    assert (feed.book.last("BOLT"), heard, feed.status.refused) == (None, [], 1)


def test_a_lost_connection_is_opened_again():
    feed, stream, heard = run([(1, quote(1)), (30, quote(30))], out=[(10, 20)])
    assert [each.at_ns for each in heard] == [quote(1).at_ns, quote(30).at_ns]
    assert (feed.status.is_connected, feed.status.reconnects, feed.status.trouble) == (True, 1, "")
    assert stream.connects >= 2


def test_while_it_is_lost_it_is_said_why():
    feed, _, _ = run([(1, quote(1))], seconds=15, out=[(10, 100)])
    assert (feed.status.is_connected, feed.status.trouble) == (
        False, "The feed scripted was lost: The feed is away.",
    )  # fmt: skip


def test_a_mute_connection_is_opened_again():
    feed, stream, _ = run([(1, quote(1))], mute=[(2, 30)])
    assert stream.connects >= 2
    assert feed.status.is_connected


def test_how_it_stands_is_told_in_plain_words():
    feed, _, _ = run([(1, quote(1))])
    told = feed.standing()
    assert told["last"] == [
        {"symbol": "ACME", "at_ns": quote(1).at_ns, "bid": 99.0, "ask": 101.0, "bid_size": 0.0, "ask_size": 0.0}
    ]
    assert (told["feed"], told["taken"], told["delay_s"]) == ("scripted", 1, 0.0)


def test_wrong_credentials_end_it():
    with pytest.raises(AuthenticationError):
        run([], refuses=True)


def test_beside_a_session_wrong_credentials_are_said_and_end_nothing_else():
    feed, _, _ = run([], is_beside=True, refuses=True)
    assert (feed.status.is_connected, feed.status.trouble) == (False, "The keys are wrong.")
