"""A session as it runs: inputs are written down and given to the engine; its answers are written and carried out."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ParityError, StrategyHungError
from tradewright.domain.live.session import Command, Row, SessionClosed, in_effect

from .parity import first_difference

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.clock import Clock
    from tradewright.ports.session_core import SessionCore
    from tradewright.ports.session_log import SessionLog

    from .carrier import Carrier

    Answers = dict[int, tuple[Input, tuple[Output, ...]]]

__all__ = ["SessionRunner"]

NS = 1_000_000_000
_MEASURE_NS = NS
_QUIET_S = 0.05
"""How long nothing must have come before it is measured: orders leave first."""
_IDLE_S = 0.5
_MOST_UNMEASURED = 256
"""Inputs after which it is measured though more are waiting."""
_LATENCIES = 4096
_YOUNG = 1
_TURNS = 2
"""Of the loop, for which the feed stands back behind each row: what follows from it goes first."""


class SessionRunner:
    """Runs one session.

    Parameters
    ----------
    log : SessionLog
    make_core : callable
        Opens an engine that has taken nothing yet.
    clock : Clock
    status : callable, optional
        What else is to be measured besides how the engine stands: the feed, the account.
    heard : callable, optional
        Told of every input with its outputs after they were carried out.
    is_stale : callable, optional
        Whether a row is too old by now to act on; asked of those that waited while an engine was replaced.

    Attributes
    ----------
    carrier : Carrier
        To be set before anything is run; what it gives back comes by `put`.
    host_ns : callable
        The time of this host, by which others see that the session lives; the clock's unless another is set.
    """

    carrier: Carrier

    def __init__(
        self, log: SessionLog, make_core: Callable[[], SessionCore], clock: Clock, *,
        status: Callable[[], Mapping[str, Any]] | None = None,
        heard: Callable[[Input, Sequence[Output]], None] | None = None,
        is_stale: Callable[[Row], bool] = lambda _: False,
    ) -> None:  # fmt: skip
        self.log = log
        self.clock = clock
        self.host_ns = clock.now_ns
        self._make_core = make_core
        self._core = make_core()
        self._status = status or dict
        self._heard = heard
        self._is_stale = is_stale
        self._replaced_ns = 0
        self._inbox: asyncio.Queue[tuple[Input | None, int]] = asyncio.Queue()
        self._is_working = False
        self._measured_ns = 0
        self._unmeasured = 0
        self._again_at = 0
        self._latencies: deque[int] = deque(maxlen=_LATENCIES)
        self._counts = {"rows": 0, "decisions": 0, "inputs": 0, "replaced_workers": 0}
        self._standing: Mapping[str, Any] = {}
        self.last_row: Row | None = None

    # What comes in.

    def put(self, given: Input) -> None:
        """Give an input; it is taken after those that were given before."""
        self._inbox.put_nowait((given, self.clock.monotonic_ns()))

    async def resume(self) -> Row | None:
        """Take the record up again, and compare what is decided with what was; the last row of it.

        Raises
        ------
        ParityError
            When the engine decides otherwise now: its code or its settings are others than those of the record.
        """
        # Whatever the engine needs to stand is there before the first bar, which would be decided on late otherwise.
        await self._core.standings()
        stopped: list[int] = []
        try:
            answers = await self._again(in_effect(self.log.entries()), remembers=True)
        except StrategyHungError as error:
            answers = await self._without(error, self._again_at, stopped, remembers=True)
        self._complete(answers)
        self._recount(answers)
        await self.carrier.catch_up()
        for number in stopped:
            self._tell(*answers[number])
        return self.last_row

    def _complete(self, answers: Answers) -> None:
        """Write down what was answered last and not written any more."""
        noted = {number for number, _, outputs in self.log.entries() if outputs}
        for number in sorted(answers):
            if number > max(noted, default=0):
                self.log.note(number, answers[number][1])

    def _recount(self, answers: Answers) -> None:
        """What an earlier process worked counts, too."""
        self._counts["inputs"] = len(answers)
        self._counts["rows"] = sum(isinstance(given, Row) for given, _ in answers.values())
        self._counts["decisions"] = sum(len(outputs) for _, outputs in answers.values())

    async def run(self, rows: AsyncIterator[Row | SessionClosed]) -> None:
        """Work until `stop` is called or the rows end.

        Raises
        ------
        TradewrightError
            What ends the session: the feed, the record, or the road.
        """
        feeding = asyncio.create_task(self._feed(rows))
        try:
            while True:
                given, came_ns = await self._next()
                if given is None:
                    break
                await self._work(given, came_ns)
        finally:
            feeding.cancel()
            await asyncio.wait([feeding])
        if not feeding.cancelled() and (error := feeding.exception()) is not None:
            raise error

    async def _next(self) -> tuple[Input | None, int]:
        """The next input; what has changed since the last measure is measured while there is none.

        Orders of the input before are let go first.
        """
        await asyncio.sleep(0)
        if self._inbox.empty():
            # Young garbage is gathered while nothing waits, not in the middle of the next row.
            gc.collect(_YOUNG)
        if self._unmeasured >= _MOST_UNMEASURED:
            await self.measure()
        while self._inbox.empty() and self._unmeasured:
            is_due = self.clock.monotonic_ns() - self._measured_ns >= _MEASURE_NS
            try:
                async with asyncio.timeout(_QUIET_S if is_due else _IDLE_S):
                    return await self._inbox.get()
            except TimeoutError:
                await self.measure()
        return await self._inbox.get()

    async def _feed(self, rows: AsyncIterator[Row | SessionClosed]) -> None:
        try:
            async for row in rows:
                self.put(row)
                for _ in range(_TURNS):
                    await asyncio.sleep(0)
        finally:
            self.end()

    async def work_off(self) -> None:
        """Work what was given, and what follows from it, until nothing is left."""
        while not self._inbox.empty():
            given, came_ns = self._inbox.get_nowait()
            if given is not None:
                await self._work(given, came_ns)

    def end(self) -> None:
        """Take what was given so far, and nothing after it."""
        self._inbox.put_nowait((None, 0))

    async def stop(self) -> None:
        """Tell the strategies that there are no more bars; what they still say is carried out."""
        await self._work(Command("ended", "session", "", self.clock.now_ns()), self.clock.monotonic_ns())
        await self.measure()

    def close(self) -> None:
        """Let go of engine and record."""
        self._core.close()
        self.log.close()

    # One input.

    @property
    def core(self) -> SessionCore:
        """The engine of now; another one takes its place where it hangs."""
        return self._core

    @property
    def is_busy(self) -> bool:
        """Whether an input is being worked, or waits."""
        return self._is_working or not self._inbox.empty()

    async def _work(self, given: Input, came_ns: int) -> None:
        self._is_working = True
        try:
            await self._worked(given, came_ns)
        finally:
            self._is_working = False

    async def _worked(self, given: Input, came_ns: int) -> None:
        if isinstance(given, Row) and came_ns <= self._replaced_ns and self._is_stale(given):
            given = replace(given, acts=False)
        sequence = self.log.take(given)
        stopped: list[int] = []
        try:
            outputs = await self._answer(given)
        except StrategyHungError as error:
            answers = await self._without(error, sequence, stopped)
            outputs = answers[sequence][1]
        self.log.note(sequence, outputs)
        if stopped:
            await self._carry_stops({number: answers[number] for number in stopped})
        await self._carry(sequence, given, outputs)
        self._count(given, outputs, came_ns)

    async def _carry_stops(self, answers: Answers) -> None:
        for number, (_, outputs) in answers.items():
            self.log.note(number, outputs)
        for number, answer in answers.items():
            await self._carry(number, *answer)

    async def _carry(self, sequence: int, given: Input, outputs: Sequence[Output]) -> None:
        await self.carrier.carry_out(sequence, given, outputs)
        self._tell(given, outputs)

    def _tell(self, given: Input, outputs: Sequence[Output]) -> None:
        if self._heard is not None:
            self._heard(given, outputs)

    def _count(self, given: Input, outputs: Sequence[Output], came_ns: int) -> None:
        self._unmeasured += 1
        self._counts["inputs"] += 1
        self._counts["decisions"] += len(outputs)
        if isinstance(given, Row):
            self.last_row = given
            self._counts["rows"] += 1
            if given.acts:
                self._latencies.append(self.clock.monotonic_ns() - came_ns)

    # An engine in the place of another.

    async def _without(
        self, error: StrategyHungError, sequence: int, stopped: list[int], *, remembers: bool = False
    ) -> Answers:
        """A strategy hangs: its engine is ended, another one is given the record without it; what that one says.

        Numbers of the commands that stop strategies are put into `stopped`. An engine that is lost while no strategy
        runs is opened again as it was, once.
        """
        is_lost_again = False
        while error.strategy >= 0 or not is_lost_again:
            self._core.close()
            self._counts["replaced_workers"] += 1
            if error.strategy < 0:
                is_lost_again = True
            else:
                stopping = Command("stop", "watchdog", str(error), self.clock.now_ns(), error.strategy, before=sequence)
                stopped.append(self.log.take(stopping))
            self._core = self._make_core()
            try:
                answers = await self._again(in_effect(self.log.entries()), remembers=remembers)
            except StrategyHungError as another:
                error, sequence = another, self._again_at
            else:
                self._replaced_ns = self.clock.monotonic_ns()
                return answers
        raise error

    async def _again(self, entries: Sequence[tuple[int, Input, tuple[Output, ...]]], *, remembers: bool) -> Answers:
        """Give inputs again, and hold the answers against those that were written down; the new answers by number."""
        said: Answers = {}
        answered = max((at for at, (_, _, recorded) in enumerate(entries) if recorded), default=-1)
        for at, (number, given, recorded) in enumerate(entries):
            self._again_at = (given.before if isinstance(given, Command) else 0) or number
            try:
                outputs = await self._answer(given)
            except StrategyHungError as error:
                if at > answered:
                    raise
                # It came back on the day: this machine is slow, and a stop there would contradict the record.
                raise StrategyHungError(error.message, hint="Begin it again when the machine has time.") from error
            said[number] = given, outputs
            if recorded and (difference := first_difference(recorded, outputs)) is not None:
                raise ParityError(
                    f"Input {number} is answered otherwise than on the day: {difference}.",
                    hint="Run it with the code and the settings of its record, or begin a new session.",
                )
            if remembers:
                self.carrier.remember(number, given, outputs)
            if isinstance(given, Row):
                self.last_row = given
        return said

    async def _answer(self, given: Input) -> tuple[Output, ...]:
        if isinstance(given, Command) and given.what == "ended":
            return await self._core.stop()
        return await self._core.take(given)

    # How it stands.

    async def measure(self) -> Mapping[str, Any]:
        """Write down how the session stands, and give it; empty before every symbol has had a bar."""
        self._measured_ns, self._unmeasured = self.clock.monotonic_ns(), 0
        standings = await self._standings()
        if not standings:
            return standings
        if self._inbox.empty():
            self.carrier.compare(standings)
        standing = {
            **standings,
            **self._counts,
            "latency_ms": self._latency(),
            "measured_ns": self.host_ns(),
            **self._status(),
        }
        self._standing = standing
        self.log.measure(standing)
        return standing

    def pulse(self) -> None:
        """Write down that it lives, and what can be said without asking the engine; nothing before the first bar.

        Its feed may be silent for long, and whoever watches must see that, and that the session is there.
        """
        if self._standing:
            self._standing = {**self._standing, **self._status(), "pulse_ns": self.host_ns()}
            self.log.measure(self._standing)

    async def _standings(self) -> Mapping[str, Any]:
        """How the engine stands; one whose process died meanwhile is replaced first."""
        try:
            return await self._core.standings()
        except StrategyHungError as error:
            stopped: list[int] = []
            answers = await self._without(error, self._again_at, stopped)
            await self._carry_stops({number: answers[number] for number in stopped})
            return await self._core.standings()

    def _latency(self) -> dict[str, float | None]:
        """From a row's arrival to its decisions being carried out, in milliseconds."""
        ordered = sorted(self._latencies)
        if not ordered:
            return {"p50": None, "p99": None}
        return {name: ordered[int(share * (len(ordered) - 1))] / 1e6 for name, share in (("p50", 0.5), ("p99", 0.99))}
