"""Faults: which request or message goes wrong, and how; each strikes once."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["FAULTS_OF", "Fault", "FaultPlan"]

FAULTS_OF: dict[str, tuple[str, ...]] = {
    "submit": (
        "lost", "accepted_silent", "late", "error_accepted", "error_lost", "limited", "limited_silent",
        "limited_accepted", "error_late", "refused", "rejected_later",
        "dropped_accepted", "dropped_lost", "bad_request_accepted",
    ),
    "cancel": ("lost", "done_silent", "late", "error_lost", "error_done", "unknown", "limited", "hangs"),
    "replace": ("lost", "done_silent", "late", "error_done", "refused", "half_done"),
    "event": ("lost", "twice", "late", "out_of_order"),
    "look": ("fails", "stale", "slow"),
    "expiry": ("lost", "late", "never"),
    "split": ("adjust", "cancel", "leave"),
    "hand": ("order",),
}  # fmt: skip
"""What can happen to which kind of message. `submit: twice` is added where the venue refuses used ids for ever."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Parameters
    ----------
    at : str
        Kind of message (a key of `FAULTS_OF`), or a step of the road for faults of the process.
    kind : str
    nth : int
        Which of them, from 1.
    """

    at: str
    kind: str
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.at}#{self.nth}:{self.kind}"


@dataclass(slots=True)
class FaultPlan:
    """The faults of a run, and which of them have struck."""

    faults: list[Fault] = field(default_factory=list)
    struck: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def at(self, place: str) -> str | None:
        """Count a message or step; the kind of the fault that strikes it, or None."""
        self.counts[place] = self.counts.get(place, 0) + 1
        for fault in self.faults:
            if fault.at == place and fault.nth == self.counts[place]:
                self.struck.append(fault)
                return fault.kind
        return None
