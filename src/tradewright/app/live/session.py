"""A live session: a feed, an engine, a record, and, where a broker fills, an account."""

from __future__ import annotations

import asyncio
import itertools
import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tradewright.app.orders.office import Alarm
from tradewright.domain.errors import BrokerError, StorageError
from tradewright.domain.live.session import Command
from tradewright.domain.log_context import naming
from tradewright.domain.timeframe import NS_PER_SECOND

from .beside import beside, beside_sentence
from .carrier import DryCarrier, SimulatedCarrier
from .days import end_days
from .poise import Poise
from .requests_of_people import PeoplesDesk
from .runner import SessionRunner
from .teller import BrokerCarrier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.clock import Clock
    from tradewright.ports.request_box import RequestBox
    from tradewright.ports.session_core import SessionCore
    from tradewright.ports.session_log import SessionLog

    from .account import LiveAccount
    from .carrier import Carrier
    from .feed.live import LiveFeed
    from .feed.quotes import QuoteFeed
    from .poise import Practising
    from .watching import SessionWatcher
    from .wires import WireForms

__all__ = ["LiveSession", "SessionParts"]

_LOG = logging.getLogger("tradewright.sessions")
_LOOK_S = 0.5
_LOOKS_A_PULSE = 10


@dataclass(frozen=True, kw_only=True)
class SessionParts:
    """What a session is made of.

    Parameters
    ----------
    name : str
        Of the session.
    log : SessionLog
        Its record, new or begun.
    make_core : callable
    feed : LiveFeed
    clock : Clock
    forms : WireForms
    warmup : int
        Bars of each symbol before the first decision.
    account : LiveAccount, optional
        Where a broker fills; without one the simulated venue does.
    watcher : SessionWatcher, optional
        Who listens to the account's road.
    is_dry : bool
        Decide and gate, and send nothing.
    ttl_s : float
        How long after it was decided an order may still be sent.
    names : tuple of str
        Of the strategies.
    box : RequestBox, optional
        Where other processes ask something of the session.
    has_venue_time : bool
        Whether `clock` jumps ahead as a venue's replay does: then durations are not measured by it.
    host_ns : callable, optional
        The time of this host, where `clock` is not by it.
    practising : Practising, optional
        What keeps the road warm while a bar is due.
    quotes : QuoteFeed, optional
        What is bid and asked, where the broker of the bars tells it and the settings want it.
    """

    name: str
    log: SessionLog
    make_core: Callable[[], SessionCore]
    feed: LiveFeed
    clock: Clock
    forms: WireForms
    warmup: int
    account: LiveAccount | None = None
    watcher: SessionWatcher | None = None
    is_dry: bool = False
    ttl_s: float = 30.0
    names: tuple[str, ...] = ()
    box: RequestBox | None = None
    has_venue_time: bool = False
    host_ns: Callable[[], int] | None = None
    practising: Practising | None = None
    quotes: QuoteFeed | None = None


