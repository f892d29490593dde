"""The gate for new entries: shut while something is wrong that sending could make worse; exits and cancels go on."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["EntryGate", "Shut"]


class Shut(StrEnum):
    """Why no entry leaves."""

    AUTHENTICATION = "authentication"
    STREAM = "stream"
    CLOCK = "clock"
    NUMBERS = "numbers"


class EntryGate:
    """Shut by one reason or several; open when none is left."""

    def __init__(self) -> None:
        self.reasons: dict[tuple[Shut, str], str] = {}

    def shut(self, kind: Shut, why: str, subject: str = "") -> bool:
        """Shut it for a reason; True where it was not shut for that before."""
        is_new = (kind, subject) not in self.reasons
        self.reasons[kind, subject] = why
        return is_new

    def reopen(self, kind: Shut, subject: str = "") -> None:
        """The reason is gone."""
        self.reasons.pop((kind, subject), None)

    @property
    def why_not(self) -> str | None:
        """Why no entry leaves, or None."""
        return next(iter(self.reasons.values()), None)
