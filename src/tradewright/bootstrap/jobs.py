"""Jobs put together: the queue that people and programs use, and the worker that works it off."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.app.jobs.book import JobBook
from tradewright.app.jobs.commands import JobCommands, Places
from tradewright.app.jobs.queue import JobQueue
from tradewright.app.jobs.supervisor import Supervisor
from tradewright.bootstrap.databases import home_of, state_database
from tradewright.bootstrap.events import event_log
from tradewright.ports.children import ChildCommand

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from tradewright.app.jobs.rules import WorkerRules
    from tradewright.domain.control.jobs import Job, JobLimits
    from tradewright.ports.jobs import JobLog

__all__ = [
    "JOBS",
    "UPLOADS",
    "job_book",
    "job_commands",
    "job_log",
    "job_queue",
    "job_supervisor",
    "project_folder",
    "upload_folder",
]

JOBS, UPLOADS = "jobs", "uploads"
_PROGRAM = (sys.executable, "-P", "-c", "from tradewright.cli import main; raise SystemExit(main())")
"""`tradewright` as it is installed; like the installed program it finds no modules in the folder where it works."""
_DIGITS = 16
_HEADROOM_MB, _HEADROOM_PER_PROCESSOR_MB = 2048, 64
"""What libraries reserve and never touch. The wall stands there only for what grows faster than it is watched."""


def job_queue(folder: str | PathLike[str] | None = None) -> JobQueue:
    """The queue of jobs in the folder of all stores, or in another one; strategies are those of the working folder."""
    from tradewright.adapters.drawn_ids import drawn_id

    return JobQueue(job_book(folder), job_log(folder), job_commands(folder), lambda: drawn_id(_DIGITS))


def job_book(folder: str | PathLike[str] | None = None) -> JobBook:
    """The jobs with the log of their events."""
    from tradewright.adapters.storage.sql.jobs import SqlJobs
    from tradewright.adapters.system_clock import SystemClock

    database = state_database(folder)
    return JobBook(SqlJobs(database), event_log(database), SystemClock())


def job_log(folder: str | PathLike[str] | None = None) -> JobLog:
    """What jobs printed: files in the folder of all stores; rows of the database where that is on a server.

    A server is shared by hosts, and each of them reads what the jobs of the others printed. What lay in files before is
    still read there.
    """
    from tradewright.adapters.storage.folder.job_logs import FolderJobLogs
    from tradewright.adapters.storage.sql.server import ServerDatabase

    here, database = FolderJobLogs(home_of(folder) / JOBS), state_database(folder)
    if not isinstance(database, ServerDatabase):
        return here
    from tradewright.adapters.storage.moved import MovedJobLogs
    from tradewright.adapters.storage.sql.job_logs import SqlJobLogs
    from tradewright.adapters.system_clock import SystemClock

    return MovedJobLogs(SqlJobLogs(database, SystemClock().now_ns), here)


def job_supervisor(rules: WorkerRules, command: Callable[[Job, JobLimits], ChildCommand] | None = None) -> Supervisor:
    """A worker under a name that no other one has.

    Parameters
    ----------
    rules : WorkerRules
    command : callable, optional
        What is run for a job, instead of `tradewright`.
    """
    import socket

    from tradewright.adapters.children.processes import ChildProcesses
    from tradewright.adapters.drawn_ids import drawn_id

    queue = job_queue()
    worker = f"{socket.gethostname()}:{os.getpid()}:{drawn_id(_DIGITS)}"
    return Supervisor(worker, queue.book, queue.log, ChildProcesses(), command or _command(queue.commands), rules)


def project_folder() -> Path:
    """Where the files of jobs lie: the folder of the nearest ``tradewright.yaml`` upward, else the working folder."""
    from tradewright.bootstrap.settings import settings_file

    file = settings_file(Path.cwd())
    return Path.cwd() if file is None else file.parent


def upload_folder(folder: str | PathLike[str] | None = None) -> Path:
    """Where files that somebody sent wait to be imported; it need not exist yet."""
    return home_of(folder) / UPLOADS


def job_commands(folder: str | PathLike[str] | None = None) -> JobCommands:
    """What can be asked of workers; strategies and files are those of the working folder."""
    from tradewright.bootstrap.catalogue import find_catalogue

    # Looked for from where the commands will work, so that they find the same one.
    working = Path.cwd()
    places = Places(lambda: find_catalogue(working).entries, project_folder(), upload_folder(folder))
    return JobCommands(places)


def _command(commands: JobCommands) -> Callable[[Job, JobLimits], ChildCommand]:
    from tradewright.bootstrap.session_restarts import refuse_halted

    def command(job: Job, limits: JobLimits) -> ChildCommand:
        # Checked again: between asking and running, files and catalogue may have changed.
        words = commands.words(str(job.kind), job.request)
        if job.kind.is_session and job.attempt > 1:
            refuse_halted(str(job.request["session"]))
        return ChildCommand(
            words=(*_PROGRAM, *words),
            job=job.id,
            memory_mb=_wall(limits),
            keeps_output=job.kind.is_told or job.kind.is_session,
        )

    return command


def _wall(limits: JobLimits) -> int | None:
    if limits.memory_mb is None:
        return None
    return limits.memory_mb + _HEADROOM_MB + _HEADROOM_PER_PROCESSOR_MB * (os.cpu_count() or 1)
