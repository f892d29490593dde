"""One job under way: its process watched, its limits held, its end told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.control.jobs import JobState
from tradewright.domain.errors import ConflictError, StorageError

from .endings import Ended, Ending, Stop, ending_of
from .output import JobOutput
from .restarts import begins_again, pause_s
from .rules import limits_of
from .told import Told

if TYPE_CHECKING:
    from tradewright.domain.control.jobs import Job
    from tradewright.ports.children import Child, ChildExit
    from tradewright.ports.clock import Clock
    from tradewright.ports.jobs import JobLog

    from .book import JobBook
    from .rules import WorkerRules

__all__ = ["RunningJob"]

_S = 1_000_000_000


class RunningJob:
    """A claimed job and the process that works on it.

    Parameters
    ----------
    job : Job
        As it was claimed.
    child : Child
    book : JobBook
    log : JobLog
    rules : WorkerRules
    """

    def __init__(self, job: Job, child: Child, book: JobBook, log: JobLog, rules: WorkerRules) -> None:
        self.job, self._child, self._book, self._rules = job, child, book, rules
        self._limits = limits_of(job, rules.ceilings)
        self._output = JobOutput(log, job.id)
        self._begun_ns = self._monotonic_ns
        self._told = Told(self._begun_ns)
        self._beat_ns = self._begun_ns + _ns(rules.beat_s)
        self._weigh_ns = self._begun_ns
        self._stop: Stop | None = None
        self._kill_ns: int | None = None
        self._exit: ChildExit | None = None
        self._again_ns: int | None = None
        self._why_again = ""

    def look(self) -> bool:
        """Take one look; whether the job is over here.

        A store that cannot be reached now is asked again at the next look; the process goes on meanwhile.
        """
        is_over = self._looked()
        if is_over:
            self._output.flush()
        return is_over

    def _looked(self) -> bool:
        if self._again_ns is not None:
            return self._has_waited(self._again_ns)
        self._exit = self._exit or self._child.exit()
        self._listen()
        if self._exit is not None:
            return self._is_written_down(self._exit)
        self._hold_limits()
        self._beat()
        if self._kill_ns is not None and self._monotonic_ns >= self._kill_ns:
            self._child.kill()
        return False

    def stop(self, why: Stop) -> None:
        """Let the process end: asked at first, killed when it does not listen. The first reason counts."""
        if self._stop is not None:
            return
        self._stop = why
        if why in {Stop.MEMORY, Stop.NOT_OURS}:
            self._child.kill()
        else:
            self._child.interrupt()
        self._kill_ns = self._monotonic_ns + _ns(self._rules.kill_after_s(self.job.kind))

    def _listen(self) -> None:
        news = self._child.news()
        self._output.take(news.output)
        for message in news.messages:
            self._told.take(message, self._monotonic_ns)

    def _hold_limits(self) -> None:
        now_ns, limits = self._monotonic_ns, self._limits
        if limits.seconds is not None and now_ns - self._begun_ns > _ns(limits.seconds):
            self.stop(Stop.TIME)
        if limits.memory_mb is not None and now_ns >= self._weigh_ns:
            self._weigh_ns = now_ns + _ns(self._rules.memory_every_s)
            if (self._child.memory_mb() or 0.0) > limits.memory_mb:
                self.stop(Stop.MEMORY)

    def _beat(self) -> None:
        if self._monotonic_ns < self._beat_ns:
            return
        self._beat_ns = self._monotonic_ns + _ns(self._rules.beat_s)
        try:
            if self._book.store.beat(self.job, self._clock.now_ns()) is JobState.CANCELLING:
                self.stop(Stop.CANCEL)
            self._tell_progress()
            self._output.flush()
        except ConflictError:
            self.stop(Stop.NOT_OURS)
        except StorageError as error:
            self._output.note(f"The sign of life could not be given: {error.message}")

    def _tell_progress(self) -> None:
        progress = self._told.progress(self._clock.now_ns(), self._monotonic_ns)
        if progress is not None:
            self._book.progress(self.job, progress)

    def _is_written_down(self, ended: ChildExit) -> bool:
        try:
            self._write_down(ended)
        except ConflictError:
            self._output.note(
                "The job was given to another worker meanwhile; what came of this attempt does not count."
            )
        except StorageError:
            # Asked again at the next look: the end of a job must not be lost.
            return False
        return self._again_ns is None

    def _write_down(self, exit_: ChildExit) -> None:
        if self._stop is Stop.NOT_OURS:
            return
        self._tell_progress()
        if self._stop is Stop.LEAVING and (exit_.code != 0 or self.job.kind.is_session):
            self._go_back("Its worker was told to end.")
            return
        told = self._told
        ended = Ended(self.job.id, exit_, self._stop, told.run_id, told.error, self._output.last_lines)
        ending = ending_of(ended, self._limits)
        if ending.state is JobState.FAILED and ending.error is not None:
            self._output.note(str(ending.error["sentence"]))
        if begins_again(self.job, ended):
            self._wait_to_begin_again(ending)
        else:
            # Who reads that it is over reads the whole log.
            self._output.flush()
            self._book.end(self.job, *ending)

    def _wait_to_begin_again(self, ending: Ending) -> None:
        self._why_again = "" if ending.error is None else str(ending.error["sentence"])
        seconds = pause_s(self.job.attempt)
        self._output.note(f"It is begun again in {seconds:g} s ({self.job.attempt + 1} of {self.job.attempts_most}).")
        self._again_ns = self._monotonic_ns + _ns(seconds)

    def _has_waited(self, until_ns: int) -> bool:
        """Stay at it until the pause is over: meanwhile the job is this worker's, and can be cancelled."""
        if self._stop is None and self._monotonic_ns < until_ns:
            self._beat()
            return False
        try:
            if self._stop is not Stop.NOT_OURS:
                self._go_back(self._why_again)
        except StorageError:
            return False
        except ConflictError:
            return True
        return True

    def _go_back(self, why: str) -> None:
        self._output.flush()
        try:
            self._book.requeue(self.job, why)
        except ConflictError:
            # Somebody asked for its end in the same moment; where it is another worker's, this is refused as well.
            self._book.end(self.job, JobState.CANCELLED, None, None)

    @property
    def _clock(self) -> Clock:
        return self._book.clock

    @property
    def _monotonic_ns(self) -> int:
        return self._clock.monotonic_ns()


def _ns(seconds: float) -> int:
    return int(seconds * _S)
