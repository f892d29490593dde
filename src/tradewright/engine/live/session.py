"""The engine of a session as a function: inputs in, outputs out, the same for the same, with no clock and no venue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.domain.events import Reason
from tradewright.domain.live.session import Booked, Command, Filled, Row, SessionClosed, Standing
from tradewright.engine.board import Board
from tradewright.engine.detail import Detail
from tradewright.engine.failures import named_failure
from tradewright.engine.recording import record_run
from tradewright.marketdata.growing import GrowingMarket
from tradewright.risk.gate import RiskGate
from tradewright.strategy.computed import Computed
from tradewright.strategy.context import Context
from tradewright.strategy.courses import Courses
from tradewright.strategy.growing import GrowingBinder

from .broker_desk import BrokerDesk
from .desk import SessionDesk
from .happenings import BrokerHappenings, SessionHappenings
from .loop import SessionLoop

if TYPE_CHECKING:
    from tradewright.domain.live.session import Ended, Input, Output
    from tradewright.domain.record import RunRecord
    from tradewright.engine.plan import RunPlan
    from tradewright.simulation.state import Book

__all__ = ["Filling", "SessionEngine", "Standings"]


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands at the venue's place."""

    desk: type[SessionDesk]
    happenings: type[SessionHappenings]


SIMULATED = Filling(SessionDesk, SessionHappenings)
"""The simulated exchange fills, as in a backtest."""
BROKER = Filling(BrokerDesk, BrokerHappenings)
"""A broker fills, and says so by inputs."""


@dataclass(frozen=True, slots=True)
class Standings:
    """How a session stands after its last row.

    Parameters
    ----------
    at_ns : int
        Close of the last row.
    cash, equity : float
    positions : tuple of (strategy, symbol, units, average price, mark, realised)
    orders : tuple of (strategy, order)
        Working ones.
    retired, paused : tuple of int
    is_halted : bool
        Whether a drawdown limit of the session halts it.
    """

    at_ns: int
    cash: float
    equity: float
    positions: tuple[tuple[int, str, float, float, float, float], ...]
    orders: tuple[tuple[int, Any], ...]
    retired: tuple[int, ...]
    paused: tuple[int, ...]
    is_halted: bool


