"""The promises of channels: a message arrives whole, trouble becomes one kind of error, and no secret is ever said."""

from __future__ import annotations

import traceback
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Protocol

from tradewright.domain.control.alerts import Alert, Severity
from tradewright.domain.errors import ConfigError, NotifyError
from tradewright.domain.notice import Notice, NoticeKind
from tradewright.ports.notifier import ChannelAccess

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from tradewright.ports.notifier import Notifier, NotifierKind

__all__ = ["RETRY_AFTER_S", "ChannelTrouble", "NotifierConformance", "NotifierStage", "sample_notice"]

RETRY_AFTER_S = 7.0
"""What a server that is busy asks for."""

_AMPLE_S = 30.0
_SHORT_S = 0.3
_AT_NS = 1_700_000_000 * 10**9
_HOSTILE = (
    "two\nlines\r\nBcc: all@example.com", "<!channel> & <b>bold</b>", "\x00\x1b[31mred\x7f", "Ünïcodé ✓ 漢字 𝒳", "",
    "long " * 4000,
)  # fmt: skip


class ChannelTrouble(StrEnum):
    """What a server may do instead of taking a message."""

    BUSY = "busy"
    """It takes fewer, and says after how many seconds: `RETRY_AFTER_S`."""
    FAILED = "failed"
    """It has a fault of its own, for now."""
    REFUSED = "refused"
    """It will not take this message, now or later."""
    CREDENTIALS = "credentials"
    """It does not accept who sends."""
    SILENT = "silent"
    """It takes the connection and says nothing."""
    GONE = "gone"
    """Nobody listens there."""
    BAD_TLS = "bad tls"
    """Its certificate is nobody's whom one trusts."""


_LASTING = {ChannelTrouble.REFUSED, ChannelTrouble.CREDENTIALS}


class NotifierStage(Protocol):
    """A server that stands beside the channel under test."""

    @property
    def troubles(self) -> Sequence[ChannelTrouble]:
        """What it can do wrong."""
        ...

    def secrets(self) -> Mapping[str, str]:
        """Secrets that lead to it: words that stand nowhere else, for they are looked for in sentences."""
        ...

    def options(self) -> Mapping[str, str]:
        """Options that lead to it."""
        ...

    def trouble(self, trouble: ChannelTrouble | None) -> None:
        """Do that from now on; None is no trouble. Secrets and options may be others afterwards."""
        ...

    def received(self) -> Sequence[str]:
        """The text of every message that it took, as a person would read it."""
        ...


def sample_notice(
    sentence: str = "The feed of 'alpha' is stale.", kind: NoticeKind = NoticeKind.RAISED, *, subject: str = "alpha"
) -> Notice:
    """A message as channels are given them.

    Examples
    --------
    >>> sample_notice().alerts[0].rule
    'feed_stale'
    """
    resolved_ns = _AT_NS + 5 if kind is NoticeKind.RESOLVED else None
    alert = Alert(
        id="a1", rule="feed_stale", subject=subject, severity=Severity.CRITICAL, sentence=sentence,
        hint="Look at the venue.", first_ns=_AT_NS, last_ns=_AT_NS, count=3, resolved_ns=resolved_ns,
    )  # fmt: skip
    alerts = (alert, alert) if kind is NoticeKind.DIGEST else (alert,)
    return Notice("notice-1", kind, Severity.CRITICAL, _AT_NS, alerts)


