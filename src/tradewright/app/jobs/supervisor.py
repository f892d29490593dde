"""A worker: claims jobs, lets each run in a process of its own, and tells what became of them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from tradewright.domain.control.jobs import JobState
from tradewright.domain.errors import ConflictError, StorageError, TradewrightError
from tradewright.domain.log_context import naming

from .endings import Stop, failure
from .lost import LostJobs
from .rules import limits_of
from .running import RunningJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.control.jobs import Job, JobLimits
    from tradewright.ports.children import Child, ChildCommand, Children
    from tradewright.ports.jobs import JobLog

    from .book import JobBook
    from .rules import WorkerRules

__all__ = ["Supervisor", "Wish"]

_S = 1_000_000_000


class Wish(IntEnum):
    """What a worker was told."""

    WORK = 0
    LEAVE = 1
    """Take nothing new, let what runs come to its end, then end."""
    LEAVE_NOW = 2
    """Put what runs back into the queue, then end."""


class Supervisor:
    """One worker.

    Linux ends the processes with the thread that starts them: `step` and `run` belong into one thread, the main one.

    Parameters
    ----------
    worker : str
        Its name, which no other worker has or had.
    book : JobBook
    log : JobLog
    children : Children
    command : callable
        ``command(job, limits)`` is the command line of a job; it raises where there is none.
    rules : WorkerRules
    """

    def __init__(
        self,
        worker: str,
        book: JobBook,
        log: JobLog,
        children: Children,
        command: Callable[[Job, JobLimits], ChildCommand],
        rules: WorkerRules,
    ) -> None:
        self.worker, self._book, self._log = worker, book, log
        self._children, self._command, self._rules = children, command, rules
        self._lost = LostJobs(book, log, lambda: {each.job.id for each in self._running}, rules.lost_after_s)
        self._running: list[RunningJob] = []
        self._claim_ns = {True: 0, False: 0}
        self.trouble: str | None = None

    @property
    def running(self) -> list[Job]:
        """The jobs under way here."""
        return [each.job for each in self._running]

    def run(self, wish: Callable[[], Wish]) -> None:
        """Work until told to leave."""
        while wish() is Wish.WORK or self._running:
            self.step(wish())

    def step(self, wish: Wish = Wish.WORK) -> None:
        """Look at everything once, and wait a moment for news."""
        for each in self._running:
            # A session comes to no end by itself: a worker that leaves hands it on.
            if wish is Wish.LEAVE_NOW or (wish is Wish.LEAVE and each.job.kind.is_session):
                each.stop(Stop.LEAVING)
        self._running = [each for each in self._running if not _looked_at(each)]
        if wish is Wish.WORK:
            self._ask_the_store()
        if self._running or wish is Wish.WORK:
            self._children.wait(self._rules.tick_s)

    def _ask_the_store(self) -> None:
        """Take up what others lost, and what waits; a store that is away is asked again later."""
        try:
            self._lost.look()
            self._claim(sessions=True)
            self._claim(sessions=False)
        except StorageError as error:
            self.trouble = error.message
        else:
            self.trouble = None

    def _claim(self, *, sessions: bool) -> None:
        """Begin what waits, of sessions or of all else, while there is room for one more."""
        kinds = frozenset(kind for kind in self._rules.kinds if kind.is_session is sessions)
        most = self._rules.sessions if sessions else self._rules.most
        clock = self._book.clock
        while kinds and self._count(sessions=sessions) < most and clock.monotonic_ns() >= self._claim_ns[sessions]:
            job = self._book.claim(self.worker, kinds)
            if job is None:
                self._claim_ns[sessions] = clock.monotonic_ns() + int(self._rules.claim_every_s * _S)
                return
            self._begin(job)

    def _count(self, *, sessions: bool) -> int:
        return sum(each.job.kind.is_session is sessions for each in self._running)

    def _begin(self, job: Job) -> None:
        try:
            child = self._children.start(self._command(job, limits_of(job, self._rules.ceilings)))
        except TradewrightError as error:
            kind = type(error).__name__
            self._book.end(job, JobState.FAILED, None, failure(kind, error.message, error.hint))
            return
        self._running.append(RunningJob(job, child, self._book, self._log, self._rules))
        self._noted(job, child)

    def _noted(self, job: Job, child: Child) -> None:
        try:
            self._book.store.started(job, child.pid)
        except ConflictError:
            self._running[-1].stop(Stop.NOT_OURS)


def _looked_at(running: RunningJob) -> bool:
    """Whether a job is over here; what is logged of it names it."""
    with naming(job=running.job.id):
        return running.look()
