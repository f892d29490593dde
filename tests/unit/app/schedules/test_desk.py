"""What people ask of schedules."""

from __future__ import annotations

from typing import Any

import pytest
from tests.schedule_desk import ScheduleStage, ns

from tradewright.domain.control.jobs import JobState
from tradewright.domain.control.schedules import Cause
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
