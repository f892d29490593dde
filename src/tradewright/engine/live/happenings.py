"""What happens around the decisions of a session's rows, over the simulated venue and over a broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.events import Reason
from tradewright.domain.live.session import Tripped
from tradewright.engine.happenings import Happenings
from tradewright.risk.rules.guard import begin_session
from tradewright.simulation.rules.constants import DAY, TIME_IN_FORCE
from tradewright.simulation.rules.orders import expire_orders, sweep
from tradewright.simulation.rules.wake import watch

from .schedule import GrowingSchedule

if TYPE_CHECKING:
    from tradewright.domain.live.session import Row
    from tradewright.engine.detail import Detail
    from tradewright.engine.plan import RunPlan
    from tradewright.risk.gate import RiskGate

    from .desk import SessionDesk

__all__ = ["BrokerHappenings", "SessionHappenings"]


class SessionHappenings(Happenings):
    """Over the simulated venue: rows are worked as in a backtest, and limits that trip are said."""

    def __init__(self, plan: RunPlan, desk: SessionDesk, gate: RiskGate, detail: Detail) -> None:
        super().__init__(plan, desk, gate, detail)
        self.schedule: GrowingSchedule = GrowingSchedule(desk.board.market)
        self._session_desk = desk

    def grow(self, row: Row) -> None:
        """Take in the row that the market has just grown by."""
        if self.schedule.append(row) and self._minds_sessions:
            self.special_rows.add(len(self._board.market) - 1)

    def close_sessions(self, symbols: tuple[str, ...], at_ns: int) -> bool:
        """The sessions of these symbols are over without a row; whether the account's is."""
        row = len(self._board.market) - 1
        numbers = {self._board.market.symbols.index(symbol) for symbol in symbols}
        self._expire_days({number for number in numbers if self.schedule.has_traded(number)}, at_ns)
        return self.schedule.end(symbols, row)

    def _expire_days(self, numbers: set[int], at_ns: int) -> None:
        for book in self._board.books:
            if self._board.symbol_number(book) in numbers and book.n_open:
                self._exchange.row = self._board.cursor.row
                expire_orders(self._exchange, book, DAY, at_ns, TIME_IN_FORCE)
                sweep(book)
                watch(book)

    def _watch_limits(self, row: int) -> None:
        guard = self._gate.guard
        before = guard.paused, guard.halted
        super()._watch_limits(row)
        if (guard.paused, guard.halted) != before:
            self._session_desk.say(
                Tripped("drawdown" if guard.halted != before[1] else "day_loss", self._desk.equity())
            )


class BrokerHappenings(SessionHappenings):
    """Over a broker: bars only mark, and the broker works orders, ends sessions, finances and calls."""

    def before(self, row: int) -> None:
        """The day's loss counts from the session's first row."""
        if row in self.schedule.session_firsts and not self._gate.is_open:
            if row > 0:
                self._board.mark(row - 1)
            begin_session(self._gate.guard, self._desk.equity())

    def work(self, row: int) -> None:
        """Nothing: the broker fills."""

    def after(self, row: int) -> None:
        """Limits, after the bar has marked what is held."""
        if self._board.has_fx:
            self._board.set_fx(row)
        if not self._gate.is_open:
            self._watch_limits(row)

    def _end_entries(self, tripped: int) -> None:
        """Ask the broker for the end of what would open something."""
        self._session_desk.end_entries(-1, Reason(tripped))

    def _expire_days(self, numbers: set[int], at_ns: int) -> None:
        """Nothing: the broker expires its orders and says so."""
