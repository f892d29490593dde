"""One request to a channel on the web, and what its answer or its absence means; nothing of either is quoted."""

from __future__ import annotations

import ssl
import time
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, MissingExtraError, NotifyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

__all__ = ["post", "tls_context"]

_AGAIN = frozenset({408, 425, 429})
_REFUSED_KEY = frozenset({401, 403})
_MOST_BYTES = 64 * 1024
_LONGEST_WAIT_S = 24 * 3600.0


def post(channel: str, url: str, *, timeout_s: float, ca_file: str | None = None, **content: Any) -> bytes:
    """Send a message once, without redirects and proxies; the first 64 KiB of the answer.

    Parameters
    ----------
    channel : str
        Its name in sentences.
    url : str
        Never quoted.
    timeout_s : float
        For connecting, sending and the whole of the answer together.
    ca_file : str, optional
        Certificates to trust beside those of the system.
    **content
        As ``httpx.Request`` takes it.

    Raises
    ------
    NotifyError
        When it was not taken.
    ConfigError
        When the address is none.
    """
    httpx = _httpx()
    ends = time.monotonic() + timeout_s
    request = _request(httpx, channel, url, content)
    request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), timeout_s)
    # What begins in the clear stays there, and needs no certificates, which take long to load.
    verify = tls_context(channel, ca_file) if request.url.scheme == "https" else False
    # Not the client of the library: it logs the address of every request, which may be the secret.
    with _said(channel, timeout_s), httpx.HTTPTransport(verify=verify, trust_env=False) as transport:
        answer = transport.handle_request(request)
        try:
            body = _body(answer, ends)
        finally:
            answer.close()
    _require_taken(channel, answer)
    return body


def tls_context(channel: str, ca_file: str | None) -> ssl.SSLContext:
    """How a server proves who it is: by the certificates of the system, and those of a file.

    Raises
    ------
    ConfigError
        When the file cannot be read.
    """
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError):
            raise ConfigError(
                f"The certificates of {channel} cannot be read from {ca_file}.", hint="Name a file in PEM form."
            ) from None
    return context


def _httpx() -> Any:
    try:
        import httpx
    except ImportError:
        raise MissingExtraError(
            "Channels on the web need a library that is not installed.",
            hint="Install it with: pip install 'tradewright[alerts]'",
        ) from None
    return httpx


def _request(httpx: Any, channel: str, url: str, content: dict[str, Any]) -> httpx.Request:
    try:
        request: httpx.Request = httpx.Request("POST", url, **content)
        unfit = request.url.scheme not in {"http", "https"} or not request.url.host
    except (httpx.InvalidURL, ValueError, TypeError):
        unfit = True
    if unfit:
        raise ConfigError(f"The address of {channel} is none.", hint="It begins with https:// and names a host.")
    return request  # type: ignore[no-any-return]


def _body(answer: httpx.Response, ends: float) -> bytes:
    """What came; a server that sends byte by byte does not hold us longer than one that is silent."""
    found = b""
    for part in answer.iter_raw():
        found += part
        if len(found) >= _MOST_BYTES:
            break
        if time.monotonic() > ends:
            raise TimeoutError
    return found[:_MOST_BYTES]


@contextmanager
def _said(channel: str, timeout_s: float) -> Iterator[None]:
    """Errors of the way there, in our words: those of the library may hold the address."""
    httpx = _httpx()
    try:
        yield
    except (httpx.TimeoutException, TimeoutError):
        raise NotifyError(f"{channel} did not answer within {timeout_s:.3g} s.") from None
    except httpx.TransportError as error:
        why = _tls_reason(error)
        if why is not None:
            raise NotifyError(
                f"{channel} is not who it should be: {why}.", hint="Look at its address and certificate."
            ) from None
        raise NotifyError(
            f"{channel} cannot be reached ({type(error).__name__}).", hint="Look at the address and the network."
        ) from None


def _tls_reason(error: BaseException | None) -> str | None:
    """Why the proof failed, where that is what went wrong."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        if isinstance(error, ssl.SSLError):
            return (error.reason or "TLS failed").replace("_", " ").lower()
        error = error.__cause__ or error.__context__
    return None


def _require_taken(channel: str, answer: httpx.Response) -> None:
    status = answer.status_code
    if status < 300:
        return
    if status in _AGAIN or status >= 500:
        raise NotifyError(f"{channel} answered {status}.", retry_after_s=_retry_after_s(answer))
    hint = "Look at its credentials." if status in _REFUSED_KEY else "Look at its address and options."
    raise NotifyError(f"{channel} refused the message with {status}.", is_lasting=True, hint=hint)


def _retry_after_s(answer: httpx.Response) -> float | None:
    """The header in seconds; as a date it counts from the date of the answer, for clocks differ."""
    said = answer.headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        seconds = _until(said, answer.headers.get("date", ""))
    return min(seconds, _LONGEST_WAIT_S) if seconds >= 0 else None


def _until(then: str, now: str) -> float:
    try:
        return (parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds()
    except (TypeError, ValueError):
        return -1.0
