"""The socket for channels by which people are told: Slack, mail, a webhook, and what a package adds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.notice import ChannelField, Notice

__all__ = ["ChannelAccess", "Notifier", "NotifierKind"]


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """What a channel is opened with, read anew for every message: a secret may be changed while a program runs.

    Parameters
    ----------
    secrets : mapping of str to str
        By the names of the kind's fields; never shown.
    options : mapping of str to str
    timeout_s : float
        How long one attempt may last in all.
    """

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 10.0

    def secret(self, name: str) -> str:
        """A secret that is needed.

        Raises
        ------
        ConfigError
            When it was not given.
        """
        return self._needed(self.secrets, name)

    def option(self, name: str) -> str:
        """An option that is needed.

        Raises
        ------
        ConfigError
            When it was not given.
        """
        return self._needed(self.options, name)

    @staticmethod
    def _needed(given: Mapping[str, str], name: str) -> str:
        if not given.get(name):
            raise ConfigError(f"The channel needs '{name}'.", hint="Say it under 'alerts.channels'.")
        return given[name]


class Notifier(Protocol):
    """One channel, open."""

    def send(self, notice: Notice) -> None:
        """Hand a message over; it was taken when this returns. One attempt: who calls tries again.

        Raises
        ------
        NotifyError
            When it was not taken, or nobody knows. The sentence holds nothing secret and nothing that the other side
            wrote; `is_lasting` where another attempt would fare the same, `retry_after_s` where the channel said when.
        ConfigError
            When what it was opened with cannot be used.
        """
        ...


class NotifierKind(Protocol):
    """A kind of channel; a package names an object of its own in the entry-point group ``tradewright.notifiers``."""

    @property
    def name(self) -> str:
        """By which the settings call it."""
        ...

    @property
    def fields(self) -> tuple[ChannelField, ...]:
        """What it is opened with."""
        ...

    def open(self, access: ChannelAccess) -> Notifier:
        """A channel that is ready to send; nothing is connected here.

        Raises
        ------
        ConfigError
            When a field is missing or cannot be used.
        """
        ...
