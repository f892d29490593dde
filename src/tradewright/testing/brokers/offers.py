"""The table of what is offered is true: what is there works, what is not is refused with the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import DataError, OrderError
from tradewright.domain.live.feed import Pulse, StreamBar
from tradewright.domain.live.offer import Feature, Support
from tradewright.domain.live.venue import AnswerKind, ReplaceKind
from tradewright.domain.order import OrderType, TimeInForce
from tradewright.domain.timeframe import Timeframe
from tradewright.testing.conformance import require

from .play import BrokerSuite

if TYPE_CHECKING:
    from tradewright.domain.bars import Bar
    from tradewright.domain.live.feed import FeedEvent
    from tradewright.domain.live.wire import WireOrder
    from tradewright.ports.bar_stream import BarStream

    from .play import Play

__all__ = ["BarChecks", "OfferChecks"]

_DAY_NS = 86_400 * 1_000_000_000
_FORMED = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT, OrderType.MARKET_ON_CLOSE)
_LONG = Timeframe.parse("1mo")


class OfferChecks(BrokerSuite):
    """What a kind of broker says it offers."""

    def test_offered_orders_are_taken(self) -> None:
        """Every type, and every time in force of the simplest order, that the table has as there."""
        self.play(self._takes)

    async def _takes(self, play: Play) -> None:
        for wire in _forms(play):
            words = (wire.order_type, wire.time_in_force)
            if all(play.stage.offer.support(word) is Support.YES for word in words):
                answer = await play.submit(wire)
                taken = answer.kind is AnswerKind.ACCEPTED
                require(taken, f"An offered {words[0]} order with {words[1]} was answered {answer}.")

    def test_what_is_not_offered_is_refused_with_the_sentence(self) -> None:
        """By the adapter itself: the venue hears nothing of it."""
        self.play(self._leaves_out)

    async def _leaves_out(self, play: Play) -> None:
        before = await play.stage.arrived()
        for wire in _forms(play):
            try:
                play.stage.offer.require(wire)
            except OrderError as error:
                answer = await play.submit(wire)
                require(answer.kind is AnswerKind.REFUSED, f"What is not offered was answered {answer}.")
                require(error.message in answer.reason, f"It was refused as '{answer.reason}', not as '{error}'.")
        require(await play.stage.arrived() == before, "The venue was asked for what is not offered.")

    def test_features_are_those_of_the_parts(self) -> None:
        """Ids, replaces, bars and feeds are offered exactly where the opened parts have them."""
        self.play(self._features, connected=False)

    async def _features(self, play: Play) -> None:
        offer, can, parts = play.stage.offer, play.broker.capabilities, play.parts
        found = {
            Feature.CLIENT_IDS: can.has_cids,
            Feature.EXECUTION_IDS: can.has_execution_ids,
            Feature.REDUCE_ONLY: can.reduce_only,
            Feature.HISTORY: parts.history is not None,
            Feature.LIVE_BARS: parts.stream is not None,
            Feature.LIVE_QUOTES: parts.quotes is not None,
        }
        for feature, is_there in found.items():
            require((offer.support(feature) is Support.YES) == is_there, f"The table is wrong about {feature}.")
        if offer.support(Feature.REPLACE) is Support.YES:
            require(can.replace is not ReplaceKind.NONE, "Native replaces are offered and there are none.")
        if parts.stream is not None:
            require(parts.stream.feed.name in offer.feeds, f"The table has no feed {parts.stream.feed.name}.")


def _forms(play: Play) -> list[WireOrder]:
    """Every order that can be written, once by type and once by time in force, but those beyond the local venue."""
    terms = play.terms
    expires = play.stage.clock.now_ns() + _DAY_NS
    plain = terms.time_in_force
    kinds = [
        terms.of_type(kind, TimeInForce.DAY if kind is OrderType.MARKET_ON_CLOSE else plain)
        for kind in _FORMED
        if kind not in terms.beyond
    ]
    lives = [
        terms.of_type(OrderType.LIMIT, life, expires if life is TimeInForce.GTD else None)
        for life in TimeInForce
        if life not in terms.beyond
    ]
    return [*kinds, *lives]


class BarChecks(BrokerSuite):
    """Bars, where the venue has them."""

    def test_closed_bars_are_streamed_as_the_venue_has_them(self) -> None:
        """Each bar of the market comes once it has closed, with all its numbers."""
        self.play(self._streams_bars)

    async def _streams_bars(self, play: Play) -> None:
        stream, timeframe = play.parts.stream, play.terms.timeframe
        if stream is None or timeframe is None:
            return
        await stream.connect()
        try:
            await stream.subscribe([play.terms.symbol], timeframe)
            for _ in range(2):
                await play.stage.move()
                bar = await _next_bar(play, stream)
                require(bar == (await play.stage.bars())[-1], f"The stream told {bar}, the venue has another bar.")
        finally:
            await stream.disconnect()

    def test_a_quiet_stream_shows_that_it_lives(self) -> None:
        """Without a bar there is a pulse within every heartbeat."""
        self.play(self._pulses)

    async def _pulses(self, play: Play) -> None:
        stream = play.parts.stream
        if stream is None:
            return
        await stream.connect()
        try:
            await play.within(_pulse_of(stream), "A quiet stream gave no sign of life.")
        finally:
            await stream.disconnect()

    def test_timeframes_that_there_are_not_are_refused(self) -> None:
        """With an error of the data, by the stream and by the history."""
        self.play(self._no_timeframe)

    async def _no_timeframe(self, play: Play) -> None:
        stream, history = play.parts.stream, play.parts.history
        if stream is not None:
            await stream.connect()
            try:
                await stream.subscribe([play.terms.symbol], _LONG)
                require(False, f"The stream has bars of {_LONG}.")
            except DataError:
                pass
            finally:
                await stream.disconnect()
        if history is not None:
            try:
                await history.bars(play.terms.symbol, _LONG, 0, play.stage.clock.now_ns())
                require(False, f"The history has bars of {_LONG}.")
            except DataError:
                return

    def test_a_stream_ends_with_its_connection(self) -> None:
        """Who reads it is told so, and it can be opened again."""
        self.play(self._ends)

    async def _ends(self, play: Play) -> None:
        stream = play.parts.stream
        if stream is None:
            return
        for _ in range(2):
            await stream.connect()
            events = stream.events()
            await stream.disconnect()
            await play.within(_drained(events), "A stream of bars did not end with its connection.")
        await stream.disconnect()

    def test_history_is_complete_and_holds_closed_bars_only(self) -> None:
        """All bars between two instants, oldest first, as the venue has them; none that has not closed."""
        self.play(self._history)

    async def _history(self, play: Play) -> None:
        history, timeframe = play.parts.history, play.terms.timeframe
        if history is None or timeframe is None:
            return
        for _ in range(4):
            await play.stage.move()
        truth = list(await play.stage.bars())
        now = play.stage.clock.now_ns()
        found = list(await history.bars(play.terms.symbol, timeframe, truth[0].open_time, now))
        require(found == truth, f"{len(truth)} bars have closed, the history has {len(found)}, or others.")
        cut = list(await history.bars(play.terms.symbol, timeframe, truth[1].open_time, truth[-2].close_time))
        require(cut == truth[1:-1], "A part of the history is not that part.")


async def _next_bar(play: Play, stream: BarStream) -> Bar:
    found: list[Bar] = []

    async def wait() -> None:
        async for event in stream.events():
            if isinstance(event, StreamBar):
                found.append(event.bar)
                return

    await play.within(wait(), "A bar closed and the stream told nothing.")
    return found[0]


async def _pulse_of(stream: BarStream) -> None:
    async for event in stream.events():
        if isinstance(event, Pulse):
            return


async def _drained(events: object) -> list[FeedEvent]:
    return [event async for event in events]  # type: ignore[attr-defined]
