"""Sessions as jobs: they trade until somebody ends them, and are begun again where their process died."""

from __future__ import annotations

from typing import Any

import pytest
from tests.job_desk import Desk

from tradewright.app.jobs.supervisor import Wish
from tradewright.domain.control.jobs import JobKind, JobLimits, JobState


def begun(desk: Desk, **values: Any) -> Any:
    """The process of a paper session that runs."""
    desk.add(1, JobKind.PAPER, **{"attempts_most": 3, **values})
    desk.worker.step()
    return desk.puppets.all[-1]


def test_one_whose_process_was_killed_is_begun_again_after_a_pause(desk: Desk) -> None:
    begun(desk).ends(None, "SIGKILL")
    waited = desk.seconds_until(lambda: len(desk.puppets.all) == 2)
    assert (desk.job().state, desk.job().attempt, waited >= 1.0) == (JobState.RUNNING, 2, True)
    assert "begun again in 1 s (2 of 3)" in desk.printed()
    assert "SIGKILL" in desk.told()[-2]["reason"]


def test_one_is_begun_no_more_often_than_it_may_be(desk: Desk) -> None:
    begun(desk, attempts_most=2).ends(None, "SIGSEGV")
    desk.seconds_until(lambda: len(desk.puppets.all) == 2)
    desk.puppets.all[1].ends(None, "SIGSEGV")
    desk.worker.step()
    assert (desk.job().state, (desk.job().error or {})["type"]) == (JobState.FAILED, "Crashed")


@pytest.mark.parametrize("kind", ["ApprovalError", "ConfigError", "ParityError", "OrderError"])
def test_what_a_person_or_a_rule_refused_is_not_begun_again(desk: Desk, kind: str) -> None:
    puppet = begun(desk)
    puppet.says(error={"type": kind, "sentence": "It may not.", "hint": None})
    puppet.ends(3 if kind == "ApprovalError" else 1)
    desk.steps(5)
    assert (desk.job().state, len(desk.puppets.all)) == (JobState.FAILED, 1)


def test_a_venue_that_is_away_for_a_while_is_tried_again(desk: Desk) -> None:
    puppet = begun(desk)
    puppet.says(error={"type": "BrokerError", "sentence": "The venue does not answer.", "hint": None})
    puppet.ends(1)
    desk.seconds_until(lambda: len(desk.puppets.all) == 2)
    assert desk.job().state is JobState.RUNNING


def test_one_that_waits_to_be_begun_again_can_be_cancelled(desk: Desk) -> None:
    begun(desk).ends(None, "SIGKILL")
    desk.worker.step()
    desk.book.ask_cancel("j1")
    assert desk.seconds_until(lambda: desk.job().state.is_over) <= 2.0
    assert (desk.job().state, len(desk.puppets.all)) == (JobState.CANCELLED, 1)


def test_a_cancel_is_delivered_within_two_seconds_and_the_session_settles_in_its_own_time(desk: Desk) -> None:
    puppet = begun(desk)
    puppet.listens = False
    desk.book.ask_cancel("j1")
    assert desk.seconds_until(lambda: puppet.interrupted) <= 2.0
    desk.steps(30)
    assert (desk.job().state, puppet.killed, puppet.interrupted) == (JobState.CANCELLING, 0, 1)
    puppet.ends(0)
    desk.worker.step()
    assert desk.job().state is JobState.DONE


def test_one_that_never_settles_is_killed_in_the_end_and_stays_ended(desk: Desk) -> None:
    puppet = begun(desk)
    puppet.listens = False
    desk.book.ask_cancel("j1")
    desk.seconds_until(lambda: puppet.killed, 120)
    desk.steps(5)
    assert (desk.job().state, len(desk.puppets.all)) == (JobState.CANCELLED, 1)


def test_limits_of_time_and_memory_are_not_for_sessions(desk: Desk) -> None:
    puppet = begun(desk, limits=JobLimits(1.0, 1))
    puppet.megabytes = 1000.0
    desk.steps(5)
    assert (desk.job().state, puppet.interrupted, puppet.killed) == (JobState.RUNNING, 0, 0)


@pytest.mark.parametrize("wish", [Wish.LEAVE, Wish.LEAVE_NOW])
def test_a_worker_that_leaves_hands_its_sessions_on_ended_cleanly(desk: Desk, wish: Wish) -> None:
    puppet = begun(desk)
    puppet.listens = False
    desk.worker.step(wish)
    assert puppet.interrupted == 1
    puppet.ends(0)
    desk.worker.step(wish)
    assert (desk.job().state, desk.worker.running) == (JobState.QUEUED, [])


def test_sessions_and_work_do_not_wait_for_each_other(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.add(number)
        desk.add(number + 3, JobKind.PAPER)
    desk.steps(1)
    assert sorted(puppet.command.job for puppet in desk.puppets.all) == ["j1", "j2", "j4", "j5", "j6"]


def test_a_lost_workers_session_is_taken_by_another(desk: Desk) -> None:
    begun(desk)
    second = desk.another("w2")
    desk.steps(60, worker=second)
    assert (desk.job().state, desk.job().worker, desk.job().attempt) == (JobState.RUNNING, "w2", 2)
