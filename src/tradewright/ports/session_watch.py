"""The socket for looking at the records of sessions again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tradewright.domain.live.session import Input, Output

__all__ = ["SessionWatch", "WatchedSession"]


class WatchedSession(Protocol):
    """A session's record as one looks at it; errors as of `tradewright.ports.session_log.SessionLog`."""

    @property
    def number(self) -> int:
        """Sessions are numbered as they are made."""
        ...

    @property
    def about(self) -> Mapping[str, Any]:
        """What it was started with."""
        ...

    @property
    def standing(self) -> Mapping[str, Any] | None:
        """What it wrote down last."""
        ...

    def entries(self, after: int = 0) -> Iterator[tuple[int, Input, tuple[Output, ...]]]:
        """Every input behind a number, with its outputs, as far as the record has come."""
        ...


class SessionWatch(Protocol):
    """Tells which sessions changed; a record that cannot be read raises `StorageError`."""

    def names(self) -> list[str]:
        """All sessions."""
        ...

    def begin(self, marks: Mapping[str, str]) -> None:
        """Sessions that still look so have not changed."""
        ...

    def changed(self) -> Sequence[tuple[str, str]]:
        """Sessions that look otherwise than when they were done with, and how; of very many, a part at each look."""
        ...

    def done(self, session: str, mark: str) -> None:
        """What the session was when it looked so has been dealt with."""
        ...

    def read(self, session: str) -> WatchedSession:
        """Look at one.

        Raises
        ------
        DataNotAvailableError
            When there is none of that name.
        """
        ...
