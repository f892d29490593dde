"""Jobs of dead workers: found by silence, begun again while they may be, failed with the reason otherwise."""

from __future__ import annotations

import pytest
from tests.job_desk import Desk

from tradewright.domain.control.jobs import JobState

GONE = "Its worker w1 ended without a word."


def taken_by_a_worker_that_dies(desk: Desk, **values: int) -> None:
    desk.add(**values)
    desk.worker.step()
    assert desk.job().worker == "w1"


def test_a_lost_job_is_begun_again_by_another_worker_and_the_reason_is_told(desk: Desk) -> None:
    taken_by_a_worker_that_dies(desk)
    desk.steps(20, worker=desk.another("w2"))
    assert (desk.job().state, desk.job().worker, desk.job().attempt) == (JobState.RUNNING, "w2", 2)
    assert [body.get("reason") for body in desk.told()] == [None, None, GONE, None]
    assert desk.printed() == f"[{GONE} The job waits to be begun again (attempt 2 of 2).]\n"


def test_a_job_that_was_begun_often_enough_fails_with_the_reason(desk: Desk) -> None:
    taken_by_a_worker_that_dies(desk)
    desk.steps(20, worker=desk.another("w2"))
    desk.steps(20, worker=desk.another("w3"))
    assert desk.job().state is JobState.FAILED
    assert desk.job().error == {
        "type": "WorkerLost", "sentence": "Its worker w2 ended without a word. It was begun 2 times.",
        "hint": "Look at the worker's host, then submit it again.", "file": None, "line": None,
    }  # fmt: skip


def test_a_lost_job_that_was_to_be_cancelled_is(desk: Desk) -> None:
    taken_by_a_worker_that_dies(desk)
    desk.book.ask_cancel("j1")
    desk.steps(20, worker=desk.another("w2"))
    assert desk.job().state is JobState.CANCELLED


def test_a_worker_that_gives_signs_of_life_keeps_its_job(desk: Desk) -> None:
    taken_by_a_worker_that_dies(desk)
    other = desk.another("w2")
    for _ in range(180):
        desk.worker.step()
        other.step()
    assert (desk.job().worker, desk.job().attempt) == ("w1", 1)


def test_a_host_that_slept_takes_nothing_from_those_who_wake_with_it(desk: Desk) -> None:
    taken_by_a_worker_that_dies(desk)
    other = desk.another("w2")
    other.step()
    desk.watch.go(3600)
    for _ in range(60):
        other.step()
        desk.worker.step()
    assert (desk.job().worker, desk.job().attempt) == ("w1", 1)


def test_a_worker_whose_clock_is_behind_keeps_its_job(desk: Desk) -> None:
    taken_by_a_worker_that_dies(desk)
    other = desk.another("w2")
    for _ in range(180):
        desk.watch.utc_ns -= 3600 * 10**9
        desk.worker.step()
        desk.watch.utc_ns += 3600 * 10**9
        other.step()
    assert (desk.job().worker, desk.job().attempt) == ("w1", 1)


def test_one_that_comes_back_after_it_was_given_up_stops_its_process(desk: Desk) -> None:
    taken_by_a_worker_that_dies(desk)
    other = desk.another("w2")
    desk.steps(20, worker=other)
    desk.steps(1)
    assert desk.puppets.all[0].killed > 0
    assert (desk.job().worker, desk.job().state) == ("w2", JobState.RUNNING)


def test_of_two_that_notice_one_takes_it_up(desk: Desk) -> None:
    taken_by_a_worker_that_dies(desk)
    others = [desk.another("w2"), desk.another("w3")]
    for _ in range(150):
        for other in others:
            other.step()
    assert (desk.job().attempt, desk.job().state) == (2, JobState.RUNNING)
    assert sum(len(other.running) for other in others) == 1


def test_one_that_was_quicker_is_not_disturbed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read as lost is another worker's by the time it is taken up."""
    taken_by_a_worker_that_dies(desk)
    stale = desk.job()
    desk.steps(20, worker=desk.another("w2"))
    theirs = desk.job()
    monkeypatch.setattr(desk.store, "lost", lambda _: [stale], raising=False)
    late = desk.another("w3")
    desk.steps(10, worker=late)
    assert desk.job() == theirs
    assert late.trouble is None
