"""What every part of the road works with: the venue, the journal's state, the clock, and whom to tell."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from tradewright.domain.errors import InvariantError, StorageError
from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.journal import Record, RecordKind
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.venue import VenueStatus

from .book import LiveBook
from .gate import EntryGate
from .reading import Reading
from .turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from tradewright.domain.approval import ApprovedOrder, RefusedOrder
    from tradewright.domain.live.ids import IdScope
    from tradewright.domain.live.order import Lifecycle, LiveOrder
    from tradewright.domain.live.venue import Capabilities, VenueFill, VenueOrder
    from tradewright.domain.live.wire import WireOrder
    from tradewright.ports.broker import Broker
    from tradewright.ports.clock import Clock
    from tradewright.ports.journal import Journal
    from tradewright.ports.latch import LatchFile

    from .split import Split
    from .table import Row

__all__ = ["Alarm", "Approver", "Office", "RoadSettings", "Watcher"]

NS = 1_000_000_000


class Alarm(StrEnum):
    """What a person is told of at once."""

    OVER_FILL = "over_fill"
    EVIDENCE = "evidence"
    STRAY = "stray"
    TWO_ORDERS = "two_orders"
    NAKED = "naked"
    OVER_EXIT = "over_exit"
    BREAK = "break"
    UNRESOLVED = "unresolved"
    FOREIGN = "foreign"
    OWN_TAG = "own_tag"
    MUTE = "mute"
    STOPPED = "stopped"
    LATCHED = "latched"
    TAIL_CUT = "tail_cut"
    PUT_ASIDE = "put_aside"
    STANDBY = "standby"
    AUTHENTICATION = "authentication"
    CLOCK = "clock"
    NUMBERS = "numbers"
    LEFT_OPEN = "left_open"
    BESIDE = "beside"


class Watcher(Protocol):
    """Who listens: logs, metrics, the strategy's callbacks, and in tests the hand that pulls the plug."""

    def reached(self, step: str, subject: str) -> None:
        """A numbered step of an algorithm begins, or (``"S1 done"``) has ended."""
        ...

    def alarmed(self, alarm: Alarm, subject: str, detail: str) -> None:
        """A person is to be told."""
        ...

    def changed(self, order: LiveOrder) -> None:
        """An order is in another state, or filled further; its record is in the journal."""
        ...

    def filled(self, order: LiveOrder, fill: VenueFill) -> None:
        """A fill of an order was booked; its record is in the journal.

        `order` says whose it is (`instance`, `key`, `ordinal`), or, where it protects, what (`role`, `parent`). The
        fill is told once by its identity; a correction says the quantity that now counts.
        """
        ...

    def judged(self, row: Row, state: Lifecycle) -> None:
        """A cell of the state table was used."""
        ...


