"""How things stand that nobody tells of by themselves: sessions, disks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DiskReading", "SessionReading"]


@dataclass(frozen=True, slots=True)
class SessionReading:
    """A session as it was last seen.

    Parameters
    ----------
    name : str
    about : mapping
        What it was started with.
    standing : mapping or None
        What it wrote down last (the fields of ``standing.json``); None before the first time.
    is_alive : bool or None
        Whether its process is there; None where that cannot be seen from this host.
    """

    name: str
    about: Mapping[str, Any]
    standing: Mapping[str, Any] | None
    is_alive: bool | None

    @property
    def mode(self) -> str:
        """``paper`` or ``live``."""
        return str(self.about.get("mode", "paper"))

    @property
    def state(self) -> str:
        """``running``, ``ended`` or ``failed``, as it said last."""
        return str((self.standing or {}).get("state", ""))

    @property
    def seen_ns(self) -> int | None:
        """When it last wrote anything down, UTC nanoseconds."""
        said = self.standing or {}
        found = [said[name] for name in ("measured_ns", "pulse_ns") if said.get(name) is not None]
        return max(found, default=None)


@dataclass(frozen=True, slots=True)
class DiskReading:
    """A disk.

    Parameters
    ----------
    place : str
        What lies on it, in words.
    free, total : int
        Bytes.
    """

    place: str
    free: int
    total: int
