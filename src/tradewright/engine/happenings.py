"""What happens around the decisions of a bar: actions, financing, the work of the venue, expiries, calls and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.events import EventKind
from tradewright.risk.rules.guard import APPROVED, begin_session, watch_equity
from tradewright.simulation.rules.constants import (
    DAY,
    INF,
    INSTRUMENT_EXPIRED,
    LIQUIDATION,
    OUTSIDE,
    TIME_IN_FORCE,
)
from tradewright.simulation.rules.constants import MARGIN_CALL as CALLED
from tradewright.simulation.rules.ledger import (
    charge_borrow,
    charge_interest,
    pay_dividend,
    settle_expiry,
    split_position,
)
from tradewright.simulation.rules.log import log_event, log_order
from tradewright.simulation.rules.matching import work_alone
from tradewright.simulation.rules.orders import expire_orders, split_orders, sweep
from tradewright.simulation.rules.wake import watch
from tradewright.simulation.venue import end_all, liquidate, maintenance, work_together

from .rules.gating import end_entries, log_tripped
from .schedule import Schedule, Split

if TYPE_CHECKING:
    from tradewright.risk.gate import RiskGate
    from tradewright.simulation.state import Book

    from .desk import OrderDesk
    from .detail import Detail
    from .plan import RunPlan

__all__ = ["Happenings"]


class Happenings:
    """The part of a row that is not the strategy's.

    `is_quiet` says that sessions' ends are all there is besides the work of the orders; `special_rows` are those that
    `before` has something to do in, and `is_watching` says that `after` is needed even while no order works.
    """

    def __init__(self, plan: RunPlan, desk: OrderDesk, gate: RiskGate, detail: Detail) -> None:
        self.schedule = Schedule(desk.board.market)
        self._plan = plan
        self._desk = desk
        self._board = desk.board
        self._exchange = desk.board.exchange
        self._gate = gate
        self._detail = detail
        self._tiered = any(book.tier_above_1 < INF for book in self._board.books)
        finances = self._exchange.on_margin == 1 and (plan.costs.borrow_rate > 0.0 or plan.costs.interest_rate > 0.0)
        self._minds_sessions = finances or self._tiered or not gate.is_open
        self.special_rows = set(self.schedule.actions) | set(
            self.schedule.session_firsts if self._minds_sessions else ()
        )
        watched = self._exchange.on_margin == 1 or not gate.is_open
        self.is_watching = watched or self._board.has_fx or bool(self.schedule.expiries)
        self._watched_events = -1
        self._is_flat = True
        self.is_quiet = (
            self._exchange.valued == 0
            and gate.is_open
            and not self._board.has_fx
            and not self._tiered
            and not self.schedule.actions
            and not self.schedule.expiries
            and not detail
        )

    def begin(self, row: int) -> None:
        """Bring the account to the row before the first one."""
        if self._board.has_fx:
            self._board.set_fx(max(row - 1, 0))

    def before(self, row: int) -> None:
        """Corporate actions and financing, before the open."""
        days = self.schedule.session_firsts.get(row) if self._minds_sessions else None
        actions = self.schedule.actions.get(row)
        if days is None and actions is None:
            return
        self._exchange.row = row
        if row > 0:
            self._board.mark(row - 1)
        if days is not None and not self._gate.is_open:
            # Before the actions: the marks are still those of the units held at the last close.
            begin_session(self._gate.guard, self._desk.equity())
        for action in actions or ():
            self._act(action)
        if days is not None:
            self._finance(row, days)

    def _act(self, action: Split | Any) -> None:
        for book in self._books_of(action.symbol):
            if isinstance(action, Split):
                book.mark = book.mark or self._board.close(book)
                split_position(self._exchange, book, action.ratio)
                split_orders(self._exchange, book, action.ratio)
                watch(book)
            else:
                pay_dividend(self._exchange, book, action.amount)

    def _finance(self, row: int, days: int) -> None:
        costs = self._plan.costs
        if row in self.schedule.months:
            self._exchange.traded = 0.0
        for book in self._board.books:
            if book.position < 0.0:
                charge_borrow(self._exchange, book, costs.borrow_rate, float(days))
        charge_interest(self._exchange, self._board.books[0], costs.interest_rate, float(days))

    def work(self, row: int) -> None:
        """Let the venue work the open orders that the bar could concern."""
        awake = [book for book in list(self._board.working.values()) if self._is_awake(book, row)]
        if not awake:
            return
        self._exchange.row = row
        self._value_before(row)
        if self._detail:
            self._work_in_detail(awake, row)
        else:
            for book in awake:
                self._board.show(book, row)
            work_together(self._exchange, sorted(awake, key=_number)) if len(awake) > 1 else work_alone(
                self._exchange, awake[0]
            )

    def _is_awake(self, book: Book, row: int) -> bool:
        if book.n_open == 0:
            del self._board.working[book.number]
            return False
        number = self._board.symbol_number(book)
        if not self._board.has_bar(number, row):
            return False
        if not self._plan.screen:
            return True
        return bool(
            self._board.highs[number][row] >= book.wake_above or self._board.lows[number][row] <= book.wake_below
        )

    def _value_before(self, row: int) -> None:
        """Totals of the account as they stood before the bar."""
        if self._exchange.valued == 1:
            self._board.cursor.row = max(row - 1, 0)
            self._board.value()
            self._board.cursor.row = row

    def _work_in_detail(self, awake: list[Book], row: int) -> None:
        """Replay finer bars inside the row where there are any."""
        for books in self._detail.inside(self._board, sorted(awake, key=_number), row):
            work_together(self._exchange, books)

    def after(self, row: int) -> None:
        """Exchange rates, expiries, margin calls and limits, after the bar has been worked."""
        if self._board.has_fx:
            self._board.set_fx(row)
        if self._board.working:
            self.end_sessions(row)
        if row in self.schedule.expiries:
            self._expire_instruments(row)
        if self._exchange.on_margin == 1:
            self._call_margin(row)
        if not self._gate.is_open:
            self._watch_limits(row)

    def end_sessions(self, row: int) -> None:
        """End the DAY orders of the symbols whose session ends here and that had a bar to fill in, by book number."""
        working, ends = self._board.working.values(), self.schedule.ends_session
        ending = [book for book in working if book.n_open and ends(self._board.symbol_number(book), row)]
        for book in sorted(ending, key=_number):
            self._exchange.row = row
            expire_orders(self._exchange, book, DAY, self._board.open_time[row] + 1, TIME_IN_FORCE)
            sweep(book)
            watch(book)

    def _expire_instruments(self, row: int) -> None:
        self._exchange.row = row
        for number in self.schedule.expiries[row]:
            self._board.expired.add(number)
            for book in self._books_of(number):
                end_all(self._exchange, book, INSTRUMENT_EXPIRED)
                settle_expiry(self._exchange, book, self._board.close(book))

    def _call_margin(self, row: int) -> None:
        """A call closes everything at the next open; while it works, no second one is made."""
        held = [book for book in self._board.books if book.position != 0.0]
        if not held:
            return
        self._board.mark(row)
        if self._desk.equity() < maintenance(held) and not any(liquidating(book) for book in held):
            self._exchange.row = row
            log_event(self._exchange, held[0], EventKind.MARGIN_CALL, 0, OUTSIDE, 0.0, 0.0, 0.0, 0.0, 0.0, CALLED)
            liquidate(self._exchange, self._board.books, self._board.close_time[row])
            self._board.working.update((book.number, book) for book in held)
            for book in held:
                log_order(self._exchange, book, book.orders[book.tail], 0)

    def _watch_limits(self, row: int) -> None:
        if self._has_not_moved():
            return
        tripped = watch_equity(self._gate.guard, self._desk.equity())
        if tripped == APPROVED:
            return
        self._exchange.row = row
        log_tripped(self._exchange, self._board.books[0], tripped)
        self._end_entries(tripped)

    def _end_entries(self, tripped: int) -> None:
        for book in self._board.books:
            end_entries(self._exchange, book, tripped)

    @property
    def last_look(self) -> tuple[int, bool]:
        """Events at the last look of the limits, -1 before the first, and whether the account was flat then."""
        return self._watched_events // self._exchange.log.layout.size, self._is_flat

    def _has_not_moved(self) -> bool:
        """Whether the account is flat and nothing has happened since the last look, so that its equity is the same."""
        events = len(self._exchange.log)
        if events != self._watched_events:
            self._watched_events = events
            self._is_flat = all(book.position == 0.0 for book in self._board.books)
            return False
        return self._is_flat

    def _books_of(self, symbol: int) -> list[Book]:
        return self._board.books[symbol :: len(self._board.market.symbols)]


def liquidating(book: Book) -> bool:
    """Whether a margin call is already closing the position."""
    return any(order.open == 1 and order.role == LIQUIDATION for order in book.orders)


def _number(book: Book) -> int:
    return book.number
