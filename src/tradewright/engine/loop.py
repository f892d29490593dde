"""The event loop: one row of the market after another.

Order of things at one time: corporate actions, financing, fills at the open, fills inside the bar, expiries, delivery
of fills and order events, `on_bar`, `on_session_close`. There are two loops over the same rules: a plain one for one
book that nothing but its orders concerns, and a full one for everything else.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from tradewright.simulation.rules.matching import work_alone
from tradewright.strategy.returned import submit_returned

from .delivery import Delivery, overrides
from .failures import named_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradewright.strategy.base import Strategy
    from tradewright.strategy.context import Context

    from .desk import OrderDesk
    from .happenings import Happenings
    from .plan import RunPlan

__all__ = ["Loop"]

_PROGRESS_PARTS = 200

Actor: TypeAlias = "tuple[int, Callable[[Context], Any], Callable[[], bool] | None, Context]"
"""A strategy that has started: its number, `on_bar`, `ready` where it has one of its own, and its context."""


class Loop:
    """Drives the strategies of one run over the market.

    Parameters
    ----------
    plan : RunPlan
    desk : OrderDesk
    strategies, contexts : list
        By strategy number.
    first_rows : list of int
        Row of each strategy's first `on_bar`.

    Attributes
    ----------
    next_row : int
        The first row that has not run.
    """

    def __init__(
        self,
        plan: RunPlan,
        desk: OrderDesk,
        strategies: list[Strategy],
        contexts: list[Context],
        first_rows: list[int],
        happenings: Happenings,
    ) -> None:
        self.plan = plan
        self.desk = desk
        self.board = desk.board
        self.strategies = strategies
        self.contexts = contexts
        self.first_rows = first_rows
        self.happenings = happenings
        self.delivery = Delivery(desk, strategies, contexts, raises=plan.raise_on_reject)
        self._asks_ready = [overrides(strategy, "ready") for strategy in strategies]
        self._closes_sessions = [overrides(strategy, "on_session_close") for strategy in strategies]
        self._acting = 0
        self._actors: list[Actor] = []
        self.next_row = 0

    def run(self) -> None:
        """Run to the last row; what a strategy raises is named with its file and line."""
        self.run_until(len(self.board.market))
        with self._naming():
            for number, strategy in enumerate(self.strategies):
                self._acting = number
                strategy.on_stop(self.contexts[number])

    def run_until(self, stop: int) -> None:
        """Run the rows before `stop` that have not run yet; the run may then go on, in this tier or in the other."""
        stop = min(stop, len(self.board.market))
        with self._naming():
            if self.is_plain():
                self._run_plain(stop)
            else:
                self._run_full(stop)
        self.next_row = max(stop, self.next_row)

    @contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            acting = self._acting if self.delivery.acting < 0 else self.delivery.acting
            named = named_failure(error, self.strategies[acting].name, self.board.cursor)
            if named is error:
                raise
            raise named from error

    def is_plain(self) -> bool:
        """Whether nothing but the orders of a single book needs a look at each bar."""
        return (
            len(self.board.books) == 1
            and self.plan.screen
            and not self.delivery.is_needed
            and not any(self._asks_ready + self._closes_sessions)
            and self.happenings.is_quiet
        )

    def _run_plain(self, stop: int) -> None:
        """Sessions of bars, each bar: work the book if its orders could wake, then decide."""
        strategy, context, book = self.strategies[0], self.contexts[0], self.board.books[0]
        first, begin = self.first_rows[0], self.next_row
        if begin <= first < stop:
            # Nothing can be working yet: the first row only decides.
            self.board.cursor.row = first
            strategy.on_start(context)
            answer = strategy.on_bar(context)
            if answer is not None:
                submit_returned(context, answer)
        begin = max(begin, first + 1)
        for last in self.board.market.sessions.last_rows(len(self.board.market)).tolist():
            if last < begin:
                continue
            self._plain_session(begin, last, stop)
            if last >= stop:
                break
            begin = last + 1
            if book.n_open:
                self.happenings.end_sessions(last)
                # A session that ends with on_bar's new orders keeps them: they could not have filled in it.
            on_bar_of_last = strategy.on_bar(context)
            if on_bar_of_last is not None:
                submit_returned(context, on_bar_of_last)
            self._report(last)

    def _plain_session(self, first: int, last: int, stop: int) -> None:
        """The bars of one session; the last one is only worked, because expiries come before its `on_bar`."""
        board, context = self.board, self.contexts[0]
        cursor, book, exchange = board.cursor, board.books[0], board.exchange
        on_bar = self.strategies[0].on_bar
        highs, lows, show = board.highs[0], board.lows[0], board.show
        for row in range(first, min(last, stop)):
            cursor.row = row
            if book.n_open and (highs[row] >= book.wake_above or lows[row] <= book.wake_below):
                exchange.row = row
                show(book, row)
                work_alone(exchange, book)
            answer = on_bar(context)
            if answer is not None:
                submit_returned(context, answer)
        if last >= stop:
            return
        cursor.row = last
        if book.n_open and (highs[last] >= book.wake_above or lows[last] <= book.wake_below):
            exchange.row = last
            show(book, last)
            work_alone(exchange, book)

    def _run_full(self, stop: int) -> None:
        """Every row with everything that can happen at it."""
        happenings, board, delivers = self.happenings, self.board, self.delivery.is_needed
        cursor, working, special = board.cursor, board.working, happenings.special_rows
        every = max(1, len(board.market) // _PROGRESS_PARTS)
        session_lasts = happenings.schedule.last_rows if any(self._closes_sessions) else set()
        pauses = session_lasts.union(range(min(self.first_rows), len(board.market), every))
        actors = self._actors
        for row in range(self._first_full_row(stop), stop):
            if row in special:
                happenings.before(row)
            cursor.row = row
            if working:
                happenings.work(row)
            if working or happenings.is_watching:
                happenings.after(row)
            if delivers:
                self.delivery.deliver()
            if row in self.first_rows:
                actors = self._actors = self._start(row)
            self._decide(actors)
            if row in pauses:
                self._pause(row, closes=row in session_lasts)

    def _first_full_row(self, stop: int) -> int:
        first = min(self.first_rows)
        if self.next_row <= first < stop:
            self.happenings.begin(first)
        return max(first, self.next_row)

    def _start(self, row: int) -> list[Actor]:
        """Call `on_start` of the strategies that begin with this row; everyone who acts from now on."""
        actors: list[Actor] = []
        for number, strategy in enumerate(self.strategies):
            if self.first_rows[number] <= row:
                self._acting = number
                if self.first_rows[number] == row:
                    strategy.on_start(self.contexts[number])
                ready = strategy.ready if self._asks_ready[number] else None
                actors.append((number, strategy.on_bar, ready, self.contexts[number]))
        return actors

    def _decide(self, actors: list[Actor]) -> None:
        for number, on_bar, ready, context in actors:
            self._acting = number
            if ready is None or ready():
                answer = on_bar(context)
                if answer is not None:
                    submit_returned(context, answer)

    def _pause(self, row: int, *, closes: bool) -> None:
        if closes:
            self._close_session()
        self._report(row)

    def _close_session(self) -> None:
        for number, asked in enumerate(self._closes_sessions):
            if asked and self.board.cursor.row >= self.first_rows[number]:
                self._acting = number
                self.strategies[number].on_session_close(self.contexts[number])

    def _report(self, row: int) -> None:
        if self.plan.progress is not None:
            self.plan.progress(row + 1, len(self.board.market))
