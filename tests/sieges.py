"""Server and workers that are killed while jobs are asked for over HTTP and worked off: none is lost or doubled."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import httpx
from tests.child_processes import kill_9, until
from tests.light_jobs import MARKS, OVER, LightDesk, begun

from tradewright.domain.control.jobs import JobQuery, JobState
from tradewright.domain.control.paging import Slice

PROGRAM = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())")
PHRASE = "a horse of another colour"
ASKED = {"strategy": "sma_cross", "symbols": ["ACME"], "source": "synthetic", "timeframe": "1d"}


class Besieged(NamedTuple):
    """What came of it."""

    queued: int
    done: int
    marks: int
    asked: int
    """Requests that it took to queue them, repetitions included."""
    server_kills: int
    worker_kills: int


class Server:
    """``tradewright serve`` on one port, begun again where it was killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        first = self._start()
        self._enter(first["user"], first["password"])

    def kill(self) -> None:
        """Let it die in whatever it does, and begin it again."""
        kill_9(self._process.pid)
        self._process.wait()
        self._start()

    def close(self) -> None:
        """It is gone."""
        kill_9(self._process.pid)
        self._process.wait()

    def _start(self) -> dict[str, str]:
        words = (*PROGRAM, "serve", "--no-worker", "--json", "--port", str(self.port))
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(words, cwd=self._folder, stdout=subprocess.PIPE, stderr=log)
        assert self._process.stdout is not None
        with self._process.stdout as said:
            found: dict[str, str] = json.loads(said.readline())
        return found

    def sign_in(self) -> dict[str, str]:
        """What the headers of a request show."""
        given = httpx.post(f"{self.address}/v1/auth/login", json={"name": "admin", "password": PHRASE}, timeout=60)
        return {"Authorization": f"Bearer {given.raise_for_status().json()['access_token']}"}

    def _enter(self, name: str, password: str) -> None:
        # What it says first it says before it answers.
        with httpx.Client(base_url=self.address, timeout=60, transport=httpx.HTTPTransport(retries=10)) as client:
            given = client.post("/v1/auth/login", json={"name": name, "password": password}).json()
            shown = {"Authorization": f"Bearer {given['access_token']}"}
            words = {"old": password, "new": PHRASE}
            client.post("/v1/auth/password", json=words, headers=shown).raise_for_status()


class Asker:
    """Asks for jobs, each under a key of its own, again and again until it is told that it is queued."""

    def __init__(self, server: Server, jobs: int) -> None:
        self._server, self._jobs = server, jobs
        self.queued: list[str] = []
        self.asked = 0
        self._pause = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Until all are queued."""
        self._thread.join(seconds)
        assert not self._thread.is_alive(), f"{len(self.queued)} of {self._jobs} queued"

    def _ask(self) -> None:
        with httpx.Client(base_url=self._server.address, headers=self._server.sign_in(), timeout=60) as client:
            for number in range(self._jobs):
                self.queued.append(self._insist(client, f"job-{number}"))

    def _insist(self, client: httpx.Client, key: str) -> str:
        while True:
            self.asked += 1
            try:
                answer = client.post("/v1/runs", json=ASKED, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                self._pause.wait(0.05)
                continue
            if answer.status_code == 401:
                client.headers.update(self._server.sign_in())
                continue
            if answer.status_code == 202:
                return str(answer.json()["id"])
            assert answer.status_code in (409, 429, 503), answer.text
            self._pause.wait(float(answer.headers.get("Retry-After", 0.1)))


def besieged(folder: Path, jobs: int, kills: tuple[int, int], deadline_s: float = 600.0) -> Besieged:
    """Ask for jobs over HTTP, kill server and workers so many times each meanwhile, and count what became of all."""
    marks = folder / "marks"
    marks.mkdir()
    os.environ[MARKS] = str(marks)
    server, light, draw = Server(folder), LightDesk(), random.Random(7)  # noqa: S311 - which worker falls
    crew = [begun(4, 2.0) for _ in range(2)]
    try:
        asker = Asker(server, jobs)
        _kill_in_turn(server, crew, asker, draw, kills, deadline_s)
        asker.wait(deadline_s)
        until(
            lambda: light.book.store.page(JobQuery(states=OVER), Slice(1)).total >= jobs, "the end of all", deadline_s
        )
        done = light.book.store.page(JobQuery(states=frozenset({JobState.DONE})), Slice(1)).total
        queued = light.book.store.page(JobQuery(), Slice(1)).total
        return Besieged(queued, done, len(list(marks.iterdir())), asker.asked, *kills)
    finally:
        os.environ.pop(MARKS)
        server.close()
        for worker in crew:
            kill_9(worker.pid)
            worker.wait()


def _kill_in_turn(
    server: Server, crew: list, asker: Asker, draw: random.Random, kills: tuple[int, int], deadline_s: float
) -> None:
    """The server falls while it is asked, workers fall in between; spread over the whole of the asking."""
    turns = ["server"] * kills[0] + ["worker"] * kills[1]
    draw.shuffle(turns)
    for at, turn in enumerate(turns, 1):
        share = asker._jobs * at // (len(turns) + 1)
        until(lambda share=share: len(asker.queued) >= share, f"{share} to be queued", deadline_s)
        if turn == "server":
            server.kill()
            continue
        fallen = draw.randrange(len(crew))
        kill_9(crew[fallen].pid)
        crew[fallen].wait()
        crew[fallen] = begun(4, 2.0)
