"""A line between a browser and a server, which is cut, stalled and mended while the one keeps the other's address."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any


class Line:
    """Carries bytes from a port of its own to that of a server."""

    def __init__(self, port: int) -> None:
        self._target: int | None = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._ends: list[Any] = []
        self._flows = threading.Event()
        self._flows.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Nothing gets through any more, and whoever tries is turned away."""
        self._target = None
        for end in self._ends:
            _shut(end)
        self._ends.clear()

    def stall(self) -> None:
        """Whoever tries is taken, and nothing gets through."""
        self._flows.clear()

    def flow(self) -> None:
        """What was held up gets through."""
        self._flows.set()

    def mend(self, port: int) -> None:
        """From now on to that port."""
        self._target = port

    def close(self) -> None:
        """It is gone."""
        self.cut()
        self.flow()
        _shut(self._listener)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._join(near)

    def _join(self, near: Any) -> None:
        try:
            # Nobody listens at port 0.
            far = socket.create_connection(("127.0.0.1", self._target or 0))
        except OSError:
            _shut(near)
            return
        self._ends += [near, far]
        for come, go in ((near, far), (far, near)):
            threading.Thread(target=_carry, args=(come, go, self._flows), daemon=True).start()


def _carry(come: Any, go: Any, flows: threading.Event) -> None:
    with suppress(OSError):
        while piece := come.recv(65_536):
            flows.wait()
            go.sendall(piece)
    _shut(come)
    _shut(go)


def _shut(end: Any) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
