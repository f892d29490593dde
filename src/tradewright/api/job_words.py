"""Jobs as documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.moments import utc
from tradewright.reporting.exports import plain

from .schemas.base import instant
from .schemas.jobs import Job, JobError, JobLog, JobProgress

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tradewright.domain.control.jobs import Job as KeptJob

__all__ = ["job_document", "log_document"]


def job_document(job: KeptJob, seq: int = 0) -> Job:
    """A job as it stands; `seq` is the number of the last event it contains."""
    progress = job.progress
    return Job(
        id=job.id,
        kind=job.kind,
        state=job.state,
        owner=job.owner,
        request=plain(dict(job.request)),
        attempt=job.attempt,
        attempts_most=job.attempts_most,
        created_at=utc(job.created_ns),
        started_at=instant(job.started_ns),
        ended_at=instant(job.ended_ns),
        worker=job.worker,
        pid=job.pid,
        progress=None
        if progress is None
        else JobProgress(
            done=progress.done,
            total=progress.total,
            unit=progress.unit,
            rate=progress.rate,
            seconds_left=progress.seconds_left,
            at=utc(progress.at_ns),
            search=progress.search,
        ),
        run_id=job.run_id,
        error=None if job.error is None else _error(job.error),
        cancel_asked_at=instant(job.cancel_asked_ns),
        seq=seq,
    )


def _error(said: Mapping[str, Any]) -> JobError:
    return JobError(
        type=str(said.get("type") or "Error"),
        sentence=str(said.get("sentence") or "It failed."),
        hint=said.get("hint"),
        file=said.get("file"),
        line=said.get("line"),
        last_lines=[str(each) for each in said.get("last_lines") or ()],
    )


def log_document(printed: bytes, after: int, *, is_over: bool) -> JobLog:
    """Whole lines of what was printed; the rest of a line comes with its end, or when nothing follows."""
    stop = printed.rfind(b"\n") + 1
    if is_over and stop < len(printed):
        stop = len(printed)
    lines = printed[:stop].decode("utf-8", "replace").splitlines()
    return JobLog(lines=lines, next=after + stop, ended=is_over and stop == len(printed))