class NotifierConformance(Conformance):
    """What every kind of channel promises.

    Attributes
    ----------
    kind : NotifierKind
    stage : callable
        ``stage()`` gives a context manager of a `NotifierStage`.
    """

    kind: ClassVar[NotifierKind]
    stage: ClassVar[Callable[[], AbstractContextManager[NotifierStage]]]

    def test_says_what_it_is(self) -> None:
        """A name, and fields with names of their own and a meaning."""
        kind = self.subject("kind")
        names = [each.name for each in kind.fields]
        require(kind.name, "The kind has no name.")
        require(len(set(names)) == len(names), f"A field is there twice: {names}.")
        require(all(each.meaning for each in kind.fields), "A field has no meaning.")

    def test_a_field_that_is_needed_is_asked_for_by_name(self) -> None:
        """Before anything is sent."""
        with self.subject("stage")() as stage:
            for each in self.subject("kind").fields:
                if each.is_needed:
                    self._require_asked(stage, each.name)

    def _require_asked(self, stage: NotifierStage, name: str) -> None:
        secrets = {key: value for key, value in stage.secrets().items() if key != name}
        options = {key: value for key, value in stage.options().items() if key != name}
        try:
            self.subject("kind").open(ChannelAccess(secrets, options, _AMPLE_S))
        except ConfigError as error:
            require(name in error.message, f"The refusal does not name '{name}': {error}")
            return
        raise AssertionError(f"It opens without '{name}', which it says is needed.")

    def test_opening_connects_nothing(self) -> None:
        """A server that is away is no mistake in the settings."""
        with self.subject("stage")() as stage:
            if ChannelTrouble.GONE in stage.troubles:
                stage.trouble(ChannelTrouble.GONE)
            self._open(stage)

    def test_a_message_arrives_once(self) -> None:
        """With the sentence of its alert, whatever it is about."""
        with self.subject("stage")() as stage:
            notifier = self._open(stage)
            for number, kind in enumerate((NoticeKind.RAISED, NoticeKind.RESOLVED, NoticeKind.TEST)):
                notifier.send(sample_notice(f"The feed is stale {number}.", kind))
            received = stage.received()
            require(len(received) == 3, f"Of 3 messages {len(received)} arrived.")
            for number, text in enumerate(received):
                require(f"The feed is stale {number}." in text, f"Message {number} reads {text[:200]!r}.")

    def test_a_digest_is_one_message(self) -> None:
        """However many alerts it tells of."""
        with self.subject("stage")() as stage:
            self._open(stage).send(sample_notice(kind=NoticeKind.DIGEST))
            require(len(stage.received()) == 1, f"A digest came as {len(stage.received())} messages.")

    def test_whatever_an_alert_says_is_taken(self) -> None:
        """Line breaks, markup, control characters, signs of every script, nothing, and far too much."""
        with self.subject("stage")() as stage:
            notifier = self._open(stage)
            for sentence in _HOSTILE:
                notifier.send(sample_notice(sentence, subject=sentence[:80]))
            require(len(stage.received()) == len(_HOSTILE), "Some of what an alert may say was not taken.")

    def test_trouble_is_one_error_that_says_whether_to_try_again(self) -> None:
        """Lasting where the same message would be refused again, and with the wait that was asked for."""
        with self.subject("stage")() as stage:
            for trouble in stage.troubles:
                error = self._failure(stage, trouble)
                is_lasting = trouble in _LASTING
                require(error.is_lasting == is_lasting, f"{trouble}: is_lasting should be {is_lasting}: {error}")
                if trouble is ChannelTrouble.BUSY:
                    require(error.retry_after_s in {None, RETRY_AFTER_S}, f"{trouble}: wait {error.retry_after_s} s.")
                require(not stage.received(), f"{trouble}: the message arrived all the same.")

    def test_no_secret_is_said(self) -> None:
        """Neither in the sentence nor in a traceback."""
        with self.subject("stage")() as stage:
            for trouble in stage.troubles:
                error = self._failure(stage, trouble)
                told = "".join(traceback.format_exception(error)) + repr(error) + str(error)
                for name, secret in stage.secrets().items():
                    require(secret not in told, f"{trouble}: the error shows '{name}'.")

    def test_after_trouble_it_goes_on(self) -> None:
        """What failed once is taken at the next attempt."""
        with self.subject("stage")() as stage:
            for trouble in stage.troubles:
                self._failure(stage, trouble)
            stage.trouble(None)
            self._open(stage).send(sample_notice())
            require(len(stage.received()) == 1, "After trouble nothing is taken any more.")

    def _failure(self, stage: NotifierStage, trouble: ChannelTrouble) -> NotifyError:
        stage.trouble(trouble)
        notifier = self._open(stage, _SHORT_S if trouble is ChannelTrouble.SILENT else _AMPLE_S)
        try:
            notifier.send(sample_notice())
        except NotifyError as error:
            return error
        raise AssertionError(f"{trouble}: the message counts as taken.")

    def _open(self, stage: NotifierStage, timeout_s: float = _AMPLE_S) -> Notifier:
        opened: Notifier = self.subject("kind").open(ChannelAccess(stage.secrets(), stage.options(), timeout_s))
        return opened
