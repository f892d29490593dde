"""What people ask of schedules."""

from __future__ import annotations

from typing import Any

import pytest
from tests.schedule_desk import ScheduleStage, ns

from tradewright.domain.control.jobs import JobKind, JobState
from tradewright.domain.control.schedules import Cause, FiringState, MissedRuns
from tradewright.domain.errors import CalendarError, ConfigError, ConflictError, NotFoundError, TradewrightError


def test_a_schedule_says_when_it_is_due_next_and_what_became_of_the_last(stage: ScheduleStage) -> None:
    stage.add()
    [before] = stage.desk.all()
    assert (before.next_ns, before.last, before.job) == (ns("2026-11-20 13:00"), None, None)
    stage.at("2026-11-20 13:00")
    stage.end(JobState.FAILED)
    after = stage.desk.found("hourly")
    assert after.last is not None
    assert after.job is not None
    assert (after.next_ns, after.last.due_ns) == (ns("2026-11-20 14:00"), ns("2026-11-20 13:00"))
    assert after.job.state is JobState.FAILED


def test_it_is_found_by_id_and_by_name(stage: ScheduleStage) -> None:
    kept = stage.add()
    assert stage.desk.found(kept.id) == stage.desk.found("hourly")
    with pytest.raises(NotFoundError, match="daily"):
        stage.desk.found("daily")


def test_times_before_it_was_made_are_not_missed(stage: ScheduleStage) -> None:
    stage.add("0 11 * * *", missed="all")
    stage.at("2026-11-20 12:30")
    assert stage.made() == []


