"""Desks of access over a folder, with a clock that is set, chance that is counted, and a hash that costs nothing."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path

from tradewright.bootstrap.access import Access, access_desks
from tradewright.domain.control.access import Actor
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.users import AuditEntry, AuditQuery, Role, User

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
START = 1_763_700_000 * SECOND
GOOD = "correct horse battery"


class QuickPasswords:
    """A hasher for tests: right about passwords, and no protection at all."""

    decoy = "quick:1:decoy"

    def __init__(self, version: int = 1) -> None:
        self.version = version
        self.verified: list[str] = []

    def hash(self, password: str) -> str:
        return f"quick:{self.version}:{hashlib.sha256(password.encode()).hexdigest()}"

    def verify(self, password: str, kept: str) -> bool:
        self.verified.append(kept)
        return kept.rpartition(":")[2] == hashlib.sha256(password.encode()).hexdigest()

    def is_outdated(self, kept: str) -> bool:
        return not kept.startswith(f"quick:{self.version}:")


class AccessStage:
    """The desks, and what the world around them does."""

    def __init__(self, folder: Path) -> None:
        self.now = START
        self.hasher = QuickPasswords()
        self._folder, self._drawn = folder, self._chance()
        self.desks: Access = self.opened()
        self.by = Actor("ada", "192.0.2.7", "r-1")

    def opened(self) -> Access:
        """The same desks once more, as after a restart."""
        return access_desks(lambda: self.now, self._draw, self._folder, self.hasher)

    def wait(self, seconds: float) -> None:
        """Time goes by."""
        self.now += int(seconds * SECOND)

    def person(self, name: str = "ada", role: Role = Role.ADMIN, password: str = GOOD) -> User:
        """A user with a password of their own."""
        self.desks.users.create(name, role, Actor("terminal"))
        return self.desks.users.set_password(name, password, Actor("terminal"))

    def entries(self, action: str = "") -> list[AuditEntry]:
        """What the audit log says of an action, latest first."""
        return self.desks.audit.page(AuditQuery(action=action or None), Slice(1000)).items

    def _draw(self, count: int) -> bytes:
        return next(self._drawn)[:count]

    def _chance(self) -> Iterator[bytes]:
        return (hashlib.sha256(str(number).encode()).digest() for number in itertools.count())
