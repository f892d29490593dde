"""A worker in a test: a clock that is set by hand, processes that do as they are told, a real queue."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.folder.job_logs import FolderJobLogs
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.events import SqlEvents
from tradewright.adapters.storage.sql.jobs import SqlJobs
from tradewright.app.jobs.book import JobBook
from tradewright.app.jobs.rules import WorkerRules
from tradewright.app.jobs.supervisor import Supervisor, Wish
from tradewright.domain.control.jobs import Job, JobKind, JobLimits, JobState
from tradewright.domain.errors import StorageError
from tradewright.ports.children import ChildCommand, ChildExit, News

S = 1_000_000_000
NOON = 1_763_700_000 * S


@cache
def empty_database() -> bytes:
    """The bytes of one with every table, so that they are made once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runs.db"
        with Database(path).writing():
            pass
        return path.read_bytes()


class Watch:
    """Both clocks, set by hand."""

    def __init__(self) -> None:
        self.utc_ns, self.passed_ns = NOON, 0

    def now_ns(self) -> int:
        return self.utc_ns

    def monotonic_ns(self) -> int:
        return self.passed_ns

    def go(self, seconds: float) -> None:
        self.utc_ns += int(seconds * S)
        self.passed_ns += int(seconds * S)


class Puppet:
    """A process that does what the test says."""

    def __init__(self, command: ChildCommand, pid: int) -> None:
        self.command, self.pid = command, pid
        self.interrupted = self.killed = 0
        self.listens = True
        self.megabytes: float | None = 10.0
        self._output, self._messages, self._exit = b"", [], None

    def says(self, output: str = "", **message: Any) -> None:
        self._output += output.encode()
        self._messages += [message] if message else []

    def ends(self, code: int | None = 0, signal: str | None = None) -> None:
        self._exit = self._exit or ChildExit(code, signal)

    def news(self) -> News:
        news = News(self._output, tuple(self._messages))
        self._output, self._messages = b"", []
        return news

    def exit(self) -> ChildExit | None:
        return self._exit

    def interrupt(self) -> None:
        self.interrupted += 1
        if self.listens:
            self.ends(130)

    def kill(self) -> None:
        self.killed += 1
        self.ends(None, "SIGKILL")

    def memory_mb(self) -> float | None:
        return self.megabytes


class Puppets:
    """Starts them; waiting takes the time of the watch."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.all: list[Puppet] = []

    def start(self, command: ChildCommand) -> Puppet:
        self.all.append(Puppet(command, 1000 + len(self.all)))
        return self.all[-1]

    def wait(self, seconds: float) -> None:
        self._watch.go(seconds)


class Away:
    """A store that can be away for a while."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.is_away = False

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any) -> Any:
            if self.is_away:
                raise StorageError("The database is locked.")
            return getattr(self._store, name)(*args)

        return call


class Desk:
    """A queue, a worker, and what the processes do."""

    def __init__(self, folder: Path, **rules: Any) -> None:
        (folder / "runs.db").write_bytes(empty_database())
        database = Database(folder / "runs.db")
        self.watch = Watch()
        self.store = Away(SqlJobs(database))
        self.events = SqlEvents(database)
        self.log = FolderJobLogs(folder / "jobs")
        self.book = JobBook(self.store, self.events, self.watch)
        self.rules = WorkerRules(**rules)
        self.puppets = Puppets(self.watch)
        self.worker = self.another("w1", self.puppets)

    def another(self, name: str, puppets: Puppets | None = None) -> Supervisor:
        """One more worker of the same queue."""
        children = puppets or Puppets(self.watch)
        worker = Supervisor(name, self.book, self.log, children, self._command, self.rules)
        worker.puppets = children  # type: ignore[attr-defined]
        return worker

    def add(self, number: int = 1, kind: JobKind = JobKind.BACKTEST, **values: Any) -> str:
        """Put a job into the queue."""
        limits = values.pop("limits", JobLimits())
        job = Job(
            f"j{number}", kind, JobState.QUEUED, "ada", {}, limits, NOON + number, **{"attempts_most": 2, **values}
        )
        return self.book.add(job).id

    def job(self, job_id: str = "j1") -> Job:
        """How it stands."""
        found = self.store.get(job_id)
        assert found is not None
        return found

    def steps(self, seconds: float, wish: Wish = Wish.WORK, worker: Supervisor | None = None) -> None:
        """Let the worker work for so long."""
        end = self.watch.passed_ns + int(seconds * S)
        while self.watch.passed_ns < end:
            before = self.watch.passed_ns
            (worker or self.worker).step(wish)
            if self.watch.passed_ns == before:
                self.watch.go(0.1)

    def seconds_until(self, holds: Callable[[], Any], most: float = 60.0) -> float:
        """Seconds of the watch until something holds."""
        begun = self.watch.passed_ns
        while not holds():
            assert self.watch.passed_ns - begun < most * S, "It never holds."
            self.worker.step()
        return (self.watch.passed_ns - begun) / S

    def told(self, topic: str = "jobs/j1", kind: str = "state") -> list[Any]:
        """Bodies of the events of a topic."""
        return [event.body for event in self.events.after(topic, 0, 1000) if event.kind == kind]

    def printed(self, job_id: str = "j1") -> str:
        """Its log."""
        return self.log.read(job_id, 0, 1 << 20)[0].decode()

    @staticmethod
    def _command(job: Job, limits: JobLimits) -> ChildCommand:
        return ChildCommand(("work",), job.id, memory_mb=limits.memory_mb)