class LiveSession:
    """One session from its start to its end.

    Parameters
    ----------
    parts : SessionParts
    heard : callable, optional
        Told of every input with its outputs.
    """

    def __init__(self, parts: SessionParts, heard: Callable[[Input, Sequence[Output]], None] | None = None) -> None:
        self.parts = parts
        self._heard = heard
        self.runner = SessionRunner(
            parts.log, parts.make_core, parts.clock, status=self._status, heard=self._hear, is_stale=parts.feed.is_stale
        )  # fmt: skip
        self.runner.host_ns = parts.host_ns or parts.clock.now_ns
        self._stopping = asyncio.Event()
        self._failure: BaseException | None = None
        self.why_ended = ""
        self._state = "running"
        if parts.account is not None:
            # A pause for the day's loss ends with the market's day, whatever the date is in Greenwich.
            parts.account.valuer.day_of = parts.feed.hours.day

    @property
    def name(self) -> str:
        """Its name."""
        return self.parts.name

    @property
    def trades_at_venue(self) -> bool:
        """Whether its orders leave."""
        return self.parts.account is not None and not self.parts.is_dry

    async def run(self) -> None:
        """Take the session up where its record ends, and work until it is stopped.

        Raises
        ------
        ParityError
            When the record cannot be taken up with this code.
        TradewrightError
            What ended it: the feed, the account, the record.
        """
        with naming(session=self.name):
            await self._run()

    async def _run(self) -> None:
        account = self.parts.account
        self.runner.carrier = self._carrier()
        try:
            if account is not None and not await self._connected(account):
                return
            # Before the record is taken up: what fills meanwhile is heard of, and nothing is heard twice.
            self._listen()
            last = await self.runner.resume()
            await self.runner.measure()
            self._tell_beside()
            await self._work(last)
            self._state = "ended"
        except Exception as error:
            self._state, self.why_ended = "failed", str(error)
            raise
        finally:
            self._pulse()
            if account is not None:
                await account.disconnect()
            self.runner.close()

    def _pulse(self) -> None:
        """Where the disk refuses it, what it is about says so itself; who asks something of the session is answered."""
        with suppress(StorageError):
            self.runner.pulse()

    async def _connected(self, account: LiveAccount) -> bool:
        """Take the account up, which another process may hold for long: who only waits for it can be stopped."""
        connecting, stopping = (asyncio.ensure_future(each) for each in (account.connect(), self._stopping.wait()))
        try:
            await asyncio.wait((connecting, stopping), return_when=asyncio.FIRST_COMPLETED)
            return connecting.done() and connecting.result() is None
        finally:
            for each in (connecting, stopping):
                each.cancel()
            await asyncio.gather(connecting, stopping, return_exceptions=True)

    def _tell_beside(self) -> None:
        """A session begins with what it made itself; a person is told what else is in its account."""
        if self.parts.account is not None and (said := beside_sentence(self._beside(self.parts.account))):
            self.parts.account.office.alarm(Alarm.BESIDE, self.name, said)

    def _beside(self, account: LiveAccount) -> dict[str, Any]:
        carrier = self.runner.carrier
        held = carrier.ledger.positions() if isinstance(carrier, BrokerCarrier) else {}
        return beside(account.office.book, self.name, held)

    async def _work(self, last: Any) -> None:
        rows = self.parts.feed.rows(warmup=0 if last is not None else self.parts.warmup, after=last)
        self.parts.feed.give_at_once(self.runner.put)
        beside = [asyncio.create_task(each) for each in (self._ended(), self._obey(), self._practise(), self._quoted())]
        for each in beside:
            each.add_done_callback(self._failed_beside)
        try:
            await self.runner.run(rows)
        finally:
            for each in beside:
                each.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await rows.aclose()
        if self._failure is not None:
            raise self._failure
        if self._stopping.is_set():
            await self.runner.stop()
        elif self.parts.account is not None and self.parts.account.office.stopped is not None:
            raise BrokerError(f"The session ended: {self.parts.account.office.stopped}")

    def _failed_beside(self, task: asyncio.Task[None]) -> None:
        """A session that hears nobody any more comes to its end, and says why."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = error
            self.runner.end()

    async def _ended(self) -> None:
        """Wait until it is stopped, or the road comes to its end, and let the runner come to its own."""
        waits = [asyncio.create_task(self._stopping.wait())]
        if self.parts.account is not None:
            waits.append(asyncio.create_task(self.parts.account.office.ended.wait()))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        self.runner.end()

    async def _obey(self) -> None:
        """Carry out what people ask from other processes."""
        if self.parts.box is None:
            return
        desk = PeoplesDesk(self)
        for look in itertools.count():
            if look % _LOOKS_A_PULSE == 0:
                self._pulse()
            for request, asked in self.parts.box.take():
                self.parts.box.reply(request, await desk.carry_out(asked))
            await asyncio.sleep(_LOOK_S)

    async def _practise(self) -> None:
        """Keep the road warm where one leads to a venue."""
        parts = self.parts
        if parts.practising is None or not self.trades_at_venue:
            return
        try:
            await Poise(parts.practising, parts.feed, self.runner, parts.clock).run()
        except Exception:  # noqa: BLE001 - nothing of the session hangs on it but speed; the log has the whole trace
            _LOG.exception("the session '%s' practises no more", self.name)

    async def _quoted(self) -> None:
        """Keep quotes up to date; without them the session goes on by its bars."""
        if self.parts.quotes is not None:
            await self.parts.quotes.run_beside()

    def _carrier(self) -> Carrier:
        parts = self.parts
        if parts.account is None:
            return SimulatedCarrier()
        if parts.is_dry:
            account = parts.account
            return DryCarrier(parts.forms, account.risk, account.valuer, parts.clock, self.runner.put)
        ttl_ns = int(parts.ttl_s * NS_PER_SECOND)
        return BrokerCarrier(parts.name, parts.account, parts.forms, ttl_ns=ttl_ns, put=self.runner.put)

    def _listen(self) -> None:
        carrier = self.runner.carrier
        if self.parts.watcher is not None and isinstance(carrier, BrokerCarrier):
            self.parts.watcher.carrier = carrier

    def _hear(self, given: Input, outputs: Sequence[Output]) -> None:
        if self.parts.account is not None:
            end_days(self.parts.account.road.day, given)
        if self._heard is not None:
            self._heard(given, outputs)

    # What is asked of it.

    def stop(self, reason: str = "") -> None:
        """End the session: what was given is still worked, strategies are told, and orders stay as they are."""
        self.why_ended = self.why_ended or reason
        self._stopping.set()

    def command(self, what: str, who: str, reason: str, strategy: int = -1) -> None:
        """Give an operator's command; see `Command`."""
        self.runner.put(Command(what, who, reason, self.parts.clock.now_ns(), strategy))

    def _status(self) -> Mapping[str, Any]:
        found: dict[str, Any] = {
            "feed": asdict(self.parts.feed.status),
            "state": self._state,
            "why_ended": self.why_ended,
            "quotes": None if self.parts.quotes is None else self.parts.quotes.standing(),
        }
        if self.parts.has_venue_time:
            found["latency_ms"] = {"p50": None, "p99": None}
        account = self.parts.account
        if account is not None:
            book = account.office.book
            found["account"] = {
                "equity": account.risk.watch.equity if account.risk.watch.equity_ns else None,
                "positions": {symbol: str(units) for symbol, units in book.positions.items() if units},
                "open_orders": sum(order.is_open for order in book.orders.values()),
                "unknown_orders": sum(order.is_unknown for order in book.orders.values()),
                "foreign_orders": sum(order.is_open for order in book.foreign.values()),
                "beside": self._beside(account),
                "frozen": dict(book.frozen),
                "is_latched": book.latch.is_set,
                "is_paused": account.risk.watch.is_paused,
                "is_halted": account.risk.watch.is_halted,
            }
        return found
