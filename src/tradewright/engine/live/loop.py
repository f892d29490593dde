"""The loop of a session: rows as they close, and strategies contained from each other's errors.

This is the one border where the errors of strategy code are held back: whoever raises is asked no more, its entries
end and its exits stay, and the others go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StrategyRaisedError, TradewrightError
from tradewright.domain.events import Reason
from tradewright.domain.live.session import StrategyFailed
from tradewright.engine.delivery import Delivery
from tradewright.engine.failures import named_failure
from tradewright.engine.loop import Actor, Loop
from tradewright.strategy.returned import submit_returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from .desk import SessionDesk
    from .happenings import SessionHappenings

__all__ = ["SessionLoop"]

_NEVER = 1 << 62


class ContainedDelivery(Delivery):
    """Hands events over to strategies that are still asked; what they raise is theirs alone."""

    def __init__(self, loop: SessionLoop) -> None:
        super().__init__(loop.desk, loop.strategies, loop.contexts, raises=False)
        self._loop = loop

    def _hand_over(self, row: tuple[float, ...]) -> None:
        number = int(row[2]) // self._symbols
        self._loop.ask(number, lambda: super(ContainedDelivery, self)._hand_over(row))


class SessionLoop(Loop):
    """Drives the strategies of a session.

    Attributes
    ----------
    retired : set of int
        Strategies that are asked no more.
    asking : callable
        Told the number of the strategy that is about to run, and -1 after it: a watchdog looks there.
    """

    desk: SessionDesk
    happenings: SessionHappenings

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.retired: set[int] = set()
        self.asking: Callable[[int], None] = _nobody
        self.delivery = ContainedDelivery(self)
        self._started: set[int] = set()
        self._ready_from = list(self.first_rows)
        self.first_rows = [_NEVER] * len(self.strategies)
        self.next_row = len(self.board.market)

    def ready_from(self, number: int, row: int) -> None:
        """The first row in which a strategy can decide, by what its lines need."""
        self._ready_from[number] = row

    def waits(self, number: int) -> bool:
        """Whether a strategy has not been asked yet."""
        return number not in self._started

    def step(self, *, acts: bool) -> None:
        """Run the row that the market has just grown by; strategies decide where it acts."""
        row = len(self.board.market) - 1
        for number, ready in enumerate(self._ready_from):
            if number not in self._started and acts and row >= ready:
                self.first_rows[number] = row
        self._actors_are_asked = acts
        self.run_until(row + 1)

    def is_plain(self) -> bool:
        """Never: rows come one by one, and what is said is collected."""
        return False

    def ask(self, number: int, question: Callable[[], Any]) -> None:
        """Let a strategy run, and retire it where it raises."""
        if number in self.retired:
            return
        self._acting = number
        self.asking(number)
        try:
            question()
        except Exception as error:  # noqa: BLE001 - the one border where strategy code is contained
            self.retire(number, self._sentence(error, number))
        except SystemExit as error:
            self.retire(number, f"{self.strategies[number].name} wanted to end the program: SystemExit({error.code}).")
        finally:
            self.asking(-1)

    def _sentence(self, error: Exception, number: int) -> str:
        name = self.strategies[number].name
        named = named_failure(error, name, self.board.cursor)
        if named is error and not isinstance(error, StrategyRaisedError):
            return f"{name} stopped: {type(error).__name__}: {error}"
        if not isinstance(named, TradewrightError):
            return str(named)
        message = named.message if named.message.endswith((".", "!", "?")) else f"{named.message}."
        return message if named.hint is None else f"{message} {named.hint}"

    def retire(self, number: int, sentence: str) -> None:
        """Ask a strategy no more: its entries end, its exits stay."""
        self.retired.add(number)
        self.desk.say(StrategyFailed(number, sentence))
        self.desk.end_entries(number, Reason.STRATEGY_STOPPED)

    def _start(self, row: int) -> list[Actor]:
        actors: list[Actor] = []
        for number, strategy in enumerate(self.strategies):
            if self.first_rows[number] > row:
                continue
            if number not in self._started:
                self._started.add(number)
                self.ask(number, lambda s=strategy, c=self.contexts[number]: s.on_start(c))  # type: ignore[misc]
            ready = strategy.ready if self._asks_ready[number] else None
            actors.append((number, strategy.on_bar, ready, self.contexts[number]))
        return actors

    def _decide(self, actors: list[Actor]) -> None:
        if not self._actors_are_asked:
            return
        for actor in actors:
            self.ask(actor[0], lambda a=actor: _bar(a))  # type: ignore[misc]

    def _close_session(self) -> None:
        for number, asked in enumerate(self._closes_sessions):
            if asked and number in self._started:
                self.ask(number, lambda n=number: self.strategies[n].on_session_close(self.contexts[n]))  # type: ignore[misc]

    def close_session(self) -> None:
        """The account's session is over without a row."""
        self._close_session()

    def stop(self) -> None:
        """Tell the strategies that there are no more bars."""
        for number in sorted(self._started):
            self.ask(number, lambda n=number: self.strategies[n].on_stop(self.contexts[n]))  # type: ignore[misc]


def _bar(actor: Actor) -> None:
    _, on_bar, ready, context = actor
    if ready is None or ready():
        answer = on_bar(context)
        if answer is not None:
            submit_returned(context, answer)


def _nobody(_: int) -> None:
    """Nobody watches."""
