"""Paper and live: two types of credentials, and a process that has once said paper never builds live ones."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from tradewright.domain.credentials import Credentials
from tradewright.domain.errors import AuthenticationError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Keys", "LiveKeys", "LiveWarrant", "Mode", "PaperKeys", "ProcessMode"]


class Mode(StrEnum):
    """Whose money it is."""

    PAPER = "paper"
    LIVE = "live"


class Keys(Credentials):
    """Credentials of one account at one venue; they never show themselves.

    Parameters
    ----------
    venue : str
    fields : mapping of name to value
    """

    mode: ClassVar[Mode]
    __slots__ = ("venue",)

    def __init__(self, venue: str, fields: Mapping[str, str]) -> None:
        super().__init__(f"{self.mode} credentials for {venue}", f"brokers.{venue}.{self.mode}", fields)
        self.venue = venue

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self.venue}>"


class PaperKeys(Keys):
    """Credentials that reach a paper account and nothing else."""

    mode = Mode.PAPER
    __slots__ = ()


class LiveWarrant:
    """Says that this process may reach live accounts. `ProcessMode.warrant` issues it, nobody else can."""

    __slots__ = ("reason",)
    _SEAL: ClassVar[object] = object()

    def __init__(self, reason: str, seal: object) -> None:
        if seal is not LiveWarrant._SEAL:
            raise AuthenticationError("A live account was asked for without a warrant.")
        self.reason = reason


class LiveKeys(Keys):
    """Credentials that move money; they cannot be built without a warrant.

    Raises
    ------
    AuthenticationError
        Without one.
    """

    mode = Mode.LIVE
    __slots__ = ()

    def __init__(self, venue: str, fields: Mapping[str, str], warrant: LiveWarrant) -> None:
        if type(warrant) is not LiveWarrant:
            raise AuthenticationError(f"Live credentials for {venue} were asked for without a warrant.")
        super().__init__(venue, fields)


class ProcessMode:
    """What a process has said of itself: the first word binds it for as long as it lives.

    Examples
    --------
    >>> process = ProcessMode()
    >>> process.claim(Mode.PAPER)
    >>> process.claim(Mode.LIVE)
    Traceback (most recent call last):
    tradewright.domain.errors.ConfigError: This process trades in mode paper, not in mode live. Start another one.
    """

    __slots__ = ("_mode",)

    def __init__(self) -> None:
        self._mode: Mode | None = None

    @property
    def mode(self) -> Mode | None:
        """What was said, or None."""
        return self._mode

    def claim(self, mode: Mode) -> None:
        """Say which mode this process trades in.

        Raises
        ------
        ConfigError
            When it said another one before.
        """
        if self._mode not in (None, mode):
            raise ConfigError(
                f"This process trades in mode {self._mode}, not in mode {mode}.", hint="Start another one."
            )
        self._mode = mode

    def warrant(self, reason: str) -> LiveWarrant:
        """Issue the warrant for live accounts; `reason` says by which approval.

        Raises
        ------
        ConfigError
            When the process has not said that it trades live.
        """
        if self._mode is not Mode.LIVE:
            raise ConfigError(
                f"This process trades {'on paper' if self._mode else 'in no mode'} and cannot reach a live account.",
                hint="Start one with 'tradewright live', or tw.live(…).",
            )
        return LiveWarrant(reason, LiveWarrant._SEAL)  # noqa: SLF001 - the one place that issues it
