"""A small mail server on loopback: it keeps what it is sent, or makes trouble."""

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from tradewright.testing import ChannelTrouble

USER, PASSWORD = "desk@example.com", "canary-mail-password"


@dataclass
class Taken:
    """A mail that was taken."""

    to: list[str]
    message: EmailMessage
    was_secure: bool
    user: str | None


@dataclass
class MailServer:
    """Serves inside a ``with``."""

    tls: ssl.SSLContext | None = None
    is_secure_from_start: bool = False
    takes_passwords: bool = True
    refuses: frozenset[str] = frozenset()
    trouble: ChannelTrouble | None = None
    taken: list[Taken] = field(default_factory=list)
    passwords: list[tuple[str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.is_over = threading.Event()
        self.closed = socket.socket()
        self.closed.bind(("127.0.0.1", 0))
        self.server = _Server(self)

    @property
    def port(self) -> int:
        """Where it listens, or where nobody does."""
        address = self.closed.getsockname() if self.trouble is ChannelTrouble.GONE else self.server.server_address
        return int(address[1])

    def __enter__(self) -> Self:
        self.server.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_over.set()
        self.server.shutdown()
        self.server.thread.join()
        self.server.server_close()
        self.closed.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False

    def __init__(self, owner: MailServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Talk)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})


class _Talk(socketserver.BaseRequestHandler):
    """One connection, word by word."""

    def handle(self) -> None:
        self.owner: MailServer = self.server.owner  # type: ignore[attr-defined]
        self.line, self.is_secure, self.user = self.request, False, None
        try:
            if self.owner.is_secure_from_start:
                self.wrap()
            self.talk()
        except OSError:
            return
        finally:
            if self.line is not self.request:
                self.line.close()

    def talk(self) -> None:
        if self.owner.trouble is ChannelTrouble.SILENT:
            self.owner.is_over.wait()
            return
        self.say("220 localhost ready")
        self.file = self.line.makefile("rb")
        self.to: list[str] = []
        try:
            while words := self.file.readline().decode().strip():
                if self.obey(words) is False:
                    return
        finally:
            self.file.close()

    def obey(self, words: str) -> bool | None:
        verb = words.split(" ", maxsplit=1)[0].upper()
        known = {"EHLO": self.ehlo, "STARTTLS": self.starttls, "AUTH": self.auth, "RCPT": self.rcpt, "DATA": self.data}
        if verb in known:
            known[verb](words)
        elif verb == "MAIL" and self.owner.trouble is ChannelTrouble.BUSY:
            self.say("452 too many of " + words)
        elif verb == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("250 ok")
        return None

    def ehlo(self, words: str) -> None:
        offers = ["localhost", "8BITMIME", "SMTPUTF8"]
        offers += ["STARTTLS"] if self.owner.tls and not self.is_secure else []
        offers += ["AUTH PLAIN"] if self.owner.takes_passwords else []
        self.say("\r\n".join([*(f"250-{each}" for each in offers[:-1]), f"250 {offers[-1]}"]))

    def starttls(self, words: str) -> None:
        self.say("220 go on")
        self.file.close()
        self.wrap()
        self.file = self.line.makefile("rb")

    def wrap(self) -> None:
        assert self.owner.tls is not None
        self.line, self.is_secure = self.owner.tls.wrap_socket(self.request, server_side=True), True

    def auth(self, words: str) -> None:
        _, user, password = base64.b64decode(words.split(" ")[2]).decode().split("\0")
        self.owner.passwords.append((password, self.is_secure))
        is_known = (user, password) == (USER, PASSWORD) and self.owner.trouble is not ChannelTrouble.CREDENTIALS
        self.user = user if is_known else None
        self.say("235 welcome" if is_known else f"535 not {user} with {password}")

    def rcpt(self, words: str) -> None:
        address = words.partition("<")[2].partition(">")[0]
        if address in self.owner.refuses:
            self.say(f"550 nobody is called {address}")
            return
        self.to.append(address)
        self.say("250 ok")

    def data(self, words: str) -> None:
        self.say("354 go on")
        lines: list[bytes] = []
        while (line := self.file.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        said = {ChannelTrouble.FAILED: "451 later: ", ChannelTrouble.REFUSED: "554 never: "}.get(self.owner.trouble)
        if said is not None:
            self.say(said + PASSWORD)
            return
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.owner.taken.append(Taken(self.to, message, self.is_secure, self.user))
        self.say("250 taken")

    def say(self, words: str) -> None:
        self.line.sendall(words.encode() + b"\r\n")
