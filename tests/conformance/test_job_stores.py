"""Jobs: each goes to one worker, none is lost, and who was given up speaks no more."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from tradewright.adapters.storage.sql.jobs import SqlJobs
from tradewright.domain.control.jobs import Job, JobKind, JobLimits, JobProgress, JobQuery, JobState
from tradewright.domain.control.paging import Slice
from tradewright.domain.errors import ConflictError, NotFoundError, StorageError

NOW = 1_763_700_000_123_456_789
REQUEST = {"strategy": "sma_cross", "params": {"fast": 10, "é": [1.5, None]}, "infinite": float("inf")}
LIMITS = JobLimits(seconds=3.5, memory_mb=512)
ALL = tuple(JobKind)


def job(number=1, kind=JobKind.BACKTEST, **values):
    return Job(f"j{number:03d}", kind, JobState.QUEUED, "ada", REQUEST, LIMITS, NOW + number, **values)


@pytest.fixture
def jobs(state):
    return SqlJobs(state)


@pytest.fixture
def claimed(jobs):
    jobs.add(job(attempts_most=2))
    return jobs.claim("w1", ALL, NOW + 10)


def test_a_job_comes_back_as_it_was(jobs):
    full = replace(
        job(), state=JobState.FAILED, started_ns=1, ended_ns=2, worker="w", pid=3, attempt=4, heartbeat_ns=5,
        progress=JobProgress(1, None, "bars", None, None, 6), run_id="r", error={"type": "DataError", "line": None},
        cancel_asked_ns=7,
    )  # fmt: skip
    jobs.add(full)
    assert jobs.get("j001") == full
    assert jobs.get("nobody") is None


def test_a_claimed_job_is_running(jobs, claimed):
    assert claimed == replace(
        job(attempts_most=2), state=JobState.RUNNING, worker="w1", attempt=1, started_ns=NOW + 10, heartbeat_ns=NOW + 10
    )
    assert jobs.get("j001") == claimed
    assert jobs.claim("w2", ALL, NOW + 11) is None


def test_the_oldest_of_the_right_kind_is_claimed(jobs):
    jobs.add(job(3))
    jobs.add(job(2))
    jobs.add(job(1, JobKind.LIVE))
    claims = [jobs.claim("w", (JobKind.BACKTEST, JobKind.OPTIMIZE), NOW) for _ in range(3)]
    assert [each and each.id for each in claims] == ["j002", "j003", None]


def test_each_job_goes_to_one_worker(jobs):
    for number in range(24):
        jobs.add(job(number))

    def work(name):
        found = []
        while (one := jobs.claim(f"w{name}", ALL, NOW)) is not None:
            found.append(one.id)
        return found

    with ThreadPoolExecutor(6) as threads:
        claims = Counter(each for found in threads.map(work, range(6)) for each in found)
    assert claims == Counter(f"j{number:03d}" for number in range(24))


def test_a_worker_reports_process_progress_and_life(jobs, claimed):
    progress = JobProgress(5, 10.0, "bars", 2.5, 2.0, NOW + 12)
    jobs.started(claimed, 4711)
    jobs.progress(claimed, progress)
    assert jobs.beat(claimed, NOW + 13) is JobState.RUNNING
    found = jobs.get(claimed.id)
    assert (found.pid, found.progress, found.heartbeat_ns) == (4711, progress, NOW + 13)


@pytest.mark.parametrize("state_", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
def test_a_job_ends_once(jobs, claimed, state_):
    error = {"type": "DataError", "sentence": "No bars.", "hint": None, "file": "x.py", "line": 3}
    ended = jobs.end(claimed, state_, "run1", error, NOW + 20)
    assert (ended.state, ended.run_id, ended.error, ended.ended_ns) == (state_, "run1", error, NOW + 20)
    assert jobs.get(claimed.id) == ended
    with pytest.raises(ConflictError, match="'j001' is no longer that of 'w1'"):
        jobs.end(claimed, JobState.DONE, None, None, NOW + 21)
    with pytest.raises(ConflictError):
        jobs.beat(claimed, NOW + 21)
    assert jobs.get(claimed.id) == ended


def test_a_job_does_not_end_as_running(jobs, claimed):
    with pytest.raises(ConflictError, match="does not end as 'running'"):
        jobs.end(claimed, JobState.RUNNING, None, None, NOW)


def test_a_waiting_job_is_cancelled_at_once(jobs):
    jobs.add(job())
    cancelled = jobs.ask_cancel("j001", NOW + 5)
    assert (cancelled.state, cancelled.cancel_asked_ns, cancelled.ended_ns) == (JobState.CANCELLED, NOW + 5, NOW + 5)
    assert jobs.claim("w", ALL, NOW) is None


def test_a_running_job_hears_that_it_is_to_stop(jobs, claimed):
    assert jobs.ask_cancel(claimed.id, NOW + 15).state is JobState.CANCELLING
    again = jobs.ask_cancel(claimed.id, NOW + 16)
    assert again.cancel_asked_ns == NOW + 15
    assert jobs.beat(claimed, NOW + 17) is JobState.CANCELLING
    assert jobs.end(claimed, JobState.CANCELLED, None, None, NOW + 18).state is JobState.CANCELLED


def test_a_job_that_is_over_is_not_cancelled(jobs, claimed):
    ended = jobs.end(claimed, JobState.DONE, "run1", None, NOW + 20)
    assert jobs.ask_cancel(claimed.id, NOW + 30) == ended
    with pytest.raises(NotFoundError, match="no job 'nobody'"):
        jobs.ask_cancel("nobody", NOW)


def test_jobs_of_silent_workers_are_lost(jobs):
    for number in (1, 2, 3):
        jobs.add(job(number))
    silent = jobs.claim("w1", ALL, NOW)
    heard = jobs.claim("w2", ALL, NOW)
    jobs.beat(heard, NOW + 100)
    assert jobs.lost(NOW + 50) == [silent]
    jobs.ask_cancel(silent.id, NOW)
    assert [each.id for each in jobs.lost(NOW + 50)] == [silent.id]
    assert jobs.lost(NOW) == []


def test_a_lost_job_goes_back_to_its_old_place(jobs, claimed):
    jobs.add(job(5))
    jobs.progress(claimed, JobProgress(5, 10, "bars", None, None, NOW))
    waiting = jobs.requeue(claimed)
    assert waiting == replace(job(attempts_most=2), attempt=1)
    again = jobs.claim("w2", ALL, NOW + 30)
    assert (again.id, again.attempt, again.worker) == ("j001", 2, "w2")


def test_who_was_given_up_speaks_no_more(jobs, claimed):
    jobs.requeue(claimed)
    again = jobs.claim("w1", ALL, NOW + 30)
    with pytest.raises(ConflictError):
        jobs.beat(claimed, NOW + 31)
    with pytest.raises(ConflictError):
        jobs.end(claimed, JobState.DONE, "wrong", None, NOW + 31)
    with pytest.raises(ConflictError):
        jobs.started(claimed, 1)
    with pytest.raises(ConflictError):
        jobs.requeue(claimed)
    jobs.progress(claimed, JobProgress(9, 10, "bars", None, None, NOW))
    assert jobs.get(again.id) == again


def test_what_is_to_be_cancelled_is_not_begun_again(jobs, claimed):
    jobs.ask_cancel(claimed.id, NOW)
    with pytest.raises(ConflictError):
        jobs.requeue(claimed)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (JobQuery(), [4, 3, 2, 1]),
        (JobQuery(states=frozenset({JobState.RUNNING})), [1]),
        (JobQuery(states=frozenset({JobState.QUEUED, JobState.RUNNING})), [4, 3, 2, 1]),
        (JobQuery(states=frozenset()), []),
        (JobQuery(kinds=frozenset({JobKind.LIVE, JobKind.PAPER})), [2]),
        (JobQuery(owner="bob"), [3]),
        (JobQuery(since_ns=NOW + 3), [4, 3]),
    ],
)
def test_jobs_are_listed_latest_first(jobs, query, numbers):
    for each in (job(1), job(2, JobKind.LIVE), replace(job(3), owner="bob"), job(4)):
        jobs.add(each)
    jobs.claim("w", ALL, NOW)
    found = jobs.page(query, Slice())
    assert ([int(each.id[1:]) for each in found.items], found.total) == (numbers, len(numbers))


def test_a_page_tells_how_many_there_are(jobs):
    for number in range(5):
        jobs.add(job(number))
    found = jobs.page(JobQuery(), Slice(limit=2, offset=3))
    assert ([each.id for each in found.items], found.total) == (["j001", "j000"], 5)


def test_a_state_of_a_newer_version_is_a_sentence(state):
    SqlJobs(state).add(job())
    with state.writing() as connection:
        connection.execute(text("UPDATE jobs SET state = 'dreaming'"))
    with pytest.raises(StorageError, match="'j001' says what this version does not know"):
        SqlJobs(state).get("j001")
