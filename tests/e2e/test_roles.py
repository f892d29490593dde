"""Every role is stopped, lost and begun again alone: the others do not notice, and its work goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.child_processes import kill_9, until
from tests.light_jobs import LightDesk, begun

from tradewright.adapters.storage.sql.duties import SqlDuties
from tradewright.adapters.storage.sql.notices import SqlPlaces
from tradewright.app.alerts.channels import AlertPlan
from tradewright.app.jobs.rules import ROLES
from tradewright.bootstrap.alerts import open_alert_desk
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.jobs import job_book
from tradewright.domain.control.duties import ALERTS
from tradewright.domain.control.jobs import JobState

pytestmark = pytest.mark.slow

PROGRAM = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())")
HANGS = "import signal; tell(done=1, total=2, unit='bars'); signal.pause()"


def waits_for(mark: Path) -> str:
    """Hangs at the first attempt, and ends at the second."""
    return f"import pathlib; mark = pathlib.Path({str(mark)!r})\nif not mark.exists():\n mark.touch(); {HANGS}"


def test_each_kind_of_jobs_is_lost_and_taken_up_again_alone(storage: Path, tmp_path: Path) -> None:
    light = LightDesk()
    crew = {kind: begun(1, 1.5, (kind,)) for kind in ROLES}
    try:
        jobs = {kind: light.add(waits_for(tmp_path / kind), kind=kind) for kind in ROLES}
        for kind, job_id in jobs.items():
            until(lambda job_id=job_id: light.job(job_id).progress is not None, f"{kind} to work")
            assert str(crew[kind].pid) in str(light.job(job_id).worker)
        for at, kind in enumerate(ROLES):
            kill_9(crew[kind].pid)
            crew[kind].wait()
            crew[kind] = begun(1, 1.5, (kind,))
            ended = light.over(jobs[kind])
            assert (ended.state, ended.attempt) == (JobState.DONE, 2)
            others = [light.job(jobs[other]) for other in ROLES[at + 1 :]]
            assert {(job.state, job.attempt) for job in others} <= {(JobState.RUNNING, 1)}
    finally:
        for worker in crew.values():
            kill_9(worker.pid)
            worker.wait()


@contextmanager
def looking_after_alerts(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker for alerts alone, gone afterwards."""
    with (folder / "alerts.log").open("ab") as log:
        process = subprocess.Popen([*PROGRAM, "worker", "--roles", "alerts"], cwd=folder, env=os.environ, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)


def holder() -> int | None:
    """The process that looks after alerts."""
    duty = SqlDuties(state_database()).get(ALERTS)
    return None if duty is None else int(duty.holder.split(":")[1])


def test_alerts_have_one_owner_and_another_takes_over_where_it_dies(storage: Path, tmp_path: Path) -> None:
    facts = {"id": "j1", "kind": "backtest", "owner": "ada", "state": "failed", "error": {"sentence": "It broke."}}
    events, desk = job_book().events, open_alert_desk(AlertPlan(), state_database())
    places = SqlPlaces(state_database())
    with looking_after_alerts(tmp_path) as first:
        # What was before the very first look is history, and no alert.
        until(lambda: holder() == first.pid and places.get("alerts/jobs") is not None, "the first to look")
        with looking_after_alerts(tmp_path) as second:
            kill_9(first.pid)
            first.wait()
            until(lambda: holder() == second.pid, "the second to take over")
            events.append("jobs", "state", facts, 1)
            until(desk.open, "an alert")
            [alert] = desk.open().values()
            assert alert.count == 1
        until(lambda: holder() is None, "who ends to give it up")