@pytest.mark.parametrize(
    ("said", "error", "named"),
    [
        ({"name": "two words"}, ConfigError, "name"), ({"name": ""}, ConfigError, "name"),
        ({"name": "a/b"}, ConfigError, "name"), ({"kind": "nothing"}, ConfigError, "kind"),
        ({"request": {"surprise": 1}}, ConfigError, "surprise"), ({"when": "soon"}, ConfigError, "when"),
        ({"when": "61 * * * *"}, ConfigError, "61"), ({"when": "0 0 30 2 *"}, ConfigError, "never"),
        ({"when": "XNYT close"}, CalendarError, "XNYT"), ({"zone": "Mars"}, ConfigError, "Mars"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_never_kept(
    stage: ScheduleStage, said: dict[str, Any], error: type[TradewrightError], named: str
) -> None:
    with pytest.raises(error, match=named):
        stage.add(**{"name": "fits", **said})
    assert stage.desk.all() == []


def test_a_session_is_begun_by_a_person(stage: ScheduleStage) -> None:
    (stage.queue.commands.places.project / "mine.py").touch()
    request = {"strategy": "mine.py", "session": "a", "broker": "alpaca", "symbols": ["ACME"]}
    with pytest.raises(ConfigError, match="by a person"):
        stage.add(kind="paper", request=request)


def test_a_run_by_hand_is_begun_now_and_leaves_the_next_time_as_it_is(stage: ScheduleStage) -> None:
    stage.add()
    stage.desk.pause("hourly")
    job = stage.desk.run("hourly")
    assert (job.state, job.owner) == (JobState.QUEUED, "ada")
    [firing] = stage.firings()
    assert (firing.cause, firing.due_ns, firing.job_id) == (Cause.HAND, ns("2026-11-20 12:00"), job.id)
    stage.end()
    stage.desk.resume("hourly")
    stage.at("2026-11-20 13:00")
    assert len(stage.made()) == 2


def test_a_run_by_hand_waits_for_nobody(stage: ScheduleStage) -> None:
    stage.add()
    stage.desk.run("hourly")
    stage.watch.go(1)
    with pytest.raises(ConflictError, match="not over"):
        stage.desk.run("hourly")
    assert len(stage.made()) == 1


def test_who_asks_twice_at_one_instant_gets_one_run(stage: ScheduleStage) -> None:
    stage.add()
    stage.desk.run("hourly")
    stage.end()
    with pytest.raises(ConflictError):
        stage.desk.run("hourly")
    assert len(stage.made()) == 1


def test_removed_it_is_gone_and_its_job_is_not(stage: ScheduleStage) -> None:
    stage.add()
    stage.at("2026-11-20 13:00")
    stage.desk.remove("hourly")
    stage.at("2026-11-20 14:00")
    assert (stage.desk.all(), [each.state for each in stage.made()]) == ([], [JobState.QUEUED])
    assert stage.told() == ["added", "started", "removed"]
    stage.add()


def test_readers_hear_of_a_pause_once(stage: ScheduleStage) -> None:
    stage.add()
    for change in (stage.desk.pause, stage.desk.pause, stage.desk.resume, stage.desk.resume):
        change("hourly")
    assert stage.told() == ["added", "paused", "resumed"]


def test_the_next_times_of_an_expression_are_known_before(stage: ScheduleStage) -> None:
    assert stage.desk.upcoming("0 */6 * * *", "UTC", 2) == [ns("2026-11-20 18:00"), ns("2026-11-21 00:00")]


def test_other_times_count_from_now_on_and_what_was_missed_before_is_let_go(stage: ScheduleStage) -> None:
    stage.add("0 * * * *", missed="all")
    stage.watch.utc_ns = ns("2026-11-20 15:10")
    stage.desk.change("hourly", {"when": "30 * * * *"}, "bob")
    stage.at("2026-11-20 15:10")
    assert stage.made() == []
    stage.at("2026-11-20 15:30")
    assert [each.due_ns for each in stage.firings()] == [ns("2026-11-20 15:30")]


def test_whatever_else_is_changed_missed_times_are_dealt_with_by_what_it_says_now(stage: ScheduleStage) -> None:
    stage.add("0 * * * *", missed="once")
    stage.watch.utc_ns = ns("2026-11-20 15:10")
    stage.desk.change("hourly", {"name": "each", "missed": MissedRuns.SKIP, "request": {"symbols": ["ACME"]}}, "bob")
    stage.at("2026-11-20 15:10")
    [firing] = stage.firings("each")
    assert (firing.state, firing.missed, firing.due_ns) == (FiringState.SKIPPED, 3, ns("2026-11-20 15:00"))
    stage.at("2026-11-20 16:00")
    assert [each.request for each in stage.made()] == [{"symbols": ["ACME"]}]


def test_what_became_of_its_times_stays_and_a_job_goes_on_as_it_was_begun(stage: ScheduleStage) -> None:
    stage.add()
    stage.at("2026-11-20 13:00")
    stage.desk.change("hourly", {"kind": "summary", "request": {}}, "bob")
    [firing], [job] = stage.firings(), stage.made()
    assert (firing.job_id, job.kind, job.state) == (job.id, JobKind.CHECK_DATA, JobState.QUEUED)
    after = stage.desk.found("hourly").schedule
    assert (after.revision, after.changed_ns) == (1, ns("2026-11-20 13:00"))


def test_who_says_what_its_job_does_owns_its_jobs_from_then_on(stage: ScheduleStage) -> None:
    stage.add()
    stage.desk.change("hourly", {"when": "5 * * * *", "most": 3}, "bob")
    assert stage.desk.found("hourly").schedule.owner == "ada"
    stage.desk.change("hourly", {"request": {"symbols": ["ACME"]}}, "bob")
    assert stage.desk.found("hourly").schedule.owner == "bob"


def test_paused_it_stays_paused(stage: ScheduleStage) -> None:
    stage.add()
    stage.desk.pause("hourly")
    stage.desk.change("hourly", {"when": "5 * * * *"}, "bob")
    stage.at("2026-11-20 15:10")
    assert stage.made() == []


def test_who_has_not_seen_how_it_stands_changes_nothing(stage: ScheduleStage) -> None:
    stage.add()
    stage.desk.change("hourly", {"most": 3}, "bob", seen=0)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        stage.desk.change("hourly", {"most": 4}, "ada", seen=0)
    assert stage.desk.found("hourly").schedule.most == 3


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"when": "soon"}, ConfigError), ({"when": "XNYT close"}, CalendarError), ({"kind": "live"}, ConfigError),
        ({"kind": "fetch"}, ConfigError), ({"most": 0}, ConfigError), ({"name": "a/b"}, ConfigError),
        ({"name": "other"}, ConflictError),
    ],
)  # fmt: skip
def test_a_change_that_does_not_fit_changes_nothing(
    stage: ScheduleStage, said: dict[str, Any], error: type[TradewrightError]
) -> None:
    before = stage.add()
    stage.add(name="other")
    with pytest.raises(error):
        stage.desk.change("hourly", said, "bob")
    assert stage.desk.found("hourly").schedule == before


def test_readers_hear_of_a_change_and_of_no_change_that_is_none(stage: ScheduleStage) -> None:
    stage.add()
    stage.desk.change("hourly", {"when": " 0  * * * *"}, "bob")
    stage.desk.change("hourly", {"when": "5 * * * *", "most": 10}, "bob")
    assert stage.told() == ["added", "changed"]
    [event] = stage.events.after("schedules", 1, 10)
    assert event.body["changed"] == ["when"]


def test_other_times_by_a_clock_that_is_behind_do_not_stop_at_what_has_begun(stage: ScheduleStage) -> None:
    stage.add("0 * * * *", missed="all")
    stage.at("2026-11-20 13:00")
    stage.end()
    stage.watch.utc_ns = ns("2026-11-20 12:59")
    stage.desk.change("hourly", {"when": "*/30 * * * *"}, "bob")
    stage.at("2026-11-20 13:01")
    stage.at("2026-11-20 13:30")
    assert [each.due_ns for each in stage.firings()] == [ns("2026-11-20 13:00"), ns("2026-11-20 13:30")]
