"""Mail, over a server that speaks SMTP; encrypted where it offers that, and a password never goes out otherwise."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError, NotifyError
from tradewright.domain.moments import utc
from tradewright.domain.notice import ChannelField

from .web import tls_context
from .words import cut, headline, whole_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.domain.notice import Notice
    from tradewright.ports.notifier import ChannelAccess

__all__ = ["KIND", "EmailKind", "EmailNotifier"]

_PORT = 587
_MOST_SUBJECT = 200
_WAYS = ("offered", "required", "from_start", "none")
_LASTING = 500


class EmailNotifier:
    """Sends a message as one mail to everybody.

    Parameters
    ----------
    access : ChannelAccess
    """

    def __init__(self, access: ChannelAccess) -> None:
        options = access.options
        self._host = access.option("host")
        self._port = _whole(options.get("port", str(_PORT)))
        self._from = _address(access.option("from"))
        self._to = [_address(each) for each in access.option("to").split(",")]
        self._user = options.get("user") or self._from
        self._password = access.secrets.get("password")
        self._way = options.get("tls", "offered")
        self._ca_file = options.get("ca_file")
        self._timeout_s = access.timeout_s
        if self._way not in _WAYS:
            raise ConfigError("'tls' of the mail server cannot be used.", hint=f"It is {', '.join(_WAYS)}.")

    def send(self, notice: Notice) -> None:
        """See `Notifier.send`."""
        message = self._message(notice)
        with self._said(), self._server() as server:
            self._secure(server)
            self._log_in(server)
            refused = server.send_message(message)
        if refused:
            # The others have it: it must not go out again.
            raise NotifyError(
                f"The mail server refused {len(refused)} of {len(self._to)} recipients; the others have the message.",
                is_lasting=True, hint="Look at the addresses.",
            )  # fmt: skip

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = cut(f"Tradewright: {headline(notice)}", _MOST_SUBJECT)
        message["From"], message["To"] = self._from, ", ".join(self._to)
        message["Date"] = format_datetime(utc(notice.at_ns))
        message["Message-ID"] = f"<{notice.id}@{self._from.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(whole_text(notice))
        return message

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        if self._way == "from_start":
            context = tls_context("the mail server", self._ca_file)
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, context=context, timeout=self._timeout_s)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)
        try:
            yield server
            # It was taken, or refused: what becomes of the farewell changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._way in {"from_start", "none"}:
            return
        if server.has_extn("starttls"):
            server.starttls(context=tls_context("the mail server", self._ca_file))
            server.ehlo()
        elif self._way == "required" or self._password:
            raise NotifyError(
                "The mail server offers no encryption, so nothing was sent.", is_lasting=True,
                hint="Use another port, or say 'tls: none' where the way to it is safe.",
            )  # fmt: skip

    def _log_in(self, server: smtplib.SMTP) -> None:
        if not self._password:
            return
        if not server.has_extn("auth"):
            raise NotifyError("The mail server takes no password.", is_lasting=True, hint="Leave 'password' out.")
        server.login(self._user, self._password)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Errors in our words: what the server wrote may hold what was sent to it."""
        try:
            yield
        except smtplib.SMTPAuthenticationError:
            raise NotifyError(
                "The mail server refused the credentials.", is_lasting=True, hint="Look at user and password."
            ) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(max(code for code, _ in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from None
        except TimeoutError:
            raise NotifyError(f"The mail server did not answer within {self._timeout_s:.3g} s.") from None
        except ssl.SSLCertVerificationError as error:
            raise NotifyError(
                f"The mail server is not who it should be: {error.verify_message}.",
                hint="Look at its name and certificate.",
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotifyError(
                f"The mail server cannot be reached ({type(error).__name__}).",
                hint="Look at 'host', 'port' and the network.",
            ) from None


def _refusal(code: int) -> NotifyError:
    is_lasting = code >= _LASTING
    return NotifyError(
        f"The mail server {'refused the message with' if is_lasting else 'answered'} {code}.", is_lasting=is_lasting
    )


def _address(text: str) -> str:
    """One address, without a name."""
    address = parseaddr(text.strip())[1]
    if not text.isprintable() or not all(address.partition("@")) or " " in address:
        raise ConfigError("'from' and 'to' of a mail channel are addresses.", hint="Write name@example.com, and so on.")
    return address


def _whole(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise ConfigError("'port' of the mail server is no port.", hint="It is a whole number, usually 587.")
    return int(text)


@dataclass(frozen=True, slots=True)
class EmailKind:
    """See `NotifierKind`."""

    name: str = "email"
    fields: tuple[ChannelField, ...] = (
        ChannelField("password", "For the mail server.", is_secret=True),
        ChannelField("host", "The mail server.", is_needed=True),
        ChannelField("port", "587 if not given."),
        ChannelField("user", "For the mail server; the address from which it comes if not given."),
        ChannelField("from", "Address from which it comes.", is_needed=True),
        ChannelField("to", "Addresses that get it, with commas between.", is_needed=True),
        ChannelField("tls", "offered: STARTTLS where the server has it; required; from_start; none."),
        ChannelField("ca_file", "Certificates to trust beside those of the system."),
    )

    def open(self, access: ChannelAccess) -> EmailNotifier:
        """See `NotifierKind.open`."""
        return EmailNotifier(access)


KIND = EmailKind()
