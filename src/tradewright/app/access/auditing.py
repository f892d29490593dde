"""Every act leaves an entry, whether it was done or refused."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.users import AuditEntry
from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tradewright.domain.control.access import Actor
    from tradewright.ports.users import AuditLog

__all__ = ["DONE", "FAILED", "REFUSED", "Auditor"]

DONE, REFUSED, FAILED = "done", "refused", "failed"


@dataclass(frozen=True, slots=True)
class Auditor:
    """Writes the audit log.

    Parameters
    ----------
    log : AuditLog
    now_ns : callable
        The time of day, UTC nanoseconds.
    """

    log: AuditLog
    now_ns: Callable[[], int]

    def note(
        self, by: Actor, action: str, subject: str, outcome: str = DONE, details: Mapping[str, Any] | None = None
    ) -> None:
        """Keep an entry; `details` holds no secret."""
        entry = AuditEntry(
            0, self.now_ns(), by.name, action, subject, outcome, by.request_id, by.address, details or {}
        )
        self.log.add(entry)

    @contextmanager
    def act(self, by: Actor, action: str, subject: str, **details: Any) -> Iterator[None]:
        """Keep what the block does, or why it was refused; what is refused is raised on."""
        try:
            yield
        except TradewrightError as error:
            self.note(by, action, subject, REFUSED, {**details, "why": error.message})
            raise
        self.note(by, action, subject, DONE, details)
