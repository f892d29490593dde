"""The door to one of Alpaca's HTTP interfaces: questions with patience, requests that change something once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from tradewright.adapters.wire.gated_http import GatedTransport
from tradewright.adapters.wire.lines import Form, Origin, letter
from tradewright.adapters.wire.reading import read
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.errors import RateLimitError
from tradewright.domain.live.venue import Answer, AnswerKind

from .outcomes import answer_of, content_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.adapters.wire.lines import Letter
    from tradewright.adapters.wire.rate_limiter import TokenBucketRateLimiter
    from tradewright.domain.live.modes import Keys
    from tradewright.ports.clock import Clock

    from .table import AlpacaTerms

__all__ = ["Door", "written"]

_written = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def written(body: Mapping[str, str]) -> bytes:
    """The content of a request."""
    return _written(body).encode("ascii")


class Door:
    """One interface.

    Parameters
    ----------
    address : str
    keys : Keys
    terms : AlpacaTerms
    limiter : TokenBucketRateLimiter
    clock : Clock
    is_kept : bool
        Whether connections stay open between requests, until `close`.
    """

    def __init__(
        self,
        address: str,
        keys: Keys,
        terms: AlpacaTerms,
        limiter: TokenBucketRateLimiter,
        clock: Clock,
        *,
        is_kept: bool = False,
    ) -> None:
        self._terms = terms
        self._clock = clock
        self._limiter = limiter
        who = {"APCA-API-KEY-ID": keys.get("key"), "APCA-API-SECRET-KEY": keys.get("secret")}
        url = httpx.URL(address)
        self._origin = Origin.of(url.scheme, url.raw_host.decode("ascii"), url.port)
        self._prefix = url.raw_path.rstrip(b"/")
        self._heading = [(b"Host", url.netloc), (b"Accept", b"*/*")]
        self._heading += [(name.encode("ascii"), value.encode("ascii")) for name, value in who.items()]
        self._transport = GatedTransport(is_kept=is_kept)
        self._client = httpx.AsyncClient(
            base_url=address,
            headers=who,
            transport=self._transport,
            timeout=terms.answer_s,
            follow_redirects=False,
            trust_env=False,
        )

    async def ask(self, path: str, query: Mapping[str, str | int | None] | None = None) -> Any:
        """The content of an answer; None where the venue does not know what is asked for.

        Raises
        ------
        BrokerError
            When there was no complete answer, though it was asked again where that may help.
        """
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        return await read(lambda: self._ask_once(path, asked), self._terms.patience, self._clock)

    async def _ask_once(self, path: str, query: Mapping[str, str | int]) -> Any:
        await self._limiter.take(self._terms.patience.within_s)
        try:
            answer = await self._client.get(path, params=query)
        except httpx.HTTPError as error:
            raise VenueConnectionError(f"Alpaca did not answer {path}: {error}") from None
        try:
            return content_of(answer.status_code, answer.content, answer.headers)
        except RateLimitError as error:
            self._limiter.rest(error.retry_after_s or 0.0)
            raise

    def letter(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Letter:
        """A request that changes something, as it will go out.

        Raises
        ------
        LineError
            When it cannot be said in HTTP.
        """
        if body is None:
            return letter(method, self._target(path), self._heading)
        return self.form(method, path).filled(written(body))

    def form(self, method: str, path: str) -> Form:
        """A request that changes something but for its content; errors as of `letter`."""
        return Form(method, self._target(path), [*self._heading, (b"Content-Type", b"application/json")])

    def _target(self, path: str) -> bytes:
        return self._prefix + quote(path).encode("ascii")

    async def change(
        self, said: Letter, permit: Callable[[], bool], *, vid: str | None = None, is_urgent: bool = False
    ) -> Answer:
        """Send a request that changes something, once; urgent ones may use the reserve of the pace."""
        began_ns = self._clock.monotonic_ns()
        try:
            await self._limiter.take(self._terms.answer_s / 2, is_urgent=is_urgent)
        except RateLimitError as error:
            return Answer(AnswerKind.LIMITED, reason=error.message, retry_after_s=error.retry_after_s)
        left_s = self._terms.answer_s - (self._clock.monotonic_ns() - began_ns) / 1e9
        answer = answer_of(await self._transport.deliver(self._origin, said, permit, left_s), vid)
        if answer.kind is AnswerKind.LIMITED:
            self._limiter.rest(answer.retry_after_s or 0.0)
        return answer

    async def close(self) -> None:
        """Close its connections; what is asked later connects anew."""
        await self._transport.aclose()
