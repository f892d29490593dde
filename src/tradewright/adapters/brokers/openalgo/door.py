"""The door to an OpenAlgo server: every call a POST whose body carries the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from tradewright.adapters.wire.gated_http import GatedTransport, attempt
from tradewright.adapters.wire.reading import read
from tradewright.domain.errors import ConfigError, RateLimitError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.modes import Mode
from tradewright.domain.live.venue import Answer, AnswerKind

from .outcomes import answer_of, content_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.adapters.wire.rate_limiter import TokenBucketRateLimiter
    from tradewright.domain.live.modes import Keys
    from tradewright.ports.clock import Clock

    from .table import OpenAlgoTerms

__all__ = ["MARK", "Door"]

MARK = ("x-tradewright-venue", "SANDBOX")
"""The header by which a sandbox of Tradewright says that nothing there is a market."""


class Door:
    """One server.

    Parameters
    ----------
    host : str
    keys : Keys
    terms : OpenAlgoTerms
    limiter : TokenBucketRateLimiter
    clock : Clock
    is_kept : bool
        Whether connections stay open between requests, from `open` to `close`; what is not kept never sends an order,
        and asks for market data, which any server may be asked for.
    """

    def __init__(
        self,
        host: str,
        keys: Keys,
        terms: OpenAlgoTerms,
        limiter: TokenBucketRateLimiter,
        clock: Clock,
        *,
        is_kept: bool = False,
    ) -> None:
        self._keys = keys
        self._terms = terms
        self._limiter = limiter
        self._clock = clock
        self._is_proved = keys.mode is Mode.LIVE and is_kept
        self._is_open = self._reads_only = not is_kept
        self._transport = GatedTransport(is_kept=is_kept)
        self._client = httpx.AsyncClient(
            base_url=f"{host}/api/v1/", transport=self._transport, timeout=terms.answer_s, follow_redirects=False,
            trust_env=False,
        )  # fmt: skip

    @property
    def may_change(self) -> bool:
        """Whether orders may be sent: with live credentials, or to a server that proved to be a sandbox."""
        return self._is_proved

    async def ask(self, call: str, said: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer to a question, asked again where that may help.

        Raises
        ------
        BrokerError
            When there was no complete answer.
        ConfigError
            When credentials of paper reach a server that is no sandbox.
        """
        return await read(lambda: self._ask_once(call, said or {}), self._terms.patience, self._clock)

    async def _ask_once(self, call: str, said: Mapping[str, str]) -> dict[str, Any]:
        await self._limiter.take(self._terms.patience.within_s)
        if not self._is_open:
            raise VenueConnectionError("OpenAlgo is not connected.", hint="Connect first.")
        try:
            answer = await self._client.post(call, json=self._body(said))
        except httpx.HTTPError as error:
            raise VenueConnectionError(f"OpenAlgo did not answer {call}: {error}") from None
        self._prove(answer.headers)
        return content_of(answer.status_code, answer.content, call)

    def _prove(self, headers: Mapping[str, str]) -> None:
        name, word = MARK
        if self._keys.mode is Mode.LIVE or self._reads_only:
            return
        self._is_proved = headers.get(name) == word
        if not self._is_proved:
            raise ConfigError(
                "OpenAlgo has no paper account: the server at this address is no sandbox.",
                hint="Start one with 'tradewright sandbox', or use the broker 'paper'.",
            )

    async def change(
        self, call: str, said: Mapping[str, str], permit: Callable[[], bool], vid: str | None = None
    ) -> Answer:
        """Send a request that changes something, once; what is about an order that stands may use the reserve."""
        if not self.may_change:
            return Answer(AnswerKind.NOT_SENT, vid, "The server has not proved to be a sandbox.")
        began_ns = self._clock.monotonic_ns()
        try:
            await self._limiter.take(self._terms.answer_s / 2, is_urgent=vid is not None)
        except RateLimitError as error:
            return Answer(AnswerKind.LIMITED, reason=error.message, retry_after_s=error.retry_after_s)
        left_s = self._terms.answer_s - (self._clock.monotonic_ns() - began_ns) / 1e9
        request = self._client.build_request("POST", call, json=self._body(said))
        return answer_of(await attempt(self._client, request, permit, left_s), vid)

    def _body(self, said: Mapping[str, str]) -> dict[str, str]:
        return {"apikey": self._keys.get("apikey"), **said}

    def open(self) -> None:
        """Let connections be opened."""
        self._is_open = True

    async def close(self) -> None:
        """Close its connections; nothing is asked before it is opened again."""
        self._is_open = False
        await self._transport.aclose()
