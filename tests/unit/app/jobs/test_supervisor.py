"""A worker: what it claims, how it stops what must stop, and what it says of every end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.job_desk import Desk

from tradewright.app.jobs.running import RunningJob
from tradewright.app.jobs.supervisor import Wish
from tradewright.domain.control.jobs import JobKind, JobLimits, JobProgress, JobState
from tradewright.domain.errors import ConfigError, ResourceError
from tradewright.domain.log_context import bound_ids
from tradewright.ports.children import ChildExit

RUN = "ab" * 16


def states(desk: Desk, topic: str = "jobs/j1") -> list[str]:
    return [body["state"] for body in desk.told(topic)]


# ---------------------------------------------------------------- the ordinary way


def test_a_job_is_claimed_runs_and_is_done_with_its_run(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    running = desk.job()
    assert (running.state, running.worker, running.pid, running.attempt) == (JobState.RUNNING, "w1", 1000, 1)
    desk.puppets.all[0].says(run=RUN)
    desk.puppets.all[0].ends()
    desk.worker.step()
    assert (desk.job().state, desk.job().run_id, desk.job().error) == (JobState.DONE, RUN, None)
    assert states(desk) == states(desk, "jobs") == ["queued", "running", "done"]
    assert [event.body for event in desk.events.after("runs", 0, 10)] == [{"id": RUN, "job": "j1"}]


def test_what_is_logged_of_a_job_names_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[str | None] = []
    desk.add(1)
    desk.add(2)
    desk.steps(1)
    monkeypatch.setattr(RunningJob, "look", lambda _: bool(named.append(bound_ids().get("job_id"))))
    desk.worker.step()
    assert (named, dict(bound_ids())) == (["j1", "j2"], {})


def test_no_more_than_so_many_run_at_once_and_the_oldest_first(desk: Desk) -> None:
    for number in (3, 1, 2):
        desk.add(number)
    desk.steps(1)
    assert [puppet.command.job for puppet in desk.puppets.all] == ["j1", "j2"]
    desk.puppets.all[0].ends()
    desk.worker.step()
    assert [puppet.command.job for puppet in desk.puppets.all] == ["j1", "j2", "j3"]


def test_a_worker_takes_its_roles_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, kinds=frozenset({JobKind.OPTIMIZE}))
    desk.add(1)
    desk.add(2, JobKind.OPTIMIZE)
    desk.steps(1)
    assert [puppet.command.job for puppet in desk.puppets.all] == ["j2"]


def test_progress_is_kept_and_told_with_rate_and_time_left(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    desk.puppets.all[0].says(done=0, total=100, unit="bars")
    desk.steps(2)
    desk.puppets.all[0].says(done=50, total=100, unit="bars")
    desk.steps(1)
    progress = desk.job().progress
    assert progress is not None
    assert (progress.done, progress.total, progress.unit) == (50, 100, "bars")
    assert progress.rate == pytest.approx(50 / 2.0, rel=0.3)
    assert progress.seconds_left == pytest.approx(50 / progress.rate)
    assert [body["done"] for body in desk.told(kind="progress")] == [0, 50]


def test_progress_is_told_twice_a_second_at_most(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    for done in range(40):
        desk.puppets.all[0].says(done=done, total=100, unit="bars")
        desk.worker.step()
    assert 6 <= len(desk.told(kind="progress")) <= 9


def test_the_last_progress_is_kept_with_the_end(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    desk.puppets.all[0].says(done=100, total=100, unit="bars")
    desk.puppets.all[0].ends()
    desk.worker.step()
    assert desk.job().progress == JobProgress(100, 100, "bars", None, None, desk.job().progress.at_ns)  # type: ignore[union-attr]


def test_what_comes_in_the_moment_of_the_end_is_heard(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add()
    desk.worker.step()
    puppet = desk.puppets.all[0]

    def ended() -> ChildExit:
        puppet.says("the last\n", run=RUN)
        return ChildExit(0)

    monkeypatch.setattr(puppet, "exit", ended)
    desk.worker.step()
    assert (desk.job().run_id, desk.printed()) == (RUN, "the last\n")


def test_what_it_prints_is_kept(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    desk.puppets.all[0].says("one\ntw")
    desk.worker.step()
    desk.puppets.all[0].says("o\n")
    desk.puppets.all[0].ends()
    desk.worker.step()
    assert desk.printed() == "one\ntwo\n"


def test_what_it_prints_can_be_read_while_it_runs(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    desk.puppets.all[0].says("on the way\n")
    assert desk.seconds_until(desk.printed) <= desk.rules.beat_s + 2 * desk.rules.tick_s


def test_its_log_is_whole_when_it_is_told_to_be_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    end = desk.store.end

    def ended(*words: Any) -> Any:
        seen.append(desk.printed())
        return end(*words)

    monkeypatch.setattr(desk.store, "end", ended, raising=False)
    desk.add()
    desk.worker.step()
    desk.puppets.all[0].says("the last\n")
    desk.puppets.all[0].ends()
    desk.worker.step()
    assert seen == ["the last\n"]


# ---------------------------------------------------------------- cancelling


@pytest.mark.parametrize("listens", [True, False])
def test_a_cancel_acts_within_two_seconds(desk: Desk, *, listens: bool) -> None:
    desk.add()
    desk.steps(0.3)
    desk.puppets.all[0].listens = listens
    desk.book.ask_cancel("j1")
    assert desk.seconds_until(lambda: desk.job().state.is_over) <= 2.0
    assert (desk.job().state, desk.job().error) == (JobState.CANCELLED, None)
    assert (desk.puppets.all[0].interrupted, desk.puppets.all[0].killed > 0) == (1, not listens)
    assert states(desk) == ["queued", "running", "cancelling", "cancelled"]


def test_a_job_that_waits_is_cancelled_at_once_and_never_begun(desk: Desk) -> None:
    desk.add()
    assert desk.book.ask_cancel("j1").state is JobState.CANCELLED
    desk.steps(1)
    assert desk.puppets.all == []


def test_a_job_that_came_to_its_end_in_that_moment_is_done(desk: Desk) -> None:
    desk.add()
    desk.steps(0.3)
    desk.puppets.all[0].listens = False
    desk.book.ask_cancel("j1")
    desk.seconds_until(lambda: desk.puppets.all[0].interrupted)
    desk.puppets.all[0].says(run=RUN)
    desk.puppets.all[0].ends(0)
    desk.steps(1)
    assert (desk.job().state, desk.job().run_id) == (JobState.DONE, RUN)


def test_its_slot_is_free_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, most=1)
    desk.add(1)
    desk.add(2)
    desk.steps(0.3)
    desk.book.ask_cancel("j1")
    desk.steps(2.5)
    assert desk.job("j2").state is JobState.RUNNING


# ---------------------------------------------------------------- limits


def test_a_job_that_takes_too_long_is_stopped_with_a_sentence(desk: Desk) -> None:
    desk.add(limits=JobLimits(seconds=5))
    desk.worker.step()
    desk.puppets.all[0].listens = False
    seconds = desk.seconds_until(lambda: desk.job().state.is_over)
    assert 5.0 < seconds <= 7.0
    assert desk.job().state is JobState.FAILED
    assert desk.job().error == {
        "type": "TimeLimit", "sentence": "The job was stopped: it took longer than its limit of 5 s.",
        "hint": "Give it more time, or less to do.", "file": None, "line": None,
    }  # fmt: skip
    assert desk.printed() == "[The job was stopped: it took longer than its limit of 5 s.]\n"


def test_a_job_that_takes_too_much_memory_is_killed_with_a_sentence(desk: Desk) -> None:
    desk.add(limits=JobLimits(memory_mb=512))
    desk.steps(1)
    assert desk.job().state is JobState.RUNNING
    desk.puppets.all[0].megabytes = 513.0
    desk.steps(1)
    assert desk.job().state is JobState.FAILED
    error = desk.job().error
    assert error is not None
    assert error["sentence"] == "The job was stopped: it needed more memory than its limit of 512 MB."
    assert desk.puppets.all[0].interrupted == 0


def test_what_the_wall_refused_is_the_limit_too(desk: Desk) -> None:
    desk.add(limits=JobLimits(memory_mb=512))
    desk.worker.step()
    desk.puppets.all[0].says(error={"type": "MemoryError", "sentence": "The memory is full."})
    desk.puppets.all[0].ends(1)
    desk.worker.step()
    assert desk.job().error["type"] == "MemoryLimit"  # type: ignore[index]


def test_the_ceiling_of_the_worker_holds_for_jobs_that_name_none_or_more(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ceilings=JobLimits(seconds=3, memory_mb=100))
    desk.add(1)
    desk.add(2, limits=JobLimits(seconds=60, memory_mb=50))
    desk.steps(5)
    assert [desk.job(job).error["sentence"] for job in ("j1", "j2")] == [  # type: ignore[index]
        "The job was stopped: it took longer than its limit of 3 s."
    ] * 2
    assert [puppet.command.memory_mb for puppet in desk.puppets.all] == [100, 50]


# ---------------------------------------------------------------- failing


def test_what_the_command_says_of_its_failure_is_kept(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    said = {"type": "DataError", "sentence": "ACME is not stored.", "hint": "Import it.", "file": "a.py", "line": 3}
    desk.puppets.all[0].says("ACME is not stored.\n", error=said)
    desk.puppets.all[0].ends(1)
    desk.worker.step()
    assert desk.job().error == {**said, "last_lines": ["ACME is not stored."]}


@pytest.mark.parametrize(
    ("code", "signal", "kind", "sentence"),
    [
        (None, "SIGSEGV", "Crashed", "The process of the job crashed with SIGSEGV."),
        (None, "SIGKILL", "Killed",
         "The process of the job was killed (SIGKILL), as the system does when memory runs out."),
        (130, None, "Interrupted", "The process of the job was interrupted from outside."),
        (2, None, "Failed", "The process of the job ended with exit code 2."),
    ],
)  # fmt: skip
def test_a_crash_is_told_with_its_signal_and_the_last_lines(
    desk: Desk, code: int | None, signal: str | None, kind: str, sentence: str
) -> None:
    desk.add()
    desk.worker.step()
    desk.puppets.all[0].says("".join(f"line {number}\n" for number in range(100)) + "the last")
    desk.puppets.all[0].ends(code, signal)
    desk.worker.step()
    error = desk.job().error
    assert error is not None
    assert (desk.job().state, error["type"], error["sentence"]) == (JobState.FAILED, kind, sentence)
    assert error["last_lines"] == [*(f"line {number}" for number in range(81, 100)), "the last"]
    assert error["hint"].endswith("tradewright jobs log j1")


@pytest.mark.parametrize("error", [ConfigError("No such strategy.", hint="Look."), ResourceError("No process.")])
def test_a_job_that_cannot_begin_fails_and_the_next_one_runs(desk: Desk, error: Exception) -> None:
    def command(*_: Any) -> Any:
        raise error

    desk.add(1)
    right, desk.worker._command = desk.worker._command, command
    desk.worker.step()
    desk.worker._command = right
    desk.add(2)
    desk.steps(0.5)
    assert desk.job("j1").state is JobState.FAILED
    assert desk.job("j1").error["sentence"] == error.args[0]  # type: ignore[index]
    assert desk.job("j2").state is JobState.RUNNING


# ---------------------------------------------------------------- leaving


def test_told_to_leave_it_takes_nothing_new_and_lets_what_runs_end(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.add(number)
    desk.worker.step()
    desk.steps(5, Wish.LEAVE)
    assert [desk.job(f"j{number}").state for number in (1, 2, 3)] == ["running", "running", "queued"]
    for puppet in desk.puppets.all:
        puppet.ends()
    desk.worker.run(lambda: Wish.LEAVE)
    assert [desk.job(f"j{number}").state for number in (1, 2, 3)] == ["done", "done", "queued"]


@pytest.mark.parametrize("listens", [True, False])
def test_told_to_leave_now_it_puts_what_runs_back(desk: Desk, *, listens: bool) -> None:
    desk.add()
    desk.worker.step()
    desk.puppets.all[0].listens = listens
    desk.worker.run(lambda: Wish.LEAVE_NOW)
    assert (desk.job().state, desk.job().worker) == (JobState.QUEUED, None)
    assert desk.told()[-1]["reason"] == "Its worker was told to end."


def test_a_cancel_in_that_moment_still_counts(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    desk.book.ask_cancel("j1")
    desk.worker.run(lambda: Wish.LEAVE_NOW)
    assert desk.job().state is JobState.CANCELLED


# ---------------------------------------------------------------- a store that is away


def test_while_the_store_is_away_work_goes_on_and_its_end_is_not_lost(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    desk.store.is_away = True
    desk.steps(3)
    assert desk.worker.trouble == "The database is locked."
    desk.puppets.all[0].says(run=RUN)
    desk.puppets.all[0].ends()
    desk.steps(1)
    desk.store.is_away = False
    desk.steps(1)
    assert (desk.job().state, desk.job().run_id) == (JobState.DONE, RUN)
    assert desk.worker.trouble is None


def test_a_job_that_was_given_to_another_worker_is_killed_and_says_nothing(desk: Desk) -> None:
    desk.add()
    desk.worker.step()
    desk.store.requeue(desk.job())
    other = desk.store.claim("w2", [JobKind.BACKTEST], desk.watch.now_ns())
    desk.puppets.all[0].says(run=RUN)
    desk.steps(1, Wish.LEAVE)
    assert desk.puppets.all[0].killed > 0
    assert desk.job() == other
    assert desk.worker.running == []


def test_a_job_that_was_claimed_and_not_begun_goes_back(desk: Desk) -> None:
    desk.add()
    desk.store.claim("w1", [JobKind.BACKTEST], desk.watch.now_ns())
    desk.steps(9)
    assert desk.job().attempt == 1
    desk.steps(8)
    assert (desk.job().state, desk.job().attempt) == (JobState.RUNNING, 2)
