"""The queue as people use it: what enters it, and what may be asked of what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.job_desk import NOON, Desk

from tradewright.app.jobs.commands import JobCommands, Places
from tradewright.app.jobs.queue import JobQueue
from tradewright.domain.control.jobs import JobLimits, JobQuery, JobState
from tradewright.domain.errors import ConfigError, NotFoundError

REQUEST = {"strategy": "sma_cross", "source": "synthetic"}


@pytest.fixture
def queue(desk: Desk, tmp_path: Path) -> JobQueue:
    ids = iter(["a1", "a2", "a3"])
    return JobQueue(desk.book, desk.log, JobCommands(Places(lambda: {"sma_cross"}, tmp_path)), lambda: next(ids))


def test_a_job_that_was_submitted_waits_and_is_told(queue: JobQueue, desk: Desk) -> None:
    job = queue.submit("backtest", REQUEST, owner="ada", limits=JobLimits(60, 512))
    assert (job.id, job.state, job.owner, job.request, job.limits, job.created_ns, job.attempts_most) == (
        "a1", JobState.QUEUED, "ada", REQUEST, JobLimits(60, 512), NOON, 2,
    )  # fmt: skip
    assert queue.job("a1") == job
    assert [body["state"] for body in desk.told("jobs/a1")] == ["queued"]


def test_what_cannot_be_carried_out_never_enters(queue: JobQueue) -> None:
    with pytest.raises(ConfigError, match="strategy"):
        queue.submit("backtest", {"strategy": "other"}, owner="ada")
    assert queue.page().total == 0


@pytest.mark.parametrize(
    "limits", [{"seconds": 0}, {"seconds": -1}, {"memory_mb": 0}, {"seconds": float("nan")}, {"seconds": 1e300}]
)
def test_a_limit_that_is_none_is_refused(queue: JobQueue, limits: Any) -> None:
    with pytest.raises(ConfigError, match=next(iter(limits))):
        queue.submit("backtest", REQUEST, owner="ada", limits=JobLimits(**limits))


def test_who_asks_for_a_job_that_is_not_there_is_told(queue: JobQueue) -> None:
    for ask in (queue.job, queue.cancel, queue.printed):
        with pytest.raises(NotFoundError, match="There is no job 'none'"):
            ask("none")


def test_a_job_that_is_over_is_not_cancelled_and_nothing_is_told(queue: JobQueue, desk: Desk) -> None:
    queue.submit("backtest", REQUEST, owner="ada")
    assert queue.cancel("a1").state is JobState.CANCELLED
    assert queue.cancel("a1").state is JobState.CANCELLED
    assert [body["state"] for body in desk.told("jobs/a1")] == ["queued", "cancelled"]


def test_jobs_are_found_by_what_they_are(queue: JobQueue) -> None:
    queue.submit("backtest", REQUEST, owner="ada")
    queue.submit("backtest", REQUEST, owner="bob")
    queue.cancel("a1")
    waiting = queue.page(JobQuery(states=frozenset({JobState.QUEUED})))
    assert ([job.id for job in waiting.items], waiting.total) == (["a2"], 1)


def test_what_it_printed_is_read_piece_by_piece(queue: JobQueue, desk: Desk) -> None:
    queue.submit("backtest", REQUEST, owner="ada")
    desk.log.append("a1", b"hello\n")
    assert queue.printed("a1", 0, 3) == (b"hel", 3)
    assert queue.printed("a1", 3) == (b"lo\n", 6)
