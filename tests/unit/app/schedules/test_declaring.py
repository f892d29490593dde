"""Schedules that the settings say: they are as they are said, changed nowhere else, gone when said no more."""

from __future__ import annotations

from typing import Any

import pytest
from tests.schedule_desk import ScheduleStage, ns

from tradewright.app.schedules.declaring import OWNER, Declaration
from tradewright.domain.control.jobs import JobState
from tradewright.domain.control.schedules import Schedule, Wish
from tradewright.domain.errors import ConflictError


def said(name: str = "nightly", **values: Any) -> Wish:
    return Wish(**{"name": name, "when": "0 * * * *", "kind": "check", "request": {}, **values})


def brought_in(stage: ScheduleStage, *wishes: Wish) -> list[tuple[str, str]]:
    declaration = Declaration(stage.starter, stage.queue.new_id)
    return [(each.verb, each.schedule.name) for each in declaration.bring_in(wishes, stage.watch.utc_ns)]


def only(stage: ScheduleStage) -> Schedule:
    [found] = stage.store.all()
    return found


def test_what_is_said_first_is_made_and_its_jobs_are_those_of_the_settings(stage: ScheduleStage) -> None:
    assert brought_in(stage, said()) == [("added", "nightly")]
    stage.at("2026-11-20 13:00")
    assert [each.owner for each in stage.made()] == [OWNER]
    assert only(stage).is_declared


def test_said_again_nothing_is_done(stage: ScheduleStage) -> None:
    brought_in(stage, said())
    before = only(stage)
    stage.watch.go(60)
    assert brought_in(stage, said()) == []
    assert (only(stage), stage.told()) == (before, ["added"])


def test_said_otherwise_it_is_changed_and_goes_on_from_where_it_has_come_to(stage: ScheduleStage) -> None:
    brought_in(stage, said())
    stage.at("2026-11-20 13:00")
    stage.end()
    assert brought_in(stage, said(most=3)) == [("changed", "nightly")]
    assert (only(stage).most, only(stage).cursor_ns) == (3, ns("2026-11-20 13:00"))
    assert len(stage.firings("nightly")) == 1


def test_said_no_more_it_is_removed_and_its_job_is_not(stage: ScheduleStage) -> None:
    stage.add()
    brought_in(stage, said(), said("other"))
    stage.at("2026-11-20 13:00")
    assert brought_in(stage, said("other")) == [("removed", "nightly")]
    assert [each.name for each in stage.store.all()] == ["hourly", "other"]
    assert [each.state for each in stage.made()] == [JobState.QUEUED] * 3


def test_one_of_a_person_is_taken_over_with_its_times(stage: ScheduleStage) -> None:
    made = stage.add(name="nightly")
    stage.at("2026-11-20 13:00")
    assert brought_in(stage, said()) == [("changed", "nightly")]
    assert (only(stage).id, only(stage).is_declared, only(stage).owner) == (made.id, True, OWNER)
    assert len(stage.firings("nightly")) == 1


def test_a_person_pauses_it_and_it_stays_so_when_it_is_said_again(stage: ScheduleStage) -> None:
    brought_in(stage, said())
    stage.desk.pause("nightly")
    brought_in(stage, said(most=3))
    assert only(stage).paused_ns is not None
    assert stage.desk.run("nightly").owner == OWNER


def test_nobody_else_changes_or_removes_it(stage: ScheduleStage) -> None:
    brought_in(stage, said())
    for act in (lambda: stage.desk.change("nightly", {"most": 3}, "ada"), lambda: stage.desk.remove("nightly")):
        with pytest.raises(ConflictError, match="said by the settings"):
            act()
    assert only(stage).most == 10
