"""Practice: while a bar is due, a session in miniature walks the road from a row to the step before the wire.

What has not run for 20 ms runs three to four times slower: its instructions and tables have left the processor's
caches, and a minute passes between bars. So the same classes are kept at work on a made-up row, with a record and a
journal that keep nothing and a venue that refuses everything. Nothing of it touches the session, its account or its
strategies: it has objects of its own, a strategy of its own, and no line to anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Bar
from tradewright.domain.instrument import ALWAYS_OPEN
from tradewright.domain.live.feed import StreamBar
from tradewright.domain.live.ids import IdScope
from tradewright.domain.live.modes import Mode
from tradewright.domain.live.offer import Offer
from tradewright.domain.live.session import Row
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, Timeframe, TimeUnit
from tradewright.ports.broker_kind import VenueParts
from tradewright.quant import indicators
from tradewright.risk.collars import Collars
from tradewright.strategy.base import Strategy

from .account import LiveAccount
from .door_way import DoorWay
from .feed.live import FeedSources, LiveFeed
from .practice_venue import PRACTICE_CASH
from .runner import SessionRunner
from .teller import BrokerCarrier
from .watching import SessionWatcher
from .wires import WireForms

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.live.session import Input
    from tradewright.ports.journal import Journal
    from tradewright.ports.latch import LatchFile
    from tradewright.ports.session_core import SessionCore
    from tradewright.ports.session_log import SessionLog

    from .opening import Opening
    from .practice_venue import RefusingVenue

__all__ = ["Nowhere", "Practice", "practice_opening"]

_PACE = Timeframe(1, TimeUnit.MINUTE)
_WARM = 40
_FIRST_NS = 16_000 * NS_PER_DAY
_PRICE, _RANGE = 100.0, 0.5
_SCOPE = IdScope("practice", "practice", 0)
_COLLARS = Collars(orders_per_minute=1e15, orders_per_day=1e15)


class _StandIn(Strategy):
    """Asks for one lot on every bar; two averages and the account are looked at as others would."""

    def setup(self) -> None:
        self.quick = self.use(indicators.sma, "close", 10)
        self.calm = self.use(indicators.sma, "close", 30)

    def on_bar(self, ctx: Any) -> None:
        if self.quick.value * self.calm.value > 0 and not ctx.has_position():
            ctx.buy(1)


def practice_opening(opening: Opening) -> Opening:
    """The opening of an engine like another one, for the first instrument and the strategy that practises."""
    return replace(
        opening, make=lambda: [_StandIn()], timeframe=_PACE, policies={**opening.policies, "cash": PRACTICE_CASH},
        instruments=(replace(opening.instruments[0], calendar=ALWAYS_OPEN),),
    )  # fmt: skip


class _Minutes:
    """A clock that stands at the close of the row that is practised."""

    def __init__(self) -> None:
        self.at_ns = _FIRST_NS

    def now_ns(self) -> int:
        return self.at_ns

    def monotonic_ns(self) -> int:
        return self.at_ns


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Where practice is written.

    Parameters
    ----------
    log : SessionLog
        Keeps nothing.
    journal : Journal
        Keeps nothing, and forces nothing.
    latch : LatchFile
        Of nobody's account.
    """

    log: SessionLog
    journal: Journal
    latch: LatchFile


class Practice:
    """One session in miniature.

    Parameters
    ----------
    opening : Opening
        Of `practice_opening`.
    make_core : callable
        Opens its engine, where the engine of the session runs.
    nowhere : Nowhere
    venue : RefusingVenue
    sources : FeedSources
        Of the session; nothing is asked of them.
    """

    def __init__(
        self, opening: Opening, make_core: Callable[[], SessionCore], nowhere: Nowhere, venue: RefusingVenue,
        sources: FeedSources,
    ) -> None:  # fmt: skip
        self._symbol = opening.instruments[0].symbol
        self._clock = _Minutes()
        self._next = self._bar()
        self._journal = nowhere.journal
        self._feed = LiveFeed(opening.instruments, _PACE, sources, clock=self._clock, mode=Mode.PAPER)
        self._runner = SessionRunner(nowhere.log, make_core, self._clock)
        watcher = SessionWatcher(_nobody)
        self._account = LiveAccount(
            DoorWay(
                parts=VenueParts(venue, venue), offer=Offer(order_types={}, times_in_force={}), clock=self._clock,
                journal=nowhere.journal, latch=nowhere.latch, scope=_SCOPE, limits="standard", watcher=watcher,
                collars=_COLLARS,
            )
        )  # fmt: skip
        carrier = BrokerCarrier(
            "practice", self._account, WireForms(opening.instruments), ttl_ns=NS_PER_DAY, put=self._runner.put
        )
        self._runner.carrier = watcher.carrier = carrier

    async def open(self) -> None:
        """Have the history that its strategy needs, and an account that may trade."""
        self._journal.open()
        self._journal.begin_epoch(1)
        self._account.office.gate_is_open = True
        await self._account.valuer.account(always=True)
        self._account.risk.take_up()
        await self._runner.carrier.catch_up()
        for _ in range(_WARM):
            bar = self._bar()
            day = bar.open_time // NS_PER_DAY
            await self._work(Row(bar.open_time, bar.close_time, (bar,), day, (day,), (), acts=False))
        self._next = self._bar()
        await self._feed.begin()

    async def walk(self) -> None:
        """Walk the road once: a bar, its row, its decision, its records, its permit; then the refusal comes back."""
        self._account.risk.watch.equity_ns = self._clock.at_ns
        for row in self._feed.pass_on(StreamBar(self._next)):
            await self._work(row)
        self._next = self._bar()

    async def _work(self, row: Input) -> None:
        self._runner.put(row)
        await self._runner.work_off()

    def _bar(self) -> Bar:
        """The bar of the minute that passes now."""
        opened = self._clock.at_ns
        self._clock.at_ns = closed = opened + NS_PER_MINUTE
        high, low = _PRICE + _RANGE, _PRICE - _RANGE
        return Bar(self._symbol, opened, closed, _PRICE, high, low, _PRICE, 1000.0)

    def close(self) -> None:
        """Let go of engine and record."""
        self._runner.close()
        self._journal.close()


def _nobody(*_: str) -> None:
    """Nobody is told what becomes of practice."""
