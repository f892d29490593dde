"""The rounds of who has the duty: due is begun once, piles wait for the last job, and nothing stops the others."""

from __future__ import annotations

import pytest
from tests.schedule_desk import MINUTE, ScheduleStage, ns

from tradewright.app.schedules.rounds import KEPT_NS, ScheduleRounds
from tradewright.domain.control.jobs import JobKind, JobState
from tradewright.domain.control.schedules import Cause, FiringState, job_id_of
from tradewright.domain.errors import ConfigError


def test_what_is_due_is_begun_once_at_its_time(stage: ScheduleStage) -> None:
    kept = stage.add(request={"symbols": ["ACME"]})
    stage.at("2026-11-20 12:59:59")
    assert stage.made() == []
    for _ in range(3):
        stage.at("2026-11-20 13:00:00")
    [job] = stage.made()
    assert (job.kind, job.owner, job.state) == (JobKind.CHECK_DATA, "ada", JobState.QUEUED)
    assert (job.request, job.id) == ({"symbols": ["ACME"]}, job_id_of(kept.id, ns("2026-11-20 13:00")))
    [firing] = stage.firings()
    assert (firing.cause, firing.state, firing.missed) == (Cause.DUE, FiringState.STARTED, 0)
    assert stage.told() == ["added", "started"]


def test_a_session_that_closes_early_is_due_early(stage: ScheduleStage) -> None:
    stage.add("XNYS close + 15 m")
    stage.at("2026-11-26 23:00")
    stage.end()
    stage.at("2026-11-27 18:14")
    before = len(stage.made())
    stage.at("2026-11-27 18:15")
    assert len(stage.made()) == before + 1


def test_a_schedule_has_one_job_at_a_time(stage: ScheduleStage) -> None:
    """What comes meanwhile piles up, and is one run when there can be one again."""
    stage.add()
    stage.at("2026-11-20 13:00")
    stage.at("2026-11-20 14:00")
    stage.at("2026-11-20 15:00")
    assert len(stage.made()) == 1
    stage.end()
    stage.at("2026-11-20 15:10")
    assert [each.due_ns for each in stage.firings()] == [ns("2026-11-20 13:00"), ns("2026-11-20 15:00")]
    assert stage.firings()[-1].missed == 1


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_however_the_last_job_ended_the_next_begins(stage: ScheduleStage, state: JobState) -> None:
    stage.add()
    stage.at("2026-11-20 13:00")
    stage.end(state)
    stage.at("2026-11-20 14:00")
    assert len(stage.made()) == 2


def test_all_of_a_pile_runs_one_after_the_other(stage: ScheduleStage) -> None:
    stage.add(missed="all", most=3)
    for _ in range(6):
        stage.at("2026-11-20 18:30")
        stage.end()
    found = stage.firings()
    assert [each.due_ns for each in found] == [ns(f"2026-11-20 {hour}:00") for hour in (16, 17, 18)]
    assert [each.missed for each in found] == [3, 0, 0]
    assert {each.cause for each in found} == {Cause.MISSED}


def test_what_is_passed_over_is_told(stage: ScheduleStage) -> None:
    stage.add(missed="skip")
    stage.at("2026-11-20 18:30")
    [firing] = stage.firings()
    assert (firing.state, firing.missed, firing.due_ns) == (FiringState.SKIPPED, 6, ns("2026-11-20 18:00"))
    assert (stage.made(), stage.told()) == ([], ["added", "skipped"])
    stage.at("2026-11-20 19:00")
    assert len(stage.made()) == 1


def test_paused_it_is_never_due_and_resumed_it_makes_up_for_nothing(stage: ScheduleStage) -> None:
    stage.add(missed="all")
    stage.desk.pause("hourly")
    stage.at("2026-11-20 15:30")
    stage.desk.resume("hourly")
    stage.at("2026-11-20 15:40")
    assert stage.made() == []
    stage.at("2026-11-20 16:00")
    assert len(stage.made()) == 1


def test_who_died_before_the_job_was_queued_is_followed(stage: ScheduleStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.add()
    with monkeypatch.context() as dies:
        dies.setattr(type(stage.queue), "submit", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            stage.at("2026-11-20 13:00")
    assert (stage.made(), stage.firings()[0].state) == ([], FiringState.BEGUN)
    ScheduleRounds(stage.starter, stage.times).run_once(stage.watch.utc_ns)
    assert len(stage.made()) == 1
    assert stage.firings()[0].state is FiringState.STARTED


def test_who_died_after_the_job_was_queued_is_followed_by_no_second_one(
    stage: ScheduleStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.add()
    with monkeypatch.context() as dies:
        dies.setattr(stage.store, "settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            stage.at("2026-11-20 13:00")
    stage.end()
    ScheduleRounds(stage.starter, stage.times).run_once(stage.watch.utc_ns)
    assert [each.state for each in stage.made()] == [JobState.DONE]


def test_two_who_both_believe_to_have_the_duty_do_no_harm(
    stage: ScheduleStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One was halted after it had read the schedules, and goes on when the other has begun what was due."""
    stage.add()
    read = stage.store.all()
    stage.at("2026-11-20 13:00")
    stage.end()
    monkeypatch.setattr(stage.store, "all", lambda: read)
    ScheduleRounds(stage.starter, stage.times).run_once(stage.watch.utc_ns)
    assert len(stage.made()) == len(stage.firings()) == 1


def test_a_clock_that_is_set_back_begins_nothing_twice(stage: ScheduleStage) -> None:
    stage.add()
    for at in ("13:00", "12:30", "13:00", "13:30"):
        stage.at(f"2026-11-20 {at}")
        stage.end()
    assert len(stage.made()) == 1


def test_a_request_that_cannot_be_carried_out_any_more_is_refused_and_the_next_is_tried(
    stage: ScheduleStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.add()
    with monkeypatch.context() as gone:
        gone.setattr(type(stage.queue.commands), "words", lambda *_: (_ for _ in ()).throw(ConfigError("It is gone.")))
        stage.at("2026-11-20 13:00")
    [firing] = stage.firings()
    assert (firing.state, firing.error) == (FiringState.REFUSED, "It is gone.")
    assert stage.told() == ["added", "refused"]
    stage.at("2026-11-20 14:00")
    assert len(stage.made()) == 1


def test_a_time_that_is_understood_no_more_stops_nobody_else(
    stage: ScheduleStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.add(name="a-broken", when="XNYS close")
    stage.add(name="hourly")
    monkeypatch.setattr("tradewright.app.schedules.times.known_days", _unknown)
    stage.at("2026-11-20 13:00")
    assert len(stage.made()) == 1
    assert [each.next_ns is None for each in stage.desk.all()] == [True, False]


def _unknown(calendar: str) -> tuple[int, int]:
    raise ConfigError(f"There is no calendar {calendar} any more.")


def test_what_became_of_old_times_is_forgotten(stage: ScheduleStage) -> None:
    stage.add(missed="skip", when="0 0 1 1 *")
    stage.at("2027-01-01 00:00")
    stage.end()
    assert len(stage.firings()) == 1
    stage.watch.utc_ns += KEPT_NS + MINUTE
    stage.rounds.run_once(stage.watch.utc_ns)
    assert [each.state for each in stage.firings()] == [FiringState.SKIPPED]
