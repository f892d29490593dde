"""Jobs as rows: what is changed of one is changed only while it is still that worker's."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, select, update

from tradewright.domain.control.jobs import Job, JobKind, JobLimits, JobProgress, JobState
from tradewright.domain.errors import ConflictError, NotFoundError, StorageError
from tradewright.domain.plain_values import from_plain, to_plain

from .control_tables import jobs
from .listing import paged, rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from tradewright.domain.control.jobs import JobQuery
    from tradewright.domain.control.paging import Page, Slice

    from .database import Database

__all__ = ["SqlJobs"]

_HELD = tuple(state.value for state in JobState if state.is_held)


class SqlJobs:
    """Jobs in a database; see `tradewright.ports.jobs.JobStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job: Job) -> None:
        """Put a job into the queue."""
        with self._database.writing() as connection:
            connection.execute(insert(jobs).values(**_row(job)))

    def get(self, job_id: str) -> Job | None:
        """The job with that id."""
        return next(iter(self._read(select(jobs).where(jobs.c.id == job_id))), None)

    def page(self, query: JobQuery, piece: Slice) -> Page[Job]:
        """The jobs asked for, latest first."""
        return paged(self._database, _asked_for(query), (jobs.c.created_ns.desc(), jobs.c.id.desc()), piece, _job)

    def claim(self, worker: str, kinds: Collection[JobKind], now_ns: int) -> Job | None:
        """The oldest that waits, now this worker's."""
        waiting = _oldest_waiting(kinds)
        if not rows_of(self._database, waiting):
            return None
        # It is looked for again once nobody else can change anything: another worker may have been there first.
        with self._database.writing() as connection:
            found = connection.execute(waiting).one_or_none()
            if found is None:
                return None
            values = {"state": JobState.RUNNING.value, "worker": worker, "pid": None, "attempt": found.attempt + 1,
                      "started_ns": now_ns, "heartbeat_ns": now_ns}  # fmt: skip
            connection.execute(update(jobs).where(jobs.c.id == found.id).values(**values))
            return _now(connection, found.id)

    def started(self, job: Job, pid: int) -> None:
        """Keep the process that works on it."""
        self._report(job, pid=pid)

    def beat(self, job: Job, now_ns: int) -> JobState:
        """The worker lives."""
        return self._report(job, heartbeat_ns=now_ns).state

    def progress(self, job: Job, progress: JobProgress) -> None:
        """Keep how far it is."""
        with self._database.writing() as connection:
            connection.execute(update(jobs).where(_still(job)).values(progress=to_plain(asdict(progress))))

    def end(self, job: Job, state: JobState, run_id: str | None, error: Mapping[str, Any] | None, now_ns: int) -> Job:
        """It is over."""
        if not state.is_over:
            raise ConflictError(f"A job does not end as '{state}'.")
        plain = None if error is None else to_plain(dict(error))
        return self._report(job, state=state.value, run_id=run_id, error=plain, ended_ns=now_ns)

    def ask_cancel(self, job_id: str, now_ns: int) -> Job:
        """Somebody wants it to stop."""
        with self._database.writing() as connection:
            found = _now(connection, job_id)
            if found is None:
                raise NotFoundError(f"There is no job '{job_id}'.", hint="Look at the list of jobs.")
            if found.state is JobState.QUEUED:
                values = {"state": JobState.CANCELLED.value, "cancel_asked_ns": now_ns, "ended_ns": now_ns}
            elif found.state is JobState.RUNNING:
                values = {"state": JobState.CANCELLING.value, "cancel_asked_ns": now_ns}
            else:
                return found
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))
            return _there(connection, job_id)

    def lost(self, before_ns: int) -> list[Job]:
        """Jobs whose worker was last heard of before an instant."""
        silent = select(jobs).where(jobs.c.state.in_(_HELD), jobs.c.heartbeat_ns < before_ns)
        return self._read(silent.order_by(jobs.c.created_ns, jobs.c.id))

    def requeue(self, job: Job) -> Job:
        """Put a job back into the queue."""
        values = {"state": JobState.QUEUED.value, "worker": None, "pid": None, "started_ns": None,
                  "heartbeat_ns": None, "progress": None}  # fmt: skip
        return self._report(job, _still(job, JobState.RUNNING.value), **values)

    def _report(self, job: Job, which: ColumnElement[bool] | None = None, **values: Any) -> Job:
        with self._database.writing() as connection:
            mine = _still(job) if which is None else which
            if connection.execute(update(jobs).where(mine).values(**values)).rowcount == 0:
                raise ConflictError(f"The job '{job.id}' is no longer that of '{job.worker}'.")
            return _there(connection, job.id)

    def _read(self, statement: Select[Any]) -> list[Job]:
        return [_job(row) for row in rows_of(self._database, statement)]


def _still(job: Job, *states: str) -> ColumnElement[bool]:
    """The row of a job as long as nobody else has begun it and it is not over."""
    return and_(jobs.c.id == job.id, jobs.c.attempt == job.attempt, jobs.c.state.in_(states or _HELD))


def _oldest_waiting(kinds: Collection[JobKind]) -> Select[Any]:
    wanted = and_(jobs.c.state == JobState.QUEUED.value, jobs.c.kind.in_([kind.value for kind in kinds]))
    return select(jobs.c.id, jobs.c.attempt).where(wanted).order_by(jobs.c.created_ns, jobs.c.id).limit(1)


def _asked_for(query: JobQuery) -> Select[Any]:
    statement = select(jobs)
    if query.states is not None:
        statement = statement.where(jobs.c.state.in_([state.value for state in query.states]))
    if query.kinds is not None:
        statement = statement.where(jobs.c.kind.in_([kind.value for kind in query.kinds]))
    if query.owner is not None:
        statement = statement.where(jobs.c.owner == query.owner)
    if query.since_ns is not None:
        statement = statement.where(jobs.c.created_ns >= query.since_ns)
    return statement


def _now(connection: Connection, job_id: str) -> Job | None:
    row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
    return None if row is None else _job(row)


def _there(connection: Connection, job_id: str) -> Job:
    return _job(connection.execute(select(jobs).where(jobs.c.id == job_id)).one())


def _row(job: Job) -> dict[str, Any]:
    values = asdict(job) | {"kind": job.kind.value, "state": job.state.value, "request": to_plain(dict(job.request))}
    limits = values.pop("limits")
    for name in ("progress", "error"):
        values[name] = None if values[name] is None else to_plain(values[name])
    return values | {"limit_seconds": limits["seconds"], "limit_memory_mb": limits["memory_mb"]}


def _job(row: Row[Any]) -> Job:
    values = row._asdict()
    limits = JobLimits(values.pop("limit_seconds"), values.pop("limit_memory_mb"))
    try:
        words = {"kind": JobKind(row.kind), "state": JobState(row.state)}
    except ValueError as error:
        raise StorageError(
            f"The job '{row.id}' says what this version does not know: {error}.",
            hint="Use the version of the package that wrote it.",
        ) from error
    progress = None if row.progress is None else JobProgress(**from_plain(row.progress))
    plain = {"request": from_plain(row.request), "error": from_plain(row.error), "progress": progress}
    return Job(**values | words | plain, limits=limits)
