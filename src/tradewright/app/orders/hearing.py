"""Hearing (Q7): whether the stream still tells what the questions show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .office import Office

__all__ = ["Hearing"]

NS = 1_000_000_000
LEAST_NS = 10_000_000
"""The shortest wait, for a timer is not exact."""


class Hearing:
    """Judges one stream after the other, each by what it leaves untold.

    Silence alone says nothing: a quiet account has nothing to tell. A stream is mute when a question showed a change,
    and two heartbeats later it has still said nothing at all. What happened before it was opened it need not tell; that
    has been shown for certain once a cycle of questions was answered that began an index lag after the opening. Its
    time is that of this machine, not of a venue with a time of its own, for messages travel in it.

    Parameters
    ----------
    office : Office
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self._session = -1
        self._opened_ns = 0
        self._is_told_all = False
        self._untold_ns: int | None = None

    def shown(self) -> None:
        """A question showed a change that the stream has not told."""
        self._follow()
        if self._is_told_all and self._untold_ns is None:
            self._untold_ns = self._now()

    def spoke(self) -> None:
        """The stream said something."""
        self._follow()
        self._untold_ns = None

    def asked(self, session: int, asked_ns: int) -> None:
        """A cycle of questions that began at an instant was answered over a connection."""
        self._follow()
        lag_ns = int(self.office.abilities.index_lag_s * NS)
        if session == self._session and asked_ns - self._opened_ns >= lag_ns:
            self._is_told_all = True

    def is_mute(self) -> bool:
        """Whether something has been untold for two heartbeats."""
        self._follow()
        return self._untold_ns is not None and self._now() - self._untold_ns >= 2 * self._beat_ns

    def next_look_s(self) -> float:
        """Seconds after which it is to be asked again whether the stream is mute; no more than a heartbeat."""
        self._follow()
        if self._untold_ns is None:
            return self._beat_ns / NS
        return min(max(self._untold_ns + 2 * self._beat_ns - self._now(), LEAST_NS), self._beat_ns) / NS

    def slept(self, late_s: float) -> None:
        """The process did not run for a while: what the stream may have said in it is not heard yet."""
        if self._untold_ns is not None and late_s > 0:
            self._untold_ns += int(late_s * NS)

    @property
    def _beat_ns(self) -> int:
        return int(self.office.abilities.heartbeat_s * NS)

    def _now(self) -> int:
        return self.office.lease_now_ns()

    def _follow(self) -> None:
        """Another connection has another stream."""
        if self.office.broker.session != self._session:
            self._session, self._opened_ns = self.office.broker.session, self._now()
            self._is_told_all, self._untold_ns = False, None