class Approver(Protocol):
    """The risk gate as the road asks it: before an order is decided, and again before it is sent anew."""

    def approve(self, order: WireOrder) -> ApprovedOrder[WireOrder] | RefusedOrder[WireOrder]:
        """Approve an order or refuse it with the reason; what only reduces a position is never refused for exposure."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadSettings:
    """How long the road waits and how much it bears; seconds unless named otherwise.

    Parameters
    ----------
    scope : IdScope
    answer_s : float
        Deadline of one request.
    pause_s : float
        P, the longest pause of this process inside one send.
    clock_error_s : float
        ε.
    pause_is_bounded : bool
        Whether a former holder of the lease is certain not to send after its lease and P have passed.
    naked_s : float
        How long filled units may stand without a stop.
    looks_s : tuple of float
        When an unknown order is asked for, after its last bytes; then every 30 s.
    reconcile_s, busy_s : float
        Between two reconciles, and while anything is unsettled.
    resends : int
        How often an order may be sent again under its id.
    least : mapping of symbol to Decimal
        The smallest order that the venue takes of it. A stop for less is put into the one before, or its units are
        sold.
    adjusts : bool
        Whether a difference of positions that nothing explains is accepted by itself; for paper alone.
    largest_break : Decimal, optional
        Units of such a difference above which the kill switch is latched.
    history_ends_s : float, optional
        Seconds after midnight UTC at which the venue forgets its executions; the day is sealed before.
    lease_wait_s : float
        How long the account is waited for while another process holds it; then the start is refused.
    """

    scope: IdScope
    answer_s: float = 5.0
    pause_s: float = 2.0
    clock_error_s: float = 0.1
    pause_is_bounded: bool = True
    naked_s: float = 5.0
    looks_s: tuple[float, ...] = (0.5, 1.5, 3.5, 7.5, 15.5)
    late_look_s: float = 30.0
    reconcile_s: float = 30.0
    busy_s: float = 5.0
    resends: int = 2
    least: Mapping[str, Decimal] = field(default_factory=dict)
    adjusts: bool = False
    largest_break: Decimal | None = None
    history_ends_s: float | None = None
    lease_wait_s: float = float("inf")

    @property
    def margin_s(self) -> float:
        """M = P + ε: with less of the lease left nothing is sent."""
        return self.pause_s + self.clock_error_s


@dataclass(kw_only=True)
class Office:
    """The shared desk of the parts.

    Nothing becomes true but through `note`, which writes the record and applies it in one breath.
    """

    broker: Broker
    journal: Journal
    clock: Clock
    latch: LatchFile
    approver: Approver
    watcher: Watcher
    settings: RoadSettings
    book: LiveBook = field(default_factory=LiveBook)
    stopped: str | None = None
    """Why nothing is sent any more by this process, or None."""
    lease_ends_ns: int | None = None
    """Monotonic end of the lease; None where a lock of the machine stands for it."""
    lease_clock: Clock | None = None
    """By which the lease runs, where `clock` is that of a venue with a time of its own; `clock` by default."""
    gate_is_open: bool = False
    """Whether recovery has come to its end."""
    started_ns: int = 0
    """Monotonic instant at which this process took the road up."""
    inherited: set[str] = field(default_factory=set)
    """Orders that were armed by a process whose pause is not bounded: never sent again, never given up."""
    last_event_ns: dict[str, int] = field(default_factory=dict)
    expected: dict[str, Split] = field(default_factory=dict)
    """Splits that were announced, by symbol."""
    split_first: Callable[[str, int], None] = lambda *_: None
    """Applies the split of a symbol that came before an instant, ere what is of that instant is booked."""
    shown: dict[str, int] = field(default_factory=dict)
    """The connection by which the venue itself last showed an order open, by the venue's id."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    change: Turns = field(default_factory=Turns)
    gate: EntryGate = field(default_factory=EntryGate)
    _began: Reading = field(init=False)

    def __post_init__(self) -> None:
        self._began = Reading.of(self.clock)

    def now_ns(self) -> int:
        """UTC nanoseconds as they would be had nobody set the clock since the process began."""
        return self._began.ahead_ns + self.clock.monotonic_ns()

    @property
    def clock_jump_s(self) -> float:
        """By how many seconds the clock was set since the process began, at least: what a reading may err is not it."""
        return Reading.of(self.clock).jump_ns(self._began) / NS

    def clock_is_right(self) -> bool:
        """Whether the clock is where it was, but for ε."""
        return abs(self.clock_jump_s) <= self.settings.clock_error_s

    @property
    def abilities(self) -> Capabilities:
        """What the venue can do."""
        return self.broker.capabilities

    @property
    def window_ns(self) -> int:
        """W in nanoseconds."""
        return int(self.abilities.window_s * NS)

    def note(self, kind: RecordKind, **body: Any) -> int:
        """Write a record and let it become true; its number in the journal.

        Raises
        ------
        JournalError
            When it cannot be written; then nothing is sent any more.
        """
        record = Record(kind, body)
        try:
            sequence = self.journal.append(record)
        except StorageError as error:
            self.stop(str(error))
            raise
        self.book.apply(record, sequence, self.book.epoch)
        self.change.tell()
        return sequence

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds of the book, or nothing is sent any more."""
        while not holds() and self.stopped is None:
            await self.change.wait()

    def note_latch(self, order: LatchOrder) -> int:
        """LATCH with the next number."""
        return self.note(
            RecordKind.LATCH, number=self.book.latch.number + 1, reason=order.reason, who=order.who,
            flatten=order.flatten, all=order.cancel_all, foreign=order.foreign, at=self.now_ns(),
        )  # fmt: skip

    async def durable(self, sequence: int) -> None:
        """Wait until a record is on the disk. A disk that fails ends sending for good; it is not asked again."""
        try:
            await self.journal.durable(sequence)
        except StorageError as error:
            self.stop(str(error))
            raise

    def mark(self, step: str, subject: str = "") -> None:
        """Say that a numbered step is reached."""
        self.watcher.reached(step, subject)

    def alarm(self, alarm: Alarm, subject: str, detail: str = "") -> None:
        """Tell a person."""
        self.watcher.alarmed(alarm, subject, detail)

    def freeze(self, symbol: str, reason: str) -> None:
        """Nothing new in a symbol but what reduces, until a person says so."""
        if symbol not in self.book.frozen:
            self.note(RecordKind.FREEZE, symbol=symbol, reason=reason)
            self.alarm(Alarm.UNRESOLVED, symbol, reason)

    def touch(self, symbol: str) -> None:
        """Something happened in a symbol just now."""
        self.last_event_ns[symbol] = self.clock.monotonic_ns()

    def stop(self, reason: str) -> None:
        """Send nothing more, and end the process."""
        if self.stopped is None:
            self.stopped = reason
            self.alarm(Alarm.STOPPED, "", reason)
        self.ended.set()
        self.change.tell()

    def require(self, holds: bool, what: str) -> None:
        """An invariant of the road; where it does not hold, latch and stop.

        Raises
        ------
        InvariantError
            When it does not hold.
        """
        if not holds:
            self.latch.set(LatchOrder(what, "invariant"))
            self.stop(what)
            raise InvariantError(what, hint="Look at the journal before you re-arm.")

    def why_not(self, order: LiveOrder) -> str | None:
        """Why an order may not leave now, or None. Everything is asked afresh; nothing is awaited."""
        if self.stopped is not None:
            return self.stopped
        if not self.has_lease():
            return "The lease does not last long enough."
        if self._is_latched_for(order):
            return "The kill switch is latched."
        return None if order.role is IdRole.FLATTEN else self._is_unwanted(order)

    def _is_unwanted(self, order: LiveOrder) -> str | None:
        if order.cancel_wanted:
            return "It was cancelled before it was sent."
        if self.now_ns() > order.ttl_ns:
            return "It is too old to be sent."
        if self.is_split_due(order.symbol) or order.splits < len(self.book.splits.get(order.symbol, ())):
            return "Its symbol was split after it was decided."
        if order.role.protects or self.only_reduces(order.wire):
            return None
        return "Its symbol is frozen." if order.symbol in self.book.frozen else self.why_no_entry()

    def only_reduces(self, wire: WireOrder) -> bool:
        """Whether an order is told to only reduce, and there is enough that it can: then it goes on as exits do.

        What the journal of this host alone could keep does not: another host may be closing the same.
        """
        held = -self.book.positions.get(wire.symbol, Decimal(0)) * wire.side.value
        return wire.reduce_only and held >= wire.quantity and not self.journal.is_degraded

    def show(self, seen: VenueOrder, session: int) -> None:
        """The venue showed an order over a connection, which is the present one still."""
        if seen.status is VenueStatus.OPEN and session == self.broker.session:
            self.shown[seen.vid] = session

    def expected_split(self, symbol: str) -> Split | None:
        """A split that was announced and has not been applied."""
        split = self.expected.get(symbol)
        return None if split is None or split.name in self.book.actions else split

    def is_split_due(self, symbol: str) -> bool:
        """Whether units of a symbol count anew at the venue by now, and not here yet."""
        split = self.expected_split(symbol)
        return split is not None and self.now_ns() >= split.at_ns

    def why_no_entry(self) -> str | None:
        """Why nothing that opens may leave now, or None."""
        if self.journal.is_degraded:
            return "The database of the journal is away."
        return self.gate.why_not or (None if self.clock_is_right() else "The clock was set.")

    def _is_latched_for(self, order: LiveOrder) -> bool:
        is_latched = self.book.latch.is_set or self.latch.read() is not None
        if not is_latched:
            return False
        if self.book.latch.ends_protection:
            return order.role is not IdRole.FLATTEN
        return not order.role.protects

    def lease_now_ns(self) -> int:
        """Monotonic nanoseconds of the clock by which the lease runs."""
        return (self.lease_clock or self.clock).monotonic_ns()

    def has_lease(self) -> bool:
        """Whether more than the margin M of the lease is left."""
        if self.lease_ends_ns is None:
            return True
        left = self.lease_ends_ns - self.lease_now_ns()
        return left > int(self.settings.margin_s * NS)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let a piece of work go on by itself. What it cannot bear stops the road."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.stop(f"{type(error).__name__}: {error}")
