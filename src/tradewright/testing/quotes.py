"""The suite for streams of quotes: what every one promises, checked on a source whose quotes are known."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from tradewright.domain.errors import AuthenticationError, BrokerError, DataError
from tradewright.domain.live.feed import Pulse, RefusedQuote
from tradewright.domain.quote import Quote

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from tradewright.domain.live.feed import QuoteEvent
    from tradewright.ports.quote_stream import QuoteStream

__all__ = ["QuoteConformance", "QuoteFault", "QuoteShape", "QuoteStage", "QuoteTerms"]

_ON_THE_WAY = 8
"""Signs of life that may have been given before a source fell mute."""


class QuoteShape(StrEnum):
    """What a source may quote."""

    TWO_SIDED = "a bid below an ask"
    NO_BID = "an ask alone"
    NO_ASK = "a bid alone"
    CROSSED = "a bid above the ask"


class QuoteFault(StrEnum):
    """What a source may be able to do wrong."""

    CUT = "the connection is cut"
    MUTE = "the connection stays open and says nothing more"
    NO_QUOTE = "a message is no quote"
    UNREADABLE = "a frame cannot be read"
    REFUSED = "the next symbols that are asked for are refused"
    WRONG_KEYS = "the credentials of the next adapter are wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTerms:
    """What the checks ask for, and what the source can be made to do.

    Parameters
    ----------
    symbols : tuple of str
        Two that it quotes.
    shapes : frozenset of QuoteShape
    faults : frozenset of QuoteFault
    patience_s : float
        How long a check waits for what must come.
    """

    symbols: tuple[str, str] = ("ACME", "BOLT")
    shapes: frozenset[QuoteShape] = frozenset({QuoteShape.TWO_SIDED})
    faults: frozenset[QuoteFault] = frozenset()
    patience_s: float = 60.0


class QuoteStage(Protocol):
    """A source that runs for the length of one check."""

    terms: QuoteTerms

    def open(self) -> QuoteStream:
        """A new adapter, not connected, with a short heartbeat."""
        ...

    async def quote(self, symbol: str, shape: QuoteShape = QuoteShape.TWO_SIDED) -> Quote:
        """Let the source quote a symbol once more; what it said, as it should be read."""
        ...

    async def strike(self, fault: QuoteFault, symbol: str) -> None:
        """Let a fault of `terms.faults` happen, to a symbol where it is about one."""
        ...


class QuoteConformance(Conformance):
    """What every `tradewright.ports.quote_stream.QuoteStream` promises.

    Attributes
    ----------
    stage : callable
        ``stage()`` gives an asynchronous context manager, whose value is a `QuoteStage`.
    run : callable
        ``run(coroutine)`` runs a check; `asyncio.run` by default.

    Examples
    --------
    A subclass under pytest::

        class TestMyQuotes(QuoteConformance):
            stage = staticmethod(my_stage)
    """

    run: Callable[..., None] = staticmethod(asyncio.run)
    stage: Callable[[], AbstractAsyncContextManager[QuoteStage]]

    def _play(self, check: Callable[[_Play], Awaitable[None]]) -> None:
        async def play() -> None:
            async with self.subject("stage")() as stage:
                playing = _Play(stage)
                try:
                    await check(playing)
                finally:
                    await playing.stream.disconnect()

        self.subject("run")(play())

    def test_it_says_what_it_is(self) -> None:
        """A name, a delay that can be, and a heartbeat."""
        self._play(_says_what_it_is)

    def test_quotes_come_as_they_were_made(self) -> None:
        """Symbol, time, prices and sizes to the last digit, in every shape that there is."""
        self._play(_as_made)

    def test_only_what_was_asked_for_comes(self) -> None:
        """Of two symbols that are quoted the one that nobody wanted does not come; asked for later, it does."""
        self._play(_only_wanted)

    def test_the_latest_comes_whatever_came_before(self) -> None:
        """Who reads slowly comes to the latest quote, and times do not fall."""
        self._play(_latest)

    def test_quiet_is_told_from_mute(self) -> None:
        """With no quote there is a pulse; where the source is mute there is none, or the stream ends."""
        self._play(_pulses)

    def test_a_stream_that_is_cut_ends_and_opens_again(self) -> None:
        """It ends by itself; the next connection has what is asked of it."""
        self._play(_cut)

    def test_what_is_no_quote_is_said_and_the_stream_goes_on(self) -> None:
        """No quote is made of it, and the next one comes."""
        self._play(_no_quote)

    def test_a_frame_that_cannot_be_read_ends_the_stream(self) -> None:
        """Nobody knows what was in it."""
        self._play(_unreadable)

    def test_what_is_refused_is_said(self) -> None:
        """Asking raises, and what was granted before goes on."""
        self._play(_refused)

    def test_wrong_credentials_are_said(self) -> None:
        """An `AuthenticationError`, without them in it."""
        self._play(_wrong_keys)

    def test_closing_twice_is_harmless(self) -> None:
        """Also where nothing was opened; the events end."""
        self._play(_closes)


class _Play:
    """A stage with an adapter on it."""

    def __init__(self, stage: QuoteStage) -> None:
        self.stage = stage
        self.terms = stage.terms
        self.one, self.other = stage.terms.symbols
        self.stream = stage.open()

    async def begin(self, *symbols: str) -> None:
        """Connect and ask."""
        await self.stream.connect()
        await self.stream.subscribe(symbols or (self.one,))

    async def until(self, wanted: Callable[[QuoteEvent], bool], what: str) -> list[QuoteEvent]:
        """Everything up to an event, that one included."""
        found: list[QuoteEvent] = []
        try:
            async with asyncio.timeout(self.terms.patience_s), aclosing(self.stream.events()) as events:  # type: ignore[type-var]
                async for event in events:
                    found.append(event)
                    if wanted(event):
                        return found
        except TimeoutError:
            pass
        raise AssertionError(f"{what} did not come: there came {found[-5:]}.")

    async def quoted(self, symbol: str) -> None:
        """Let a symbol be quoted, and hear it."""
        truth = await self.stage.quote(symbol)
        await self.until(lambda event: event == truth, f"{truth}")

    async def ends(self) -> list[QuoteEvent]:
        """Everything up to the end of the stream."""
        try:
            async with asyncio.timeout(self.terms.patience_s):
                return [event async for event in self.stream.events()]
        except TimeoutError:
            raise AssertionError("The stream did not end.") from None


async def _says_what_it_is(play: _Play) -> None:
    feed = play.stream.feed
    require(feed.name and feed.name == feed.name.strip(), f"The feed is called {feed.name!r}.")
    require(0 <= feed.delay_s < float("inf"), f"The delay is {feed.delay_s} s.")
    require(0 < play.stream.heartbeat_s < float("inf"), f"The heartbeat is {play.stream.heartbeat_s} s.")


async def _as_made(play: _Play) -> None:
    await play.begin()
    for shape in sorted(play.terms.shapes):
        truth = await play.stage.quote(play.one, shape)
        came = await play.until(lambda event: isinstance(event, Quote), f"A quote with {shape}")
        require(came[-1] == truth, f"{truth} came as {came[-1]}.")


async def _only_wanted(play: _Play) -> None:
    await play.begin()
    await play.stage.quote(play.other)
    truth = await play.stage.quote(play.one)
    came = await play.until(lambda event: event == truth, f"{truth}")
    require(all(getattr(each, "symbol", play.one) == play.one for each in came), f"There came {came}.")
    await play.stream.subscribe([play.other])
    await play.quoted(play.other)
    await play.quoted(play.one)


async def _latest(play: _Play) -> None:
    await play.begin()
    truth = [await play.stage.quote(play.one) for _ in range(5)]
    came = await play.until(lambda event: event == truth[-1], "The latest quote")
    times = [each.at_ns for each in came if isinstance(each, Quote)]
    require(times == sorted(times), f"The times of quotes fall: {times}.")
    require(all(each in truth for each in came if isinstance(each, Quote)), f"There came {came}.")


async def _pulses(play: _Play) -> None:
    await play.begin()
    await play.until(lambda event: isinstance(event, Pulse), "A sign of life")
    if QuoteFault.MUTE not in play.terms.faults:
        return
    await play.stage.strike(QuoteFault.MUTE, play.one)
    async with aclosing(play.stream.events()) as events:  # type: ignore[type-var]
        for _ in range(_ON_THE_WAY):
            try:
                await asyncio.wait_for(anext(events), 2 * play.stream.heartbeat_s)
            except (StopAsyncIteration, TimeoutError):
                return
    require(False, "A mute stream shows signs of life.")


async def _cut(play: _Play) -> None:
    await play.begin()
    await play.quoted(play.one)
    if QuoteFault.CUT not in play.terms.faults:
        return
    await play.stage.strike(QuoteFault.CUT, play.one)
    await play.ends()
    await play.begin()
    await play.quoted(play.one)


async def _no_quote(play: _Play) -> None:
    if QuoteFault.NO_QUOTE not in play.terms.faults:
        return
    await play.begin()
    await play.stage.strike(QuoteFault.NO_QUOTE, play.one)
    said = await play.until(lambda event: not isinstance(event, Pulse), "What is said of a message that is no quote")
    require(not [each for each in said if isinstance(each, Quote)], f"A quote was made of what is none: {said}.")
    require(isinstance(said[-1], RefusedQuote) and said[-1].symbol in ("", play.one), f"It was said of {said[-1]}.")
    await play.quoted(play.one)


async def _unreadable(play: _Play) -> None:
    if QuoteFault.UNREADABLE not in play.terms.faults:
        return
    await play.begin()
    await play.stage.strike(QuoteFault.UNREADABLE, play.one)
    came = await play.ends()
    require(not [each for each in came if isinstance(each, Quote)], f"Out of what cannot be read came {came}.")


async def _refused(play: _Play) -> None:
    if QuoteFault.REFUSED not in play.terms.faults:
        return
    await play.begin()
    await play.stage.strike(QuoteFault.REFUSED, play.other)
    try:
        await play.stream.subscribe([play.other])
    except (BrokerError, DataError):
        await play.quoted(play.one)
        return
    require(False, "What was refused seems granted.")


async def _wrong_keys(play: _Play) -> None:
    if QuoteFault.WRONG_KEYS not in play.terms.faults:
        return
    await play.stage.strike(QuoteFault.WRONG_KEYS, play.one)
    play.stream = play.stage.open()
    try:
        await play.stream.connect()
    except AuthenticationError:
        return
    require(False, "Wrong credentials were not refused.")


async def _closes(play: _Play) -> None:
    await play.stream.disconnect()
    await play.begin()
    await play.stream.disconnect()
    await play.stream.disconnect()
    await play.ends()
