"""The promises of records of sessions: every input once, in its order, with its answers, whoever looks meanwhile."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from tradewright.domain.bars import Bar
from tradewright.domain.errors import DataNotAvailableError, StorageError
from tradewright.domain.live.session import (
    CancelAsked,
    Command,
    Ended,
    Filled,
    Logged,
    Placed,
    Replaced,
    Row,
    SessionClosed,
    Standing,
    StrategyFailed,
    Tripped,
)

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.session_log import SessionLog, SessionLogs

__all__ = ["SessionLogConformance", "sample_input", "sample_inputs", "sample_outputs"]

_AT = 1_700_000_000_000_000_000
_ABOUT = {"strategy": "sma_cross", "mode": "paper", "params": {"fast": 10, "wide": 0.25}, "symbols": ["NASDAQ:AAPL"]}


def sample_input(number: int) -> Input:
    """An input that is unlike every other."""
    return Filled(number, 1.0 + number, 190.1, 0.35, _AT + number, f"fill {number}")


def sample_inputs() -> tuple[Input, ...]:
    """One input of every kind, with the values that are hard to write."""
    apple = Bar("NASDAQ:AAPL", _AT, _AT + 60, 0.1 + 0.2, 1e-17 + 0.5, 0.1, 0.30000000000000004, math.inf)
    return (
        Row(_AT, _AT + 60, (apple,), 19_675, (19_675,), ("NASDAQ:AAPL",), acts=False),
        Row(_AT, _AT + 60, (), 19_675, ()),
        Filled(7, 0.1, 1e22, -0.0, _AT, "é×\n\x00", "stop"),
        Standing(7, "unknown", _AT),
        Ended(7, "rejected", 'said "no"', _AT, "target"),
        SessionClosed(("NASDAQ:AAPL", "NASDAQ:MSFT"), _AT),
        Command("pause", "Ada", "lunch", _AT, 3),
    )


def sample_outputs() -> tuple[Output, ...]:
    """One output of every kind."""
    placed = Placed(8, 0, "NASDAQ:AAPL", -1, 2.5, "limit", "day", limit_price=190.5, tag="exit")
    words = {"$float": "a mark", "tuple": (1, 2.5), "far": -math.inf}
    return (
        placed,
        CancelAsked(7, 0, "strategy"),
        Replaced(7, placed),
        Logged(0, "crossed", words),
        Tripped("day_loss", 99_000.5),
        StrategyFailed(1, "KeyError: 'x' in line 3."),
    )


class SessionLogConformance(Conformance):
    """What every store of records of sessions promises.

    Attributes
    ----------
    opened : callable
        ``opened()`` gives a store in which there is no session.
    reopened : callable
        ``reopened(logs)`` gives another store over the same place, as another process would.
    """

    opened: ClassVar[Callable[[], SessionLogs]]
    reopened: ClassVar[Callable[[SessionLogs], SessionLogs]]

    def test_inputs_come_back_as_they_were(self) -> None:
        """Every kind, bit by bit, numbered from one."""
        logs, log = self._begun()
        numbers = [log.take(each) for each in sample_inputs()]
        log.close()
        require(numbers == list(range(1, len(numbers) + 1)), f"Inputs were numbered {numbers}.")
        found = list(self._again(logs).read("one").entries())
        require([each[0] for each in found] == numbers, "Numbers changed.")
        for given, (_, kept, answers) in zip(sample_inputs(), found, strict=True):
            require(repr(kept) == repr(given) and answers == (), f"{given} came back as {kept} with {answers}.")

    def test_answers_stand_beside_their_input(self) -> None:
        """Whether they were noted at once or after other inputs, and with every word."""
        logs, log = self._begun()
        for number in range(3):
            log.take(sample_input(number))
        log.note(1, ())
        log.note(2, sample_outputs())
        log.close()
        found = [answers for _, _, answers in self._again(logs).read("one").entries()]
        require(found == [(), sample_outputs(), ()], f"Answers came back as {found}.")

    def test_answers_come_in_order(self) -> None:
        """None to an input that was not taken, and none twice."""
        _, log = self._begun()
        for number in range(2):
            log.take(sample_input(number))
        log.note(2, sample_outputs())
        for wrong in (3, 2, 1):
            try:
                log.note(wrong, sample_outputs())
            except StorageError:
                continue
            require(False, f"Input {wrong} was answered after input 2 of 2.")
        log.close()

    def test_a_session_goes_on(self) -> None:
        """In another process, under the next number, with what it was started with."""
        logs, log = self._begun()
        log.take(sample_input(0))
        log.close()
        second = self._again(logs).open("one")
        require(dict(second.about) == _ABOUT, f"It was started with {second.about}.")
        require(second.take(sample_input(1)) == 2, "The numbers did not go on.")
        require([each[1] for each in second.entries()] == [sample_input(0), sample_input(1)], "Inputs were lost.")
        second.close()

    def test_one_process_writes(self) -> None:
        """A session that is written cannot be opened a second time, until it is closed."""
        logs, log = self._begun()
        self._refused(lambda: self._again(logs).open("one"), "Two processes write one session.")
        log.close()
        self._again(logs).open("one").close()

    def test_a_running_session_is_followed(self) -> None:
        """Who looks sees what was taken so far, then what was taken since, and writes nothing."""
        logs, log = self._begun()
        looking = self._again(logs).read("one")
        for number in range(1, 4):
            log.take(sample_input(number))
            log.note(number, sample_outputs()[:number])
            found = list(looking.entries())
            require(len(found) == number, f"Of {number} inputs {len(found)} were seen.")
            require(found[-1][1:] == (sample_input(number), sample_outputs()[:number]), f"{found[-1]} was seen.")
        self._refused(lambda: looking.take(sample_input(9)), "Who looked wrote an input.")
        self._refused(lambda: looking.note(1, ()), "Who looked wrote an answer.")
        self._refused(lambda: looking.measure({}), "Who looked wrote how it stands.")
        looking.close()
        log.close()

    def test_sessions_are_listed_with_how_they_stand(self) -> None:
        """Newest first, with the last measure, running or not."""
        logs, log = self._begun()
        log.measure({"equity": 1.0})
        log.measure({"equity": 99_000.5, "positions": {"NASDAQ:AAPL": -2.5}, "sharpe": math.inf})
        second = logs.create("two", {"mode": "live"})
        listed = self._again(logs).sessions()
        require([name for name, _ in listed] == ["two", "one"], f"Sessions are listed as {listed}.")
        stands = {"equity": 99_000.5, "positions": {"NASDAQ:AAPL": -2.5}, "sharpe": math.inf}
        expected = [{"mode": "live", "standing": None}, {**_ABOUT, "standing": stands}]
        require([dict(words) for _, words in listed] == expected, f"Sessions are listed as {listed}.")
        second.close()
        log.close()

    def test_names_are_taken_once(self) -> None:
        """A second session of one name is refused, also after the first has ended; so are names that lead elsewhere."""
        logs, log = self._begun()
        log.take(sample_input(0))
        log.close()
        for name in ("one", "../elsewhere", "", "a/b"):
            self._refused(lambda name=name: logs.create(name, {}), f"A session was called '{name}'.")  # type: ignore[misc]
        require(len(list(logs.read("one").entries())) == 1, "A refused session emptied the one that was there.")

    def test_what_is_not_there_is_said(self) -> None:
        """Opening and reading a session that was never created."""
        logs = type(self).opened()
        for ask in (logs.open, logs.read):
            try:
                ask("nobody")
            except DataNotAvailableError:
                continue
            require(False, "A session that was never created was found.")

    def _begun(self) -> tuple[SessionLogs, SessionLog]:
        logs = type(self).opened()
        return logs, logs.create("one", _ABOUT)

    def _again(self, logs: SessionLogs) -> SessionLogs:
        return type(self).reopened(logs)

    def _refused(self, work: Callable[[], object], sentence: str) -> None:
        try:
            work()
        except StorageError:
            return
        require(False, sentence)
