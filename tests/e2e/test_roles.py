"""Every role is stopped, lost and begun again alone: the others do not notice, and its work goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.child_processes import kill_9, until
from tests.light_jobs import LightDesk, begun

from tradewright.adapters.storage.sql.duties import SqlDuties
from tradewright.adapters.storage.sql.notices import SqlPlaces
from tradewright.app.alerts.channels import AlertPlan
from tradewright.app.jobs.house import HOUSE
from tradewright.app.jobs.rules import ROLES
from tradewright.bootstrap.alerts import open_alert_desk
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.jobs import job_book, job_queue
from tradewright.bootstrap.schedules import schedule_desk
from tradewright.domain.control.duties import ALERTS, SCHEDULES
from tradewright.domain.control.jobs import JobState
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.schedules import FiringState, MissedRuns, Wish

pytestmark = pytest.mark.slow

PROGRAM = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())")
KINDS = tuple(kind for kind in ROLES if kind not in HOUSE)
"""What keeps the house is begun and lost like the first of these."""
HANGS = "import signal; tell(done=1, total=2, unit='bars'); signal.pause()"


def waits_for(mark: Path) -> str:
    """Hangs at the first attempt, and ends at the second."""
    return f"import pathlib; mark = pathlib.Path({str(mark)!r})\nif not mark.exists():\n mark.touch(); {HANGS}"


def test_each_kind_of_jobs_is_lost_and_taken_up_again_alone(storage: Path, tmp_path: Path) -> None:
    light = LightDesk()
    crew = {kind: begun(1, 1.5, (kind,)) for kind in KINDS}
    try:
        jobs = {kind: light.add(waits_for(tmp_path / kind), kind=kind) for kind in KINDS}
        for kind, job_id in jobs.items():
            until(lambda job_id=job_id: light.job(job_id).progress is not None, f"{kind} to work")
            assert str(crew[kind].pid) in str(light.job(job_id).worker)
        for at, kind in enumerate(KINDS):
            kill_9(crew[kind].pid)
            crew[kind].wait()
            crew[kind] = begun(1, 1.5, (kind,))
            ended = light.over(jobs[kind])
            assert (ended.state, ended.attempt) == (JobState.DONE, 2)
            others = [light.job(jobs[other]) for other in KINDS[at + 1 :]]
            assert {(job.state, job.attempt) for job in others} <= {(JobState.RUNNING, 1)}
    finally:
        for worker in crew.values():
            kill_9(worker.pid)
            worker.wait()


@contextmanager
def on_duty(folder: Path, role: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker for one duty alone, gone afterwards."""
    with (folder / f"{role}.log").open("ab") as log:
        process = subprocess.Popen([*PROGRAM, "worker", "--roles", role], cwd=folder, env=os.environ, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)


def holder(name: str = ALERTS) -> int | None:
    """The process that has a duty."""
    duty = SqlDuties(state_database()).get(name)
    return None if duty is None else int(duty.holder.split(":")[1])


def test_alerts_have_one_owner_and_another_takes_over_where_it_dies(storage: Path, tmp_path: Path) -> None:
    facts = {"id": "j1", "kind": "backtest", "owner": "ada", "state": "failed", "error": {"sentence": "It broke."}}
    events, desk = job_book().events, open_alert_desk(AlertPlan(), state_database())
    places = SqlPlaces(state_database())
    with on_duty(tmp_path, ALERTS) as first:
        # What was before the very first look is history, and no alert.
        until(lambda: holder() == first.pid and places.get("alerts/jobs") is not None, "the first to look")
        with on_duty(tmp_path, ALERTS) as second:
            kill_9(first.pid)
            first.wait()
            until(lambda: holder() == second.pid, "the second to take over")
            events.append("jobs", "state", facts, 1)
            until(desk.open, "an alert")
            [alert] = desk.open().values()
            assert alert.count == 1
        until(lambda: holder() is None, "who ends to give it up")


def test_schedules_have_one_owner_and_where_it_dies_each_time_is_begun_once_all_the_same(
    storage: Path, tmp_path: Path
) -> None:
    """Minutes that nobody was there for are made up for one after the other, by the first owner and by the second."""
    now_ns, queue = time.time_ns(), job_queue()
    early = schedule_desk(now_ns=lambda: now_ns - 10 * 60 * 10**9)
    early.add(
        Wish(name="minutes", when="* * * * *", kind="summary", request={}, missed=MissedRuns.ALL, most=100), "ada"
    )
    desk = schedule_desk()

    def begun() -> list[str]:
        """Jobs of times; each is over at once, so that the next may begin."""
        found = [each.job_id for each in desk.firings("minutes", Slice(100)).items if each.state is FiringState.STARTED]
        return [queue.cancel(each).id for each in found if each]

    with on_duty(tmp_path, SCHEDULES) as first:
        until(lambda: len(begun()) >= 3, "the first to begin some")
        assert holder(SCHEDULES) == first.pid
        with on_duty(tmp_path, SCHEDULES) as second:
            kill_9(first.pid)
            first.wait()
            until(lambda: holder(SCHEDULES) == second.pid, "the second to take over")
            until(lambda: len(begun()) >= 10, "the others to be begun")
    firings = desk.firings("minutes", Slice(100)).items[::-1]
    minutes = [each.due_ns // (60 * 10**9) for each in firings]
    assert minutes == list(range(minutes[0], minutes[0] + len(minutes)))
    assert {each.missed for each in firings} == {0}
    assert sorted(each.id for each in queue.page().items) == sorted(each.job_id for each in firings if each.job_id)


def test_what_a_schedule_begins_is_done_by_a_worker(storage: Path, tmp_path: Path) -> None:
    desk, queue = schedule_desk(), job_queue()
    for kind in ("check", "summary", "reconcile"):
        desk.add(Wish(name=kind, when="XNYS close", kind=kind, request={}, is_paused=True), "ada")
    jobs = [desk.run(each).id for each in ("check", "summary", "reconcile")]
    with on_duty(tmp_path, "check,summary,reconcile"):
        until(lambda: all(queue.job(each).state.is_over for each in jobs), "the jobs to be over")
    assert [queue.job(each).state for each in jobs] == [JobState.DONE] * 3
    assert b'"jobs"' in queue.printed(jobs[1])[0]
    [told] = open_alert_desk(AlertPlan(), state_database()).open().values()
    assert told.rule == "daily_summary"
