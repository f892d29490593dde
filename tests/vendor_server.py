"""A small server on loopback that speaks the protocol of one vendor, and makes the trouble that it is told to make."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.vendor_words import Asked, Row, Vendor


@dataclass
class Trouble:
    """What goes wrong when bars are asked for.

    Parameters
    ----------
    status : int
        In place of 200.
    headers : dict
        Besides.
    garble : callable
        From the bytes of the answer to those that are sent.
    is_cut : bool
        The line goes away in the middle of the answer.
    is_slow : bool
        There is no answer before the server is left.
    times : int
        How often; then all is well again.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    garble: Callable[[bytes], bytes] = bytes
    is_cut: bool = False
    is_slow: bool = False
    times: int = 1


class VendorServer:
    """Serves inside a ``with``.

    Attributes
    ----------
    troubles : list of Trouble
        The first of them is met next.
    change : callable
        From the rows that there are to those that are sent.
    asked : list of Asked
        Every request, oldest first.
    is_expired : bool
        The key counts no more.
    """

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.troubles: list[Trouble] = []
        self.change: Callable[[list[Row]], list[Row]] = list
        self.asked: list[Asked] = []
        self.is_expired = False
        self.over = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = False
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def bars_asked(self) -> int:
        """How often bars were asked for."""
        return sum(self.vendor.is_for_bars(each) for each in self.asked)

    def trouble_for(self, asked: Asked) -> Trouble:
        """The trouble that a request meets."""
        if not self.troubles or not self.vendor.is_for_bars(asked):
            return Trouble()
        found = self.troubles[0]
        found.times -= 1
        if found.times == 0:
            self.troubles.pop(0)
        return found

    def answer(self, asked: Asked) -> tuple[int, Any]:
        """What the vendor says when all is well but its rows and the key."""
        if self.is_expired or not self.vendor.is_known(asked):
            return self.vendor.refused
        if not self.vendor.is_for_bars(asked):
            return self.vendor.other(asked)
        return self.vendor.bars(asked, self.change(self.vendor.rows(asked)))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


def _handler(server: VendorServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def do_GET(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            body = json.loads(self.rfile.read(length)) if length else {}
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            server.asked.append(asked)
            self._say(server.trouble_for(asked), asked)

        do_POST = do_GET  # noqa: N815 - the name that the base class calls

        def _say(self, trouble: Trouble, asked: Asked) -> None:
            if trouble.is_slow:
                server.over.wait(60)
                self.close_connection = True
                return
            status, said = server.answer(asked)
            if trouble.status != 200:
                # It says back who asked: whoever quotes answers shows secrets.
                limited = server.vendor.limited
                status, said = trouble.status, limited if trouble.status == 429 else {"message": str(asked.headers)}
            content = trouble.garble(json.dumps(said).encode())
            self.send_response(status)
            for name, value in {**trouble.headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            # No connection outlives its answer: the server is left as soon as the last is given.
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if trouble.is_cut else content)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
            """Nothing is logged."""

    return Handler


__all__ = ["Trouble", "VendorServer"]
