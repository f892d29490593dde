"""A line between a browser and a server, which is cut and mended while the one keeps the address of the other."""

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
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Nothing gets through any more, and whoever tries is turned away."""
        self._target = None
        for end in self._ends:
            _shut(end)
        self._ends.clear()

    def mend(self, port: int) -> None:
        """From now on to that port."""
        self._target = port

    def close(self) -> None:
        """It is gone."""
        self.cut()
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
            threading.Thread(target=_carry, args=(come, go), daemon=True).start()


def _carry(come: Any, go: Any) -> None:
    with suppress(OSError):
        while piece := come.recv(65_536):
            go.sendall(piece)
    _shut(come)
    _shut(go)


def _shut(end: Any) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
