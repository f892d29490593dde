"""A real S3 interface on this machine, for tests: buckets in memory behind HTTP."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from typing import Any

import httpx

KEY_ID, SECRET = "a-key-id", "a-secret-that-no-sentence-says"


class OwnS3:
    """A server on a free port of this machine."""

    def __init__(self) -> None:
        from moto.server import ThreadedMotoServer

        # Each request would be a line of the test's output.
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        self._count = 0

    def bucket(self) -> str:
        """The address of a bucket with nothing in it."""
        self._count += 1
        name = f"bucket-{os.getpid()}-{self._count}"
        httpx.put(f"{self.endpoint}/{name}").raise_for_status()
        return f"s3://{name}/a/prefix?endpoint={self.endpoint}&region=us-east-1"

    def close(self) -> None:
        """End it."""
        self._server.stop()


class Stalling:
    """A way to the server that takes requests up to so many bytes and then lets them wait for ever."""

    def __init__(self, target: str, most: int) -> None:
        import socket

        self._host, port = target.removeprefix("http://").split(":")
        self._port, self._most = int(port), most
        self.stalled = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lines: list[Any] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Cut every line."""
        import socket

        for line in (self._listener, *self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        for thread in self._threads:
            thread.join(60)

    def _accept(self) -> None:
        import socket

        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection((self._host, self._port))
            self._lines += [near, far]
            for ways in ((near, far, self._most), (far, near, None)):
                self._threads.append(threading.Thread(target=self._carry, args=ways, daemon=True))
                self._threads[-1].start()

    def _carry(self, come: Any, go: Any, most: int | None) -> None:
        carried = 0
        try:
            while piece := come.recv(65_536):
                if most is not None and carried + len(piece) > most:
                    self.stalled.set()
                    return
                go.sendall(piece)
                carried += len(piece)
        except OSError:
            return
