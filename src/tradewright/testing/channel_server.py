"""A small HTTP server on loopback that stands in for a channel: it keeps what it is sent, or makes trouble."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

from .notifiers import RETRY_AFTER_S, ChannelTrouble

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from types import TracebackType

__all__ = ["ChannelServer", "SentRequest"]

_STATUS = {
    None: 200,
    ChannelTrouble.BUSY: 429,
    ChannelTrouble.FAILED: 503,
    ChannelTrouble.REFUSED: 400,
    ChannelTrouble.CREDENTIALS: 401,
}


@dataclass(frozen=True, slots=True)
class SentRequest:
    """One request that was taken."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class ChannelServer:
    """Serves inside a ``with``.

    Parameters
    ----------
    tls : ssl.SSLContext, optional
        Serve encrypted, where the trouble is `ChannelTrouble.BAD_TLS`.

    Examples
    --------
    >>> with ChannelServer() as server:
    ...     server.address.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.taken: list[SentRequest] = []
        self.trouble: ChannelTrouble | None = None
        self._tls = tls
        self._is_over = threading.Event()
        self._plain = self._served(None)
        self._secure = None if tls is None else self._served(tls)
        self._closed = socket.socket()
        # Bound and never listening: the system refuses whoever comes, and gives the port to nobody else.
        self._closed.bind(("127.0.0.1", 0))

    @property
    def address(self) -> str:
        """Where it is; another where there is trouble in getting there."""
        if self.trouble is ChannelTrouble.GONE:
            return f"http://127.0.0.1:{self._closed.getsockname()[1]}"
        if self.trouble is ChannelTrouble.BAD_TLS and self._secure is not None:
            return f"https://127.0.0.1:{self._secure.server_address[1]}"
        return f"http://127.0.0.1:{self._plain.server_address[1]}"

    @property
    def secure_address(self) -> str:
        """Where it is encrypted; that it was given `tls` is needed."""
        return f"https://localhost:{self._secure.server_address[1]}" if self._secure is not None else ""

    def _served(self, tls: ssl.SSLContext | None) -> _Server:
        return _Server(self, tls)

    def answer(self, request: SentRequest) -> tuple[int, dict[str, str]]:
        """The status and headers with which a request is answered."""
        if self.trouble is ChannelTrouble.SILENT:
            self._is_over.wait()
        status = _STATUS.get(self.trouble, 200)
        if status == 200:
            self.taken.append(request)
        return status, {"Retry-After": f"{RETRY_AFTER_S:g}"} if self.trouble is ChannelTrouble.BUSY else {}

    def __enter__(self) -> Self:
        for each in self._servers():
            each.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        for each in self._servers():
            each.shutdown()
            each.thread.join()
            each.server_close()
        self._closed.close()

    def _servers(self) -> list[_Server]:
        return [each for each in (self._plain, self._secure) if each is not None]

    @contextmanager
    def troubled(self, trouble: ChannelTrouble) -> Iterator[None]:
        """Trouble for a while."""
        self.trouble = trouble
        try:
            yield
        finally:
            self.trouble = None


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, owner: ChannelServer, tls: ssl.SSLContext | None) -> None:
        self.owner, self.tls = owner, tls
        super().__init__(("127.0.0.1", 0), _Handler)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})

    def finish_request(self, request: object, client_address: object) -> None:
        """In the thread of the request: the handshake is made there, and a client that gives up is no fault."""
        try:
            taken = request if self.tls is None else self.tls.wrap_socket(request, server_side=True)  # type: ignore[arg-type]
            try:
                self.RequestHandlerClass(taken, client_address, self)  # type: ignore[arg-type]
            finally:
                if taken is not request:
                    taken.close()  # type: ignore[attr-defined]
        except OSError:
            return


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        owner = self.server.owner  # type: ignore[attr-defined]
        status, headers = owner.answer(SentRequest(self.path, dict(self.headers.items()), body))
        self.send_response(status)
        # It says back what it was sent: whoever quotes answers shows secrets.
        said = b"no: " + self.path.encode() + str(self.headers).encode() + body
        for name, value in {**headers, "Content-Length": str(len(said))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives it
        """Nothing is logged."""
