"""Workers as processes that are killed, told to end, and given jobs that crash, hang and eat: none is lost."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from tests.child_processes import is_alive, kill_9, until
from tests.light_jobs import LightDesk, Siege, a_worker, lose_none
from tests.sieges import besieged

from tradewright.domain.control.jobs import JobLimits, JobState

pytestmark = pytest.mark.slow

IDLE = "import signal; tell(done=1, total=2, unit='bars'); signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); " + IDLE


@pytest.fixture
def light() -> LightDesk:
    """A queue in the storage folder of the test."""
    return LightDesk()


def running(light: LightDesk, job_id: str, attempt: int = 1) -> int:
    """The process of a job, once it works."""
    until(lambda: light.job(job_id).progress is not None and light.job(job_id).attempt == attempt, f"{job_id} to work")
    pid = light.job(job_id).pid
    assert pid
    return pid


def test_a_killed_worker_frees_its_slot_and_its_job_is_begun_again(light: LightDesk, tmp_path: Path) -> None:
    """The first attempt hangs, the second one finds the mark of the first and ends."""
    mark = tmp_path / "mark"
    program = f"import pathlib; mark = pathlib.Path({str(mark)!r})\nif not mark.exists():\n mark.touch(); {IDLE}"
    job_id = light.add(program)
    with a_worker(most=1) as first:
        pid = running(light, job_id)
        kill_9(first.pid)
        first.wait()
    until(lambda: not is_alive(pid), "the end of its process")
    with a_worker(most=1):
        ended = light.over(job_id)
    assert (ended.state, ended.attempt) == (JobState.DONE, 2)
    reasons = [event.body.get("reason", "") for event in light.book.events.after(f"jobs/{job_id}", 0, 100)]
    assert [reason.endswith("ended without a word.") for reason in reasons].count(True) == 1


def test_a_cancel_ends_also_what_does_not_listen(light: LightDesk) -> None:
    job_id = light.add(DEAF)
    with a_worker():
        pid = running(light, job_id)
        light.book.ask_cancel(job_id)
        ended = light.over(job_id)
        assert not is_alive(pid)
    assert (ended.state, ended.error) == (JobState.CANCELLED, None)


def test_limits_and_crashes_end_with_a_sentence_each(light: LightDesk) -> None:
    grow = f"held = bytearray(120_000_000); {IDLE}"
    jobs = {
        "TimeLimit": light.add(DEAF, limits=JobLimits(seconds=0.5)),
        "MemoryLimit": light.add(grow, limits=JobLimits(memory_mb=60)),
        "Crashed": light.add(
            "import os, signal; print('before the fall', flush=True); os.kill(os.getpid(), signal.SIGSEGV)"
        ),
        "Failed": light.add("raise SystemExit('no more')"),
    }
    with a_worker(most=2):
        errors = {kind: light.over(job_id).error or {} for kind, job_id in jobs.items()}
    assert {kind: error["type"] for kind, error in errors.items()} == {kind: kind for kind in jobs}
    assert [error["sentence"] for error in errors.values()] == [
        "The job was stopped: it took longer than its limit of 0.5 s.",
        "The job was stopped: it needed more memory than its limit of 60 MB.",
        "The process of the job crashed with SIGSEGV.",
        "The process of the job ended with exit code 1.",
    ]
    assert errors["Crashed"]["last_lines"] == ["before the fall"]
    assert errors["Failed"]["last_lines"] == ["no more"]


def test_an_allocation_far_beyond_the_limit_is_refused_inside(light: LightDesk) -> None:
    job_id = light.add("x = bytearray(2_000_000_000)", limits=JobLimits(memory_mb=100))
    with a_worker():
        ended = light.over(job_id)
    assert ended.error is not None
    assert ended.error["last_lines"][-1] == "MemoryError"


def test_told_to_end_a_worker_waits_for_what_runs_and_told_twice_it_puts_it_back(
    light: LightDesk, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    look = f"while not pathlib.Path({str(go)!r}).exists(): time.sleep(0.01)"
    wait = f"import pathlib, time; tell(done=1, total=2, unit='bars')\n{look}"
    waits, hangs, late = light.add(wait), light.add(IDLE), light.add("pass")
    with a_worker(most=2) as worker:
        running(light, waits)
        running(light, hangs)
        worker.send_signal(signal.SIGTERM)
        go.touch()
        assert light.over(waits).state is JobState.DONE
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)
    assert worker.returncode == 0
    assert [light.job(job).state for job in (waits, hangs, late)] == ["done", "queued", "queued"]


def test_no_job_is_lost_where_workers_are_killed_again_and_again(light: LightDesk, tmp_path: Path) -> None:
    """The same at full size: ``python -m benchmarks.jobs_under_kill``."""
    found = lose_none(light, tmp_path / "done", Siege(jobs=20, kills=3, workers=2, most=4))
    assert found.lost == found.not_done == 0
    assert found.kills == 3


def test_nor_doubled_where_the_server_dies_while_it_is_asked(storage: Path, tmp_path: Path) -> None:
    """A request that got no answer is sent again under its key, and finds what the dead server had done."""
    found = besieged(tmp_path, 16, (1, 1))
    assert (found.queued, found.done, found.marks) == (16, 16, 16)


def test_nor_where_the_queue_lies_on_a_postgresql_server(
    postgres_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", postgres_dsn)
    found = lose_none(LightDesk(), tmp_path / "done", Siege(jobs=10, kills=1, workers=2, most=2))
    assert found.lost == found.not_done == 0
