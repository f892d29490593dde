"""Two hosts with folders of their own share a database and a bucket: one works, the other shows it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.asgi_client import AsgiClient
from tests.child_processes import kill_9, until
from tests.s3_server import KEY_ID, SECRET, OwnS3
from tests.unit.api.conftest import ENOUGH, NOW, identify

from tradewright.api.application import DoorOptions, create_app
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.face.bars_again import OriginReader

PROGRAM = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())")
WAITS = """from pathlib import Path


def waits(ctx):
    if ctx.new_session and not hasattr(waits, "is_over"):
        print("it waits", flush=True)
        while not Path("go").exists():
            pass
        waits.is_over = True
        print("it goes on", flush=True)
"""
pytestmark = pytest.mark.slow


class Hosts(NamedTuple):
    """The project that both hosts know, the folder of the one that works, and the room of the other."""

    project: Path
    works: Path
    shows: Path
    room: ControlRoom
    client: AsgiClient


@pytest.fixture
def hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_dsn: str) -> Iterator[Hosts]:
    """A worker over one folder of stores, and an API over another."""
    project, works, shows = (tmp_path / name for name in ("project", "works", "shows"))
    project.mkdir()
    (project / "waits.py").write_text(WAITS)
    server = OwnS3()
    shared = {
        "TRADEWRIGHT_STORAGE__DATABASE": postgres_dsn,
        "TRADEWRIGHT_STORAGE__ARTIFACTS": server.bucket(),
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
    }
    for name, value in {**shared, "TRADEWRIGHT_STORAGE__FOLDER": str(shows)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(project)
    environment = {**os.environ, "TRADEWRIGHT_STORAGE__FOLDER": str(works)}
    worker = subprocess.Popen([*PROGRAM, "worker", "--most", "1"], cwd=project, env=environment)
    try:
        room = control_room("0.0.test", OriginReader, project=project, now_ns=lambda: NOW)
        app = create_app(room, DoorOptions(identify=identify, limits=ENOUGH))
        yield Hosts(project, works, shows, room, AsgiClient(app, {"Authorization": "Bearer trader"}))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    finally:
        if worker.poll() is None:
            kill_9(worker.pid)
            worker.wait()
        server.close()


def test_what_a_job_prints_is_read_on_the_other_host_while_it_runs_and_so_is_its_run(hosts: Hosts) -> None:
    client = hosts.client
    asked = {"kind": "backtest", "strategy": "waits.py:waits", "symbols": ["ACME"], "source": "synthetic"}
    answer = client.post("/v1/runs", json=asked)
    assert answer.status_code == 202, answer.text
    job = answer.json()["id"]

    def log() -> Any:
        return client.get(f"/v1/jobs/{job}/log").json()

    until(lambda: "it waits" in log()["lines"], "the log on the other host")
    before = log()
    assert (before["ended"], "it goes on" in before["lines"]) == (False, False)
    (hosts.project / "go").touch()
    until(lambda: client.get(f"/v1/jobs/{job}").json()["state"] == "done", "the job to be done")
    after = client.get(f"/v1/jobs/{job}/log", params={"after": before["next"]}).json()
    assert (after["ended"], "it goes on" in after["lines"]) == (True, True)

    run = client.get(f"/v1/jobs/{job}").json()["run_id"]
    assert client.get(f"/v1/runs/{run}/series").json()["raw_points"] > 0
    assert [path for folder in (hosts.works, hosts.shows) for path in folder.rglob("*.log")] == []
    assert not list(hosts.shows.rglob("*.npz"))
