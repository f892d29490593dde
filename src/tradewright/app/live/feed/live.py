"""The live feed: from venues to the rows that a session's engine takes, in order and each bar once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError, ConfigError
from tradewright.domain.live.modes import Mode
from tradewright.domain.live.session import SessionClosed
from tradewright.domain.timeframe import NS_PER_SECOND

from .assembly import Assembly, Verdict
from .hours import MarketHours
from .intake import Intake
from .line import FeedLine
from .line_parts import Subscription
from .reading import HistoryReader
from .settings import FeedSettings
from .status import FeedNote, FeedStatus, NoteKind, Tally
from .uptime import Uptime

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Sequence

    from tradewright.domain.instrument import Instrument
    from tradewright.domain.live.feed import FeedEvent
    from tradewright.domain.live.session import Row
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.bar_stream import BarHistory, BarStream
    from tradewright.ports.clock import Clock

    from .assembly import Release

__all__ = ["FeedSources", "LiveFeed"]

_LOOK_NS = 60 * NS_PER_SECOND


@dataclass(frozen=True, slots=True)
class FeedSources:
    """Where a feed has its bars from.

    Parameters
    ----------
    primary : BarStream
    history : BarHistory
    fallback : BarStream, optional
        Taken after failures of the primary, until that is well again.
    """

    primary: BarStream
    history: BarHistory
    fallback: BarStream | None = None

    @property
    def streams(self) -> tuple[BarStream, ...]:
        """The primary, and the fallback if there is one."""
        return (self.primary,) if self.fallback is None else (self.primary, self.fallback)


class LiveFeed:
    """The bars of some instruments as rows.

    Parameters
    ----------
    instruments : sequence of Instrument
        In the order of their numbers; each with a calendar.
    timeframe : Timeframe
    sources : FeedSources
    clock : Clock
    mode : Mode
    settings : FeedSettings, optional
    tell : callable, optional
        Called with each `FeedNote` as it is made.
    began_ns : int, optional
        When the session began, by default now: what closed until then is history and not acted on, but by a session
        that goes on where an earlier run of it ended.

    Attributes
    ----------
    hours : MarketHours
        When the markets are open: ``hours.is_open(at_ns)``, ``hours.next_open(at_ns)``, ``hours.next_close(at_ns)``.

    Raises
    ------
    ConfigError
        For live trading on a delayed feed, before anything is connected; for two instruments of one symbol, or none.
    CalendarError
        When a calendar is missing, unknown, or not known for today.
    """

    def __init__(  # noqa: PLR0913 - the parts of a feed, most by keyword
        self, instruments: Sequence[Instrument], timeframe: Timeframe, sources: FeedSources, *, clock: Clock,
        mode: Mode, settings: FeedSettings | None = None, tell: Callable[[FeedNote], None] | None = None,
        began_ns: int | None = None,
    ) -> None:  # fmt: skip
        _require_prompt(sources, mode)
        symbols = _symbols(instruments)
        self.clock = clock
        self.settings = settings = settings or FeedSettings()
        self.hours = hours = MarketHours(instruments, timeframe, settings.hours, clock.now_ns())
        self._tally = tally = Tally(tell)
        self._uptime = Uptime(hours)
        self._history = HistoryReader(
            sources.history, instruments, timeframe, settings.hours, clock=clock, tally=tally
        )  # fmt: skip
        self._assembly = Assembly(hours, symbols)
        self._intake = Intake(self._assembly, self._history, tally, self._uptime, clock=clock)
        self._line: FeedLine[FeedEvent] = FeedLine(
            sources.streams, Subscription(symbols, timeframe, settings.stream_timeframe), hours,
            clock=clock, settings=settings, listener=self._intake,
        )  # fmt: skip
        self._stale_ns = settings.stale_after_ns(timeframe)
        self._began_ns = clock.now_ns() if began_ns is None else began_ns
        self._last_close_ns: int | None = None
        self._unanswered = 0
        self._ask_at_ns = 0
        self._take: Callable[[Row | SessionClosed], None] | None = None
        self._waiting: list[Row | SessionClosed] = []
        self._is_giving = False

    # What the session calls.

    async def rows(self, *, warmup: int = 0, after: Row | None = None) -> AsyncGenerator[Row | SessionClosed, None]:
        """The bars before now as history, then the rows of the market as they close, without end; once.

        Parameters
        ----------
        warmup : int
            How many bars of each symbol before now are given first, as rows that are not acted on.
        after : Row, optional
            The last row that an earlier run of this session had: everything after it is given, and no warm-up.

        Raises
        ------
        BrokerError
            When the warm-up cannot be read, or the first attempt to connect is refused for its credentials.
        DataError
            For a timeframe that the feed does not have.
        """
        for row in await self.begin(warmup, after):
            yield self._counted(row)
        line = asyncio.create_task(self._line.run())
        line.add_done_callback(lambda _: self._intake.wake())
        try:
            while not line.done():
                self._is_giving = True
                for said in self._all_given():
                    yield said
                self._is_giving = False
                self._account()
                await self._step()
            line.result()
        finally:
            self._account()
            line.cancel()
            await asyncio.wait([line])

    def is_stale(self, row: Row) -> bool:
        """Whether a row that was given before is too old by now to act on."""
        return self.clock.now_ns() - row.close_ns > self._stale_ns + self._late_ns()

    def due_in_ns(self) -> int | None:
        """Until the next row may come, negative once it may have; None while no stream is open, or a bar waits."""
        due = self._assembly.next_due()
        if due is None or not self._line.is_open or self._assembly.has_waiting:
            return None
        return due + self._late_ns() - self.clock.now_ns()

    @property
    def status(self) -> FeedStatus:
        """How the feed is doing now."""
        self._account()
        now_ns, feed, close_ns = self.clock.now_ns(), self._line.stream.feed, self._last_close_ns
        return FeedStatus(
            is_connected=self._line.is_open,
            feed=feed.name,
            is_fallback=self._line.place > 0,
            delay_s=feed.delay_s,
            is_market_open=self.hours.is_open(now_ns),
            is_behind=self._is_behind(now_ns),
            last_close_ns=close_ns,
            last_bar_age_s=None if close_ns is None else (now_ns - close_ns) / NS_PER_SECOND,
            availability=self._uptime.availability,
            **self._tally.counts(),
        )

    @property
    def notes(self) -> tuple[FeedNote, ...]:
        """The last thousand notes, oldest first."""
        return tuple(self._tally.notes)

    # History first.

    async def begin(self, warmup: int = 0, after: Row | None = None) -> list[Row]:
        """Set the frontier, and give the rows of the warm-up."""
        rows: list[Row] = []
        if after is not None:
            self._began_ns = after.close_ns
            self._assembly.begin(after.close_ns, after.day)
        else:
            last_ns = self._settled_ns(self.clock.now_ns())
            for placed in await self._history.last_bars(warmup, last_ns) if warmup else []:
                self._assembly.accept(placed)
            rows = list(self._assembly.drain(last_ns))
        self._uptime.begin(self.clock.now_ns())
        return rows

    def _late_ns(self) -> int:
        """What the feed is late by design."""
        return round(self._line.stream.feed.delay_s * NS_PER_SECOND)

    def _settled_ns(self, now_ns: int) -> int:
        """The close up to which bars have had the time to come."""
        return now_ns - self._late_ns() - self.settings.patience_ns

    # Rows.

    def give_at_once(self, take: Callable[[Row | SessionClosed], None]) -> None:
        """Call `take` with a row in the very call that brings its last bar; all others are given by `rows` as before.

        Each is given once, and in order, whichever way it goes.
        """
        self._take = take
        self._intake.follow = self._is_given_at_once

    def _is_given_at_once(self) -> bool:
        """Give what follows from a bar, if it is one row and nothing before it is still being given."""
        if self._take is None or self._is_giving or self._waiting:
            return False
        given = list(self._given())
        if len(given) == 1:
            self._take(given[0])
            return True
        # What follows from the first of several goes before the second: `rows` leaves the time for it.
        self._waiting = given
        return False

    def _all_given(self) -> Iterator[Row | SessionClosed]:
        """What was ready before, and what is now."""
        waiting, self._waiting = self._waiting, []
        yield from waiting
        yield from self._given()

    def pass_on(self, event: FeedEvent) -> list[Row | SessionClosed]:
        """What follows at once from something that a stream says, once the feed has begun."""
        self._intake.heard(event)
        return list(self._given())

    def _given(self) -> Iterator[Row | SessionClosed]:
        for release in self._ready():
            yield from self._said(release)

    def _ready(self) -> Iterator[Release]:
        """What can be given now, in order."""
        while (due := self._assembly.next_due()) is not None:
            age_ns = self.clock.now_ns() - due
            if age_ns < 0 or next(self._assembly.unsure(due), None) is not None:
                return
            if age_ns < self._late_ns() + self.settings.patience_ns and self._assembly.may_grow(due):
                return
            is_fresh = age_ns <= self._stale_ns + self._late_ns()
            yield self._assembly.release(due, acts=is_fresh and due > self._began_ns)

    def _said(self, release: Release) -> Iterator[Row | SessionClosed]:
        for bar in release.overlapping:
            sentence = f"A bar of {bar.symbol} begins before the one before it ends."
            self._history.refuse(sentence, bar.symbol, bar.close_time)
        for row in release.rows:
            yield self._counted(row)
        if release.closed:
            yield SessionClosed(release.closed, release.at_ns, release.acts)

    def _counted(self, row: Row) -> Row:
        self._tally.rows += 1
        self._last_close_ns = row.close_ns
        return row

    # Waiting, and asking the history for what did not come.

    async def _step(self) -> None:
        """Wait for a bar or an instant, or ask for what is overdue."""
        due, now_ns, mono_ns = self._assembly.next_due(), self.clock.now_ns(), self.clock.monotonic_ns()
        waits = [_LOOK_NS]
        if due is not None:
            overdue_ns = now_ns - (due + self._late_ns() + self._wait_ns())
            if overdue_ns >= 0 and mono_ns >= self._ask_at_ns:
                await self._settle(due, overdue_ns)
                return
            waits += [due - now_ns, -overdue_ns, self._ask_at_ns - mono_ns]
        await self._intake.wait(min(each for each in waits if each > 0) / NS_PER_SECOND)

    def _wait_ns(self) -> int:
        """How long after its close a row waits; longer while nothing is connected."""
        hold_ns = 0 if self._line.is_open else round(self.settings.hold_s * NS_PER_SECOND)
        return self.settings.patience_ns + hold_ns

    async def _settle(self, due: int, overdue_ns: int) -> None:
        """Make everything sure up to where bars have had the time to come, or give up what nobody answers for."""
        unsure = list(self._assembly.unsure(due))
        asks = self.settings.asks_missing or self._intake.is_deaf
        asked = [symbol for symbol in unsure if asks or self._is_gap(symbol)]
        for symbol in set(unsure).difference(asked):
            self._assembly.confirm(symbol, due)
        up_to_ns = max(due, self._settled_ns(self.clock.now_ns()))
        answers = await asyncio.gather(*(self._fill(symbol, up_to_ns) for symbol in asked))
        failed = [symbol for symbol, is_answered in zip(asked, answers, strict=True) if not is_answered]
        self._unanswered = self._unanswered + 1 if failed else 0
        if failed and overdue_ns >= self.settings.ask_s * NS_PER_SECOND:
            self._give_up(failed, due)
        wait_s = min(self.settings.backoff_s * 2.0 ** min(self._unanswered - 1, 30), self.settings.backoff_most_s)
        self._ask_at_ns = self.clock.monotonic_ns() + round(wait_s * NS_PER_SECOND) if failed else 0

    def _is_gap(self, symbol: str) -> bool:
        """Whether bars may be missing from before the stream was opened."""
        return not self._line.is_open or self._assembly.sure_ns[symbol] < self._intake.opened_ns - self._late_ns()

    async def _fill(self, symbol: str, up_to_ns: int) -> bool:
        """Take in what the history has of a symbol since it was sure; whether it answered."""
        try:
            found = await self._history.read(symbol, self._assembly.sure_ns[symbol], up_to_ns)
        except BrokerError as error:
            self._tally.note(FeedNote(NoteKind.HISTORY, self.clock.now_ns(), str(error), symbol))
            return False
        for placed in found:
            self._tally.filled += self._assembly.accept(placed) is Verdict.NEW
        self._assembly.confirm(symbol, up_to_ns)
        return True

    def _give_up(self, failed: list[str], due: int) -> None:
        """Let a row go without bars of which nobody says whether there are any; a gap is never given up."""
        for symbol in failed:
            if not self._is_gap(symbol):
                self._assembly.confirm(symbol, due)
                self._tally.unverified += 1
                sentence = f"The row goes without {symbol}: the history did not say whether it has a bar."
                self._tally.note(FeedNote(NoteKind.UNVERIFIED, self.clock.now_ns(), sentence, symbol, due))

    # How much of the market's hours it could be acted on.

    def _is_behind(self, now_ns: int) -> bool:
        """Whether a row is so overdue that it will be too old to act on."""
        due = self._assembly.next_due()
        return due is not None and now_ns > due + self._late_ns() + self._stale_ns

    def _account(self) -> None:
        """Count the time since the last count: able up to the last sign of life, while rows come."""
        now_ns = self.clock.now_ns()
        if self._line.is_open and not self._is_behind(now_ns):
            self._uptime.count(now_ns - (self.clock.monotonic_ns() - self._line.alive_ns), is_able=True)
        else:
            self._uptime.count(now_ns, is_able=False)


def _require_prompt(sources: FeedSources, mode: Mode) -> None:
    for stream in sources.streams:
        feed = stream.feed
        if mode is Mode.LIVE and feed.is_delayed:
            raise ConfigError(
                f"The feed {feed.name} is {feed.delay_s:g} s late by design: nothing is traded live on it.",
                hint="Choose a feed without delay, or trade on paper.",
            )


def _symbols(instruments: Sequence[Instrument]) -> tuple[str, ...]:
    symbols = tuple(each.symbol for each in instruments)
    if not symbols or len(set(symbols)) < len(symbols):
        raise ConfigError(
            "A live feed takes at least one instrument, and each symbol once.",
            hint=f"It was given {', '.join(each.id for each in instruments) or 'none'}.",
        )
    return symbols