class SessionEngine:
    """Strategies, gate and books over a market that grows.

    Parameters
    ----------
    plan : RunPlan
        As of a backtest; its `series` are the history before the first row, at least one bar of each symbol.
    filling : Filling
        `SIMULATED` or `BROKER`.
    remembers : bool
        Whether everything stays in memory, so that `record` can be asked for; else what is over leaves it.

    Raises
    ------
    ConfigError
        For policies that need bars of the future, or that no venue knows.
    StrategyError
        When a strategy's `setup` raises, or declares what cannot grow.
    """

    def __init__(self, plan: RunPlan, filling: Filling = SIMULATED, *, remembers: bool = True) -> None:
        require_possible(plan, at_broker=filling is BROKER)
        self.plan = plan
        self.market = GrowingMarket(plan.series)
        self.board = Board(self.market, plan)
        self._computed, self._courses = Computed(), Courses()
        self._ready_rows: dict[int, list[int]] = {}
        gate = RiskGate(plan.limits, plan.cash)
        self.desk = filling.desk(self.board, gate, plan)
        self.desk.remembers = remembers
        self.gate = gate
        self.strategies = list(plan.strategies)
        self.binders = [self._bind(strategy) for strategy in self.strategies]
        self.warmup = [strategy.required_warmup_bars() for strategy in self.strategies]
        contexts = [
            Context(binder, self.desk, number, strategy.ready_rows_by_symbol(), plan.seed)
            for number, (strategy, binder) in enumerate(zip(self.strategies, self.binders, strict=True))
        ]
        happenings = filling.happenings(plan, self.desk, gate, Detail({}, self.market.symbols))
        first = [bars - 1 for bars in self.warmup]
        self.loop = SessionLoop(plan, self.desk, self.strategies, contexts, first, happenings)
        self.first_row = len(self.market)
        self.board.cursor.row = self.first_row - 1

    def _bind(self, strategy: Any) -> GrowingBinder:
        binder = GrowingBinder(self.market, self.board.cursor, self._computed, self._courses)
        self.board.cursor.row = 0
        try:
            strategy.bind(binder)
        except Exception as error:
            named = named_failure(error, strategy.name, self.board.cursor)
            if named is error:
                raise
            raise named from error
        return binder

    def take(self, given: Input) -> tuple[Output, ...]:
        """Take the next input; what the engine says to it.

        Raises
        ------
        DataError
            When a row does not come after the one before.
        """
        self.desk.outputs = []
        self._take(given)
        self.desk.tell()
        if not self.desk.remembers:
            self.desk.let_go(self.loop.delivery.delivered)
        said, self.desk.outputs = tuple(self.desk.outputs), []
        return said

    def _take(self, given: Input) -> None:
        self.desk.is_late = isinstance(given, Row | SessionClosed) and not given.acts
        if isinstance(given, Row):
            self._grow(given)
            self.loop.step(acts=given.acts)
        elif isinstance(given, SessionClosed):
            is_over = self.loop.happenings.close_sessions(given.symbols, given.at_ns)
            self._deliver()
            if is_over:
                self.loop.close_session()
        elif isinstance(given, Command):
            self._obey(given)
        elif isinstance(self.desk, BrokerDesk) and not isinstance(given, Standing):
            self._hear(self.desk, given)
            self._deliver()

    def _hear(self, desk: BrokerDesk, given: Filled | Booked | Ended) -> None:
        """What the broker says."""
        if isinstance(given, Filled):
            desk.fill(given)
        elif isinstance(given, Booked):
            desk.settle(given)
        else:
            desk.end(given)

    def _deliver(self) -> None:
        if self.loop.delivery.is_needed:
            self.loop.delivery.deliver()

    def _grow(self, row: Row) -> None:
        self.market.append(row)
        self.board.renew()
        self._computed.clear()
        for number in range(len(self.strategies)):
            # What a strategy declared is its own code too: where it raises or hangs, it stops alone.
            self.loop.ask(number, partial(self._renew, number))
        self.loop.happenings.grow(row)

    def _renew(self, number: int) -> None:
        """Let one strategy see the rows that the market has grown by."""
        strategy = self.strategies[number]
        self.binders[number].renew()
        self.loop.contexts[number].renew(self._ready_rows.get(number) or self._ready(number, strategy))
        if self.loop.waits(number):
            self.loop.ready_from(number, strategy.required_warmup_bars() - 1)

    def _ready(self, number: int, strategy: Any) -> list[int]:
        """From which rows on a strategy's lines are ready; it is not asked again when that cannot change any more."""
        found: list[int] = strategy.ready_rows_by_symbol()
        if self.binders[number].is_steady and max(found) < len(self.market):
            self._ready_rows[number] = found
        return found

    def _obey(self, command: Command) -> None:
        if command.what == "rearm":
            self.gate.rearm(self.desk.equity())
        elif command.what != "latched":
            # Whatever the account was latched for has halted the engine before.
            self._ask_strategies(command)

    def _ask_strategies(self, command: Command) -> None:
        """Carry out what an operator asks, through the gate and on the road of every order."""
        desk = self.desk
        numbers = range(len(self.strategies)) if command.strategy < 0 else [command.strategy]
        if command.what == "pause":
            desk.paused.update(numbers)
            desk.end_entries(command.strategy, Reason.BY_OPERATOR)
        elif command.what == "resume":
            desk.paused.difference_update(numbers)
        elif command.what == "stop":
            for number in numbers:
                self.loop.retire(number, f"{command.who}: {command.reason}")
        elif command.what in ("cancel_all", "close_all"):
            desk.end_entries(command.strategy, Reason.BY_OPERATOR)
            if command.what == "close_all":
                for book in desk.books_of(command.strategy):
                    desk.close_position(book.number, "operator")
        else:
            raise ConfigError(f"A session knows no command '{command.what}'.")

    def stop(self) -> tuple[Output, ...]:
        """There are no more rows: strategies are told so; what they still say."""
        self.desk.outputs = []
        self.loop.stop()
        self.desk.tell()
        return tuple(self.desk.outputs)

    # How it stands.

    def standings(self) -> Standings:
        """Money, positions and orders, marked at the last closes."""
        held = [book for book in self.board.books if book.position != 0.0 or book.realised != 0.0]
        return Standings(
            at_ns=int(self.market.close_time[-1]),
            cash=self.desk.cash(),
            equity=self.desk.equity(),
            positions=tuple(self._position(book) for book in held),
            orders=tuple(
                (self.desk.strategy_of(book), order)
                for book in self.board.books
                if book.n_open
                for order in self.desk.open_orders(book.number)
            ),
            retired=tuple(sorted(self.loop.retired)),
            paused=tuple(sorted(self.desk.paused)),
            is_halted=bool(self.gate.guard.halted),
        )

    def _position(self, book: Book) -> tuple[int, str, float, float, float, float]:
        mark = self.board.close(book)
        number = self.desk.strategy_of(book)
        return number, self.board.symbol(book), book.position, book.average_price, mark, book.realised

    def record(self) -> RunRecord:
        """The record of everything up to now, as of a backtest over the same bars.

        Raises
        ------
        ConfigError
            When it was opened to remember only what can still be asked for.
        """
        if not self.desk.remembers:
            raise ConfigError(
                "A running session keeps in memory what can still be asked for, not its whole record.",
                hint="Replay the record of the session.",
            )
        plan = replace(self.plan, series={track.bars.symbol: track.bars for track in self.market.tracks})
        return record_run(plan, self.desk, self.strategies, self.warmup, self.first_row)


def require_possible(plan: RunPlan, *, at_broker: bool) -> None:
    """Refuse policies that a session cannot keep.

    Raises
    ------
    ConfigError
    """
    if plan.fill_at != "open":
        raise ConfigError(
            "fill_at='close' fills at the price one decides on, which no session can.", hint="Use 'open'."
        )
    if plan.detail or plan.latency_bars or plan.latency_ms:
        raise ConfigError("detail= and latency= are of backtests: a session has the finer bars and the latency it has.")
    if at_broker and plan.size_at != "decision":
        raise ConfigError(
            "size_at='fill' needs the fill price, which a broker tells afterwards.", hint="Use 'decision'."
        )
    if any(not isinstance(rate, (int, float)) for rate in plan.fx.values()):
        raise ConfigError("Exchange rates of a session are numbers.", hint="Pass fx={'EUR': 1.08}.")
